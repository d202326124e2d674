import Histories
public import Retention

extension AtRiskList {
  /// The list as CSV (RFC 4180, but with line feeds; UTF-8; header of English names; missing values empty).
  ///
  /// A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets a leading apostrophe, so that no
  /// spreadsheet takes it for a formula.
  public func csv() -> [UInt8] {
    var writer = ByteWriter()
    writeCSV(to: &writer)
    return writer.take()
  }
}
