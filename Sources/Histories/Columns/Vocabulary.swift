/// A small fixed vocabulary with codes 0, 1, 2 …, read from cells without making strings.
public struct Vocabulary: Sendable {
  public let words: [String]
  private let hashes: [UInt64]

  public init(_ words: [String]) {
    self.words = words
    hashes = words.map { word in
      var word = word
      return word.withUTF8 { KeyHash.hash(UnsafeRawBufferPointer($0)) }
    }
  }

  /// The value that stands for a missing or unknown word.
  @inlinable public static var none: UInt8 { 255 }

  /// The code of a cell; lower and upper case are one. `none` when it is empty or unknown.
  func code(_ cell: UnsafeRawBufferPointer) -> UInt8 {
    guard !cell.isEmpty else { return Self.none }
    if let code = hashes.firstIndex(of: KeyHash.hash(cell)) { return UInt8(code) }
    let text = KeyText.folded(cell, upperCase: false).lowercased()
    return words.firstIndex { $0.lowercased() == text }.map { UInt8($0) } ?? Self.none
  }

  public func word(_ code: UInt8) -> String? {
    Int(code) < words.count ? words[Int(code)] : nil
  }
}

/// The vocabularies of the canonical tables that become codes.
public enum Vocabularies {
  public static let ownerType = Vocabulary(["person", "company", "government", "rental"])
  public static let powertrain = Vocabulary(["ICE", "HEV", "PHEV", "BEV"])
  public static let useType = Vocabulary(["private", "commercial", "ride_hailing", "taxi"])
  public static let condition = Vocabulary(["new", "certified_used", "used"])
  public static let endReason = Vocabulary([
    "sold", "scrapped", "stolen", "total_loss", "moved_away", "deceased", "fleet_ended",
  ])
  public static let orderStatus = Vocabulary(["open", "settled", "void"])
  public static let surveyKind = Vocabulary(["csi", "ssi", "nps"])
  public static let surveyItem = Vocabulary(["overall", "price", "quality", "time", "adviser", "facility"])
  public static let contactOutcome = Vocabulary([
    "reached", "no_answer", "refused", "promised", "booked", "invalid", "delivered", "failed",
  ])
  public static let channel = Vocabulary(["phone", "sms", "wechat", "email", "post", "app"])
  public static let contactPurpose = Vocabulary(["marketing", "service", "survey", "care"])
  /// The channels, and the word for all of them.
  static let consentChannel = Vocabulary(channel.words + ["all"])
  public static let consentPurpose = Vocabulary(["marketing", "profiling", "service", "care"])
  public static let appointmentState = Vocabulary(["booked", "kept", "no_show", "cancelled"])
  static let prospectIntent = Vocabulary(["interested", "hesitating", "not_now", "never"])
}
