/// Text made safe for the content and the quoted attributes of an HTML page.
enum HTMLText {
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        // Control characters are not allowed in HTML, and those that turn the direction of writing could hide text.
        switch scalar.value {
        case 0x9, 0xA, 0xD: result.unicodeScalars.append(" ")
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069:
          result.unicodeScalars.append("\u{FFFD}")
        default: result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}
