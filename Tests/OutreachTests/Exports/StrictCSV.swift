/// A reader that takes nothing but RFC 4180: CRLF after every record, quotes only around cells and doubled within.
enum StrictCSV {
  struct Broken: Error {}

  static func records(_ text: String) throws -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var scalars = Substring.UnicodeScalarView(text.unicodeScalars)
    while !scalars.isEmpty {
      var cell = String.UnicodeScalarView()
      if scalars.first == "\"" {
        scalars.removeFirst()
        while true {
          guard let scalar = scalars.popFirst() else { throw Broken() }
          if scalar != "\"" {
            cell.append(scalar)
          } else if scalars.first == "\"" {
            cell.append(scalars.removeFirst())
          } else {
            break
          }
        }
      } else {
        while let scalar = scalars.first, scalar != ",", scalar != "\r", scalar != "\n" {
          guard scalar != "\"" else { throw Broken() }
          cell.append(scalars.removeFirst())
        }
      }
      record.append(String(cell))
      guard let end = scalars.popFirst() else { throw Broken() }
      if end == "," { continue }
      guard end == "\r", scalars.popFirst() == "\n" else { throw Broken() }
      records.append(record)
      record = []
    }
    guard record.isEmpty else { throw Broken() }
    return records
  }
}
