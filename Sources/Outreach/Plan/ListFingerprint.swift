import Crypto
import Foundation

/// What tells one list from another.
public enum ListFingerprint {
  private static let blockLength = 1 << 20

  /// The SHA-256 of a file's bytes, in hexadecimal.
  ///
  /// - Throws: `OutreachError` when there is no such file.
  public static func of(_ path: String) throws(OutreachError) -> String {
    var digest = SHA256()
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      while let block = try file.read(upToCount: blockLength), !block.isEmpty { digest.update(data: block) }
    } catch {
      throw ListSource.missing(path)
    }
    return digest.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
