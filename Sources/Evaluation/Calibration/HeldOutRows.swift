internal import ChurnModel
internal import Histories
internal import LinearAlgebra

/// The rows that a calibrator is learned from, with the fold in which each is held out.
///
/// Rows of one group stay together; which fold they are in depends on the group alone. Of very many rows a sample of
/// groups is taken: a calibrator has few parameters, and the folds' fits would cost more than the fit itself.
struct HeldOutRows {
  static let foldCount = 5
  /// Rows beyond which groups are sampled.
  static let mostRows = 100_000

  /// Row numbers, ascending; those without weight are left out.
  let rows: [Int]
  /// One for each of `rows`.
  let folds: [Int]

  /// - Parameters:
  ///   - groups: one a row, at least 0.
  ///   - weights: one a row; nil for 1 each.
  init(groups: [Int32], weights: [Double]?, mostRows: Int = Self.mostRows) {
    var rows = groups.indices.filter { (weights?[$0] ?? 1) > 0 }
    let hashes = groups.map { KeyHash.combine(UInt64(bitPattern: Int64($0)), Self.seed) }
    if rows.count > mostRows {
      let limit = UInt64(Double(mostRows) / Double(rows.count) * Double(UInt32.max))
      rows = rows.filter { hashes[$0] >> 32 <= limit }
    }
    self.rows = rows
    folds = rows.map { Int(hashes[$0] & 0xFFFF_FFFF) % Self.foldCount }
  }

  /// Sets these folds apart from others that are made of the same groups.
  private static let seed: UInt64 = 0x6361_6c69_6272_6174

  /// The margin of each row by coefficients that were fitted to all other folds.
  ///
  /// - Parameters:
  ///   - values: rows × features of the whole table.
  ///   - offsets: of the whole table, one a row, added to the margins; nil for 0 each.
  ///   - learn: fits the rows with these numbers in the table, whose values it is handed.
  func margins(
    _ values: Matrix, offsets: [Double]? = nil,
    learn: (_ rows: [Int], _ values: Matrix) throws(ChurnModelError) -> AnyModel
  ) throws(ChurnModelError) -> [Double] {
    var margins = [Double](repeating: 0, count: rows.count)
    for fold in Set(folds).sorted() {
      let inside = rows.indices.filter { folds[$0] != fold }.map { rows[$0] }
      let model = try learn(inside, values.selecting(inside))
      let outside = rows.indices.filter { folds[$0] == fold }
      let own = model.margins(values.selecting(outside.map { rows[$0] }))
      for (place, margin) in zip(outside, own) { margins[place] = margin + (offsets?[rows[place]] ?? 0) }
    }
    return margins
  }
}
