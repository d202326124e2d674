import Foundation

/// Standard output.
enum Output {
  static func line(_ text: String = "") {
    bytes(Array((text + "\n").utf8))
  }

  static func bytes(_ bytes: [UInt8]) {
    var start = 0
    bytes.withUnsafeBytes { buffer in
      while start < buffer.count {
        let written = write(STDOUT_FILENO, buffer.baseAddress! + start, buffer.count - start)
        // A reader that has seen enough (`| head`) is no error.
        if written <= 0 { Foundation.exit(0) }
        start += written
      }
    }
  }

  /// Prints an object as sorted, indented JSON; numbers that are not finite become null.
  static func json(_ object: [String: Any]) { line(text(object)) }

  /// The same without printing it.
  static func text(_ object: [String: Any]) -> String {
    let data =
      try? JSONSerialization.data(
        withJSONObject: finite(object), options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data ?? Data("{}".utf8), as: UTF8.self)
  }

  private static func finite(_ value: Any) -> Any {
    switch value {
    case let object as [String: Any]: object.mapValues(finite)
    case let list as [Any]: list.map(finite)
    case let number as Double: number.isFinite ? number : NSNull()
    default: value
    }
  }
}

/// Standard error, for talk.
enum Talk {
  static func line(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// Numbers for people.
enum Shown {
  /// 1234567 → 1,234,567
  static func count(_ value: Int) -> String {
    var text = ""
    for (index, digit) in String(value.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + String(text.reversed())
  }

  /// `1 term`, `1,234 terms`.
  static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  static func number(_ value: Double, _ digits: Int) -> String {
    value.isNaN ? "–" : String(format: "%.\(digits)f", value)
  }

  static func percent(_ value: Double, _ digits: Int = 1) -> String {
    value.isNaN ? "–" : String(format: "%.\(digits)f %%", value * 100)
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
