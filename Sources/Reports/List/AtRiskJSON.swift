import Histories
public import Retention

extension AtRiskList {
  /// The name and version of the JSON layout.
  public static let jsonSchema = "revisit.at-risk/1"

  /// The list as one JSON object (RFC 8259, UTF-8) whose rows carry the column names of the CSV; missing values are null.
  public func json() -> [UInt8] {
    var writer = ByteWriter()
    writeJSON(to: &writer)
    return writer.take()
  }

  func writeJSON(to writer: inout ByteWriter) {
    var sink = JSONSink(writer: writer, columns: [])
    sink.member("{\"schema\":", Self.jsonSchema)
    sink.member(",\"as_of\":", asOf.description)
    sink.member(",\"dealer_group\":", dealerGroup)
    sink.member(",\"model\":", model)
    sink.member(",\"currency\":", currency)
    sink.member(",\"language\":", language.rawValue)
    sink.member(",\"ranked_by\":", ranking.rawValue)
    sink.member(",\"active_relations\":", activeRelations)
    sink.member(",\"matching_relations\":", matchingRelations)
    writer = sink.release()
    writeJSONRows(to: &writer)
  }
}
