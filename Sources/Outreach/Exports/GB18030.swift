internal import Foundation

/// Text in GB 18030, by the iconv of the C library: the standard has a form for every character of Unicode.
enum GB18030 {
  static func bytes(_ text: String) throws(OutreachError) -> [UInt8] {
    let fault = OutreachError(
      .badData, "A text cannot be written in GB18030.", next: "Use --encoding utf-8.")
    guard let converter = iconv_open("GB18030", "UTF-8"), Int(bitPattern: converter) != -1 else {
      throw fault
    }
    defer { iconv_close(converter) }
    var source = Array(text.utf8).map { CChar(bitPattern: $0) }
    // Four bytes at most for what takes at least one.
    let longestForm = 4
    var target = [CChar](repeating: 0, count: longestForm * source.count + longestForm)
    var (left, room) = (source.count, target.count)
    let isDone = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        var (from, to) = (source.baseAddress, target.baseAddress)
        return iconv(converter, &from, &left, &to, &room) == 0
      }
    }
    guard isDone, left == 0 else { throw fault }
    return target.prefix(target.count - room).map { UInt8(bitPattern: $0) }
  }
}
