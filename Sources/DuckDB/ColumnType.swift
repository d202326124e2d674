/// The column types that Revisit reads and writes; the Swift type of a column's buffer stands beside each.
public enum ColumnType: Int32, Sendable {
  case boolean = 1  // Bool
  case tinyInt = 2  // Int8
  case smallInt = 3  // Int16
  case integer = 4  // Int32
  case bigInt = 5  // Int64
  case float = 10  // Float
  case double = 11  // Double
  case timestamp = 12  // Int64, microseconds since 1970-01-01
  case date = 13  // Int32, days since 1970-01-01
  case text = 17  // bytes
  case other = 0

  init(code: Int32) {
    self = ColumnType(rawValue: code) ?? .other
  }
}
