/// Phone numbers as `Histories` holds them (digits, China's country code taken off), for providers and for people.
public enum PhoneText {
  /// China; numbers of other countries stand with theirs.
  private static let countryCode = "86"
  private static let mobileLength = 11
  /// ITU-T E.164: country code and number together.
  private static let longest = 15
  /// Shorter ones without a leading zero are local numbers, which nobody elsewhere can dial.
  private static let shortestForeign = 10
  private static let shortestFixed = 9

  /// The number in the form of ITU-T E.164 (`+8613912345678`); `nil` when nobody can tell its country.
  ///
  /// Eleven digits from 13 on are a mobile of China, a leading zero one of its trunk numbers, two zeros a foreign
  /// number; other digits are taken to begin with a country code when they are long enough.
  public static func e164(_ phone: String) -> String? {
    let plain = phone.filter { $0 != " " && $0 != "-" }
    let hasPlus = plain.hasPrefix("+")
    let digits = hasPlus ? String(plain.dropFirst()) : plain
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    if hasPlus { return international(digits) }
    if isMobile(digits) { return "+" + countryCode + digits }
    if digits.hasPrefix("00") { return international(String(digits.dropFirst(2))) }
    if digits.hasPrefix("0") {
      return digits.utf8.count >= shortestFixed ? international(countryCode + digits.dropFirst()) : nil
    }
    return digits.utf8.count >= shortestForeign && !digits.hasPrefix("1") ? international(digits) : nil
  }

  /// The number in E.164 if it can take a short message: a mobile of China, or any foreign number.
  public static func mobile(_ phone: String) -> String? {
    guard let number = e164(phone) else { return nil }
    let own = "+" + countryCode
    return number.hasPrefix(own) && !isMobile(String(number.dropFirst(own.count))) ? nil : number
  }

  /// The number in groups, as people dial it; no spreadsheet takes it for a number.
  public static func shown(_ phone: String) -> String {
    if isMobile(phone) {
      return "\(phone.prefix(3)) \(phone.dropFirst(3).prefix(4)) \(phone.dropFirst(7))"
    }
    guard phone.hasPrefix("0"), !phone.hasPrefix("00"), e164(phone) != nil, !phone.contains("-") else {
      return phone
    }
    // Area codes 010 and 02x have three digits, all others four.
    let area = phone.hasPrefix("01") || phone.hasPrefix("02") ? 3 : 4
    return "\(phone.prefix(area))-\(phone.dropFirst(area))"
  }

  /// Whether text is a number in E.164: a plus and up to 15 digits, which no spreadsheet can run.
  static func isE164(_ text: String) -> Bool {
    guard text.first == "+" else { return false }
    return international(String(text.dropFirst())) == text
  }

  private static func isMobile(_ digits: String) -> Bool {
    let bytes = Array(digits.utf8)
    return bytes.count == mobileLength && bytes[0] == UInt8(ascii: "1") && bytes[1] >= UInt8(ascii: "3")
  }

  private static func international(_ digits: some StringProtocol) -> String? {
    let isPossible =
      (7...longest).contains(digits.utf8.count) && digits.first != "0"
      && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isPossible ? "+\(digits)" : nil
  }
}
