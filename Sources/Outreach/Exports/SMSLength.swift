/// How many segments a short message takes (3GPP TS 23.038 and 23.040).
public enum SMSLength {
  /// Septets of a message in the default alphabet, alone and as part of a longer one.
  private static let septets = (alone: 160, part: 153)
  /// UTF-16 units of any other message.
  private static let units = (alone: 70, part: 67)

  private static let basic = Set(
    ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
      + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
  /// Characters that take an escape and a second septet.
  private static let extended = Set("\u{0C}^{}\\[~]|€".unicodeScalars)

  /// - Returns: the number of segments, at least 1; characters of two septets or units are never split.
  public static func segments(_ text: String) -> Int {
    let scalars = text.unicodeScalars
    let isBasic = scalars.allSatisfy { basic.contains($0) || extended.contains($0) }
    let limit = isBasic ? septets : units
    let sizes = scalars.map { isBasic ? (extended.contains($0) ? 2 : 1) : UTF16.width($0) }
    guard sizes.reduce(0, +) > limit.alone else { return 1 }
    var segments = 1
    var used = 0
    for size in sizes {
      if used + size > limit.part {
        segments += 1
        used = 0
      }
      used += size
    }
    return segments
  }
}
