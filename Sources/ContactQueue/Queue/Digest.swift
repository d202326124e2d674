internal import Crypto

/// SHA-256, cut to the 16 bytes of a key.
enum Digest {
  static func pseudonym(of bytes: [UInt8]) -> Pseudonym {
    SHA256.hash(data: bytes).withUnsafeBytes { hash in
      Pseudonym(
        high: UInt64(bigEndian: hash.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: hash.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }
}
