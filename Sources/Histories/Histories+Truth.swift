import DuckDB

extension Histories {
  /// The true probability of lapse that the simulator wrote for one date, by relation.
  ///
  /// - Parameter file: a `truth.parquet` with `customer_id`, `vin`, `as_of` and `probability`.
  /// - Returns: empty when the file does not hold the date.
  /// - Throws: `DuckDBError`.
  public func trueProbabilities(file: String, asOf: Day) throws -> [Int32: Double] {
    var byPair: [UInt64: Int32] = [:]
    func key(_ customer: Int32, _ vehicle: Int32) -> UInt64 {
      UInt64(UInt32(bitPattern: customer)) << 32 | UInt64(UInt32(bitPattern: vehicle))
    }
    for relation in 0..<relations.count {
      byPair[key(relations.customers[relation], relations.vehicles[relation])] = Int32(relation)
    }
    let connection = try Database().connect()
    let result = try connection.query(
      """
      SELECT customer_id::VARCHAR, vin::VARCHAR, probability::DOUBLE
      FROM read_parquet(\(SQLPaths.quoted(file))) WHERE as_of = DATE '\(asOf)' AND probability IS NOT NULL
      """)
    var probabilities: [Int32: Double] = [:]
    while let chunk = try result.nextChunk() {
      for row in 0..<chunk.rowCount {
        guard let customer = customers.ids.code(of: chunk.column(0).string(row) ?? ""),
          let vehicle = vehicles.vins.code(of: chunk.column(1).string(row) ?? ""),
          let relation = byPair[key(customers.golden[Int(customer)], vehicle)]
        else { continue }
        probabilities[relation] = chunk.column(2).values(as: Double.self)[row]
      }
    }
    return probabilities
  }
}
