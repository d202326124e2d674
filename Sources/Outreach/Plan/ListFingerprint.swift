internal import Foundation
internal import ModelRegistry

/// What tells one list from another.
public enum ListFingerprint {
  /// The SHA-256 of a file's bytes, in hexadecimal.
  ///
  /// - Throws: `OutreachError` when there is no such file.
  public static func of(_ path: String) throws(OutreachError) -> String {
    do {
      return try FileDigest(of: [URL(fileURLWithPath: path)]).sha256
    } catch {
      throw ListSource.missing(path)
    }
  }
}
