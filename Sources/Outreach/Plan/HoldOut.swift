import ContactQueue
import Crypto
import Foundation

/// Who is held out of a campaign, so that what contacts changed can be measured.
///
/// Within each stratum (risk × value tier) of the customers that a wave would contact and that no wave before had, the
/// ⌊share × n + u⌋ customers with the smallest hash of campaign and customer are held out, where u in [0, 1) is a hash of
/// campaign, wave and stratum. So
/// - the number held out is within one of share × n in every stratum, and right on average also in small ones;
/// - nothing depends on the list's order, and the same list gives the same hold-out on every machine;
/// - who was held out stays so, and who was contacted is never held out later: waves only add customers.
struct HoldOut {
  let campaign: String
  let wave: Int
  /// 0 to 1.
  let share: Double

  /// Those of the members of one stratum that are held out.
  ///
  /// - Complexity: O(n log n)
  func chosen(_ members: [(row: Int32, hash: UInt64)], stratum: String) -> ArraySlice<Int32> {
    let start = Self.fraction(Self.hash([campaign, String(wave), stratum]))
    let wanted = min(members.count, Int(share * Double(members.count) + start))
    return members.sorted { ($0.hash, $0.row) < ($1.hash, $1.row) }.map(\.row).prefix(wanted)
  }

  /// The place of a customer among all, uniform.
  func hash(customer: UnsafeRawBufferPointer) -> UInt64 {
    var digest = Self.begin([campaign])
    Self.add(customer, to: &digest)
    return Self.first(digest.finalize())
  }

  private static func hash(_ words: [String]) -> UInt64 { first(begin(words).finalize()) }

  private static func begin(_ words: [String]) -> SHA256 {
    var digest = SHA256()
    for var word in words { word.withUTF8 { add(UnsafeRawBufferPointer($0), to: &digest) } }
    return digest
  }

  /// Adds a text with its length before it, so that no two lists of words have the same bytes.
  private static func add(_ bytes: UnsafeRawBufferPointer, to digest: inout SHA256) {
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { digest.update(bufferPointer: $0) }
    digest.update(bufferPointer: bytes)
  }

  private static func first(_ digest: SHA256.Digest) -> UInt64 {
    digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
  }

  /// The highest bits of a hash as a number from 0 to below 1.
  private static func fraction(_ hash: UInt64) -> Double { Double(hash >> 11) * 0x1p-53 }
}
