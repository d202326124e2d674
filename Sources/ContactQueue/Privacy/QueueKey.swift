internal import Crypto
internal import Foundation
internal import Temporaries

/// The secret of one queue: 32 random bytes, kept in a file apart that only its owner may read.
public struct QueueKey: Sendable {
  static let byteCount = 32

  private let bytes: [UInt8]

  /// A new key from the system's random source.
  public init() {
    bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
  }

  init(bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount)
    self.bytes = bytes
  }

  /// A key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869).
  func derived(for purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: bytes), info: Array("revisit queue: \(purpose)".utf8),
      outputByteCount: Self.byteCount)
  }

  // MARK: File

  /// Reads a key file: 64 hexadecimal digits.
  ///
  /// - Throws: `notFound`; `badData` when it is no key, or others than its owner may read it.
  public init(file path: String) throws(QueueError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw QueueError(
        .notFound, "There is no key file \(path).",
        next:
          "Give the queue's own with --key; without it nobody can be named, and a new key fits no old queue.")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw QueueError(
        .badData, "Others may read the key file \(path).", next: "Run `chmod 600` on it, and ask who did.")
    }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), let bytes = Self.bytes(ofHex: text)
    else {
      throw QueueError(
        .badData, "\(path) is not a key file: it must hold \(2 * Self.byteCount) hexadecimal digits.",
        next: "Restore it from a copy.")
    }
    self.init(bytes: bytes)
  }

  /// Writes a new key to a new file, which has reached the disk when this returns; none that exists is replaced.
  ///
  /// - Throws: `cannotWrite`.
  public static func create(file path: String) throws(QueueError) -> QueueKey {
    let key = QueueKey()
    do throws(DurableFile.Failure) {
      try DurableFile.create(
        path, with: (key.bytes.hexadecimal + "\n").utf8, mode: DurableFile.ownersMode)
    } catch {
      throw QueueError(
        .cannotWrite, "The key file \(path) cannot be written: \(error).",
        next: "Check the folder's rights and the disk's space.")
    }
    return key
  }

  private static func bytes(ofHex text: String) -> [UInt8]? {
    let digits = text.trimmingCharacters(in: .whitespacesAndNewlines).utf8.compactMap {
      Character(UnicodeScalar($0)).hexDigitValue
    }
    guard digits.count == 2 * byteCount,
      text.trimmingCharacters(in: .whitespacesAndNewlines).utf8.count == digits.count
    else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }
}
