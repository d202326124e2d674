/// Breaks text at blanks, or between Chinese characters, so that it fits a width.
enum WrappedText {
  /// - Complexity: O(characters)
  static func lines(_ text: String, width: Int) -> [String] {
    guard width > 1, DisplayWidth.of(text) > width else { return [text] }
    var lines: [String] = []
    var line: [Character] = []
    var used = 0
    for character in text {
      let next = DisplayWidth.of(character)
      if used + next > width {
        // What stands after the last blank goes to the next line, unless there is no blank or the text needs none.
        let isWide = next > 1 || line.last.map { DisplayWidth.of($0) > 1 } ?? false
        let blank = character == " " || isWide ? nil : line.lastIndex(of: " ")
        let kept = blank.map { line[..<$0] } ?? line[...]
        lines.append(String(kept))
        line = blank.map { Array(line[($0 + 1)...]) } ?? []
        used = line.reduce(0) { $0 + DisplayWidth.of($1) }
        if line.isEmpty, character == " " { continue }
      }
      line.append(character)
      used += next
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }
}
