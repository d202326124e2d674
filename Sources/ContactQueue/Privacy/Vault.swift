internal import Crypto
internal import Foundation

/// What keeps personal data apart: keyed names for customers and vehicles, and sealed fields.
///
/// Three keys are derived from the queue's one (HKDF, RFC 5869): for pseudonyms, for suppression keys that outlive an
/// erasure, and for sealing. Whoever has the database but not the key file can neither name nor guess a customer.
public struct Vault: Sendable {
  /// Codes that have taken in their key and nothing else.
  private let names: HMAC<SHA256>
  private let suppressions: HMAC<SHA256>
  private let seals: SymmetricKey
  /// Whether personal fields are sealed (AES-GCM) or lie there in the clear.
  public let isSealing: Bool

  public init(key: QueueKey, isSealing: Bool) {
    names = HMAC(key: key.derived(for: "names"))
    suppressions = HMAC(key: key.derived(for: "suppressions"))
    seals = key.derived(for: "seals")
    self.isSealing = isSealing
  }

  // MARK: Names

  /// The keyed name of a customer: the same customer has the same name in every campaign of the queue.
  ///
  /// - Parameter id: the golden customer's id, as `Histories` writes it.
  public func pseudonym(customer id: String) -> Pseudonym {
    name("customer", id)
  }

  /// The keyed name of a vehicle; that of a relation without a VIN is the name of the empty one.
  public func pseudonym(vehicle vin: String?) -> Pseudonym {
    name("vehicle", vin ?? "")
  }

  /// What is kept of an erased customer: by another key than names, so that no remaining row leads to it.
  public func suppressionKey(customer id: String) -> Pseudonym {
    Self.code("erased", id, by: suppressions)
  }

  /// Tells whether a queue was made with this key, without telling the key.
  public var fingerprint: Pseudonym {
    name("key", "")
  }

  private func name(_ kind: String, _ text: String) -> Pseudonym {
    Self.code(kind, text, by: names)
  }

  /// HMAC-SHA256 (RFC 2104) of a kind and a text, cut to 128 bits.
  private static func code(_ kind: String, _ text: String, by key: HMAC<SHA256>) -> Pseudonym {
    var code = key
    // A zero byte ends each part: no two pairs give the same bytes, for neither holds one.
    for part in [kind, text] {
      var part = part
      part.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
      withUnsafeBytes(of: UInt8(0)) { code.update(data: $0) }
    }
    return code.finalize().withUnsafeBytes { bytes in
      Pseudonym(
        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  // MARK: Seals

  /// The first byte of a payload says how to read the others.
  private enum Form: UInt8 {
    case clear = 0
    case sealed = 1
  }

  /// Closes a payload for the place where it will lie: it opens nowhere else.
  ///
  /// - Parameters:
  ///   - payload: any bytes.
  ///   - place: what the row is the payload of, such as the customer's pseudonym.
  public func seal(_ payload: [UInt8], for place: Pseudonym) throws(QueueError) -> [UInt8] {
    guard isSealing else { return [Form.clear.rawValue] + payload }
    guard let box = try? AES.GCM.seal(payload, using: seals, authenticating: place.bytes).combined else {
      throw QueueError(.fault, "A field could not be encrypted.", next: "Report this.")
    }
    return [Form.sealed.rawValue] + box
  }

  /// Opens what `seal` closed, sealed or in the clear.
  ///
  /// - Throws: `badData` when the bytes were changed, belong elsewhere, or were sealed with another key.
  public func open(_ bytes: [UInt8], for place: Pseudonym) throws(QueueError) -> [UInt8] {
    switch bytes.first.flatMap(Form.init(rawValue:)) {
    case .clear:
      return Array(bytes.dropFirst())
    case .sealed:
      guard let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst()),
        let payload = try? AES.GCM.open(box, using: seals, authenticating: place.bytes)
      else {
        throw QueueError(
          .badData, "An encrypted field cannot be opened: it was changed, or sealed with another key.",
          next: "Check --key, and restore the queue from a copy if the key is right.")
      }
      return Array(payload)
    case nil:
      throw QueueError(
        .badData, "A field of personal data has a form that this program does not know.",
        next: "Was the queue written by a newer version?")
    }
  }
}
