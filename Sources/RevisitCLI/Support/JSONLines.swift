import Foundation

/// One JSON object a line, with sorted keys.
enum JSONLine {
  static func bytes(_ object: [String: Any]) -> [UInt8] {
    let data = try? JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return Array(data ?? Data("{}".utf8)) + [UInt8(ascii: "\n")]
  }
}

/// Lines of standard input, as many at a time as are there: a worker that writes line by line is answered line by line.
struct InputLines {
  private var rest: [UInt8] = []
  private var number = 0
  private var isAtEnd = false

  /// Bytes to ask for at once.
  private static let portion = 1 << 16

  /// The next lines that are not empty; `nil` at the end.
  mutating func next() -> [(number: Int, text: String)]? {
    while !isAtEnd {
      var buffer = [UInt8](repeating: 0, count: Self.portion)
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      isAtEnd = count <= 0
      if count > 0 { rest += buffer[..<count] }
      let lines = cut()
      if !lines.isEmpty { return lines }
    }
    return nil
  }

  private mutating func cut() -> [(number: Int, text: String)] {
    let newline = UInt8(ascii: "\n")
    if isAtEnd, !rest.isEmpty, rest.last != newline { rest.append(newline) }
    guard let end = rest.lastIndex(of: newline) else { return [] }
    let whole = rest[...end]
    rest = Array(rest[(end + 1)...])
    return whole.split(separator: newline, omittingEmptySubsequences: false).dropLast().compactMap { bytes in
      number += 1
      let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
      return text.isEmpty || text == "\r" ? nil : (number, text)
    }
  }
}
