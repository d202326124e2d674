import Foundation
import Testing

@testable import ContactQueue

@Suite("The vault")
struct VaultTests {
  let vault = Vault(key: QueueKey(bytes: [UInt8](0..<32)), isSealing: true)

  @Test("Pseudonyms are HMAC-SHA256 under a key from HKDF, as Python's hmac and hashlib make them")
  func reference() {
    // prk = hmac(b"\0"*32, bytes(range(32))); okm = hmac(prk, b"revisit queue: names\x01");
    // hmac(okm, b"customer\0C1\0").digest()[:16].hex(), hashlib.sha256 throughout, Python 3.11
    #expect(vault.pseudonym(customer: "C1").text == "3ed969bc88c63885952ab377e860e7ed")
    #expect(vault.suppressionKey(customer: "C1").text == "71d995e55c035e19c5811771dfa71611")
  }

  @Test("A customer has one name, other customers, vehicles and keys have others")
  func names() {
    let other = Vault(key: QueueKey(), isSealing: true)
    let names = [
      vault.pseudonym(customer: "C1"), vault.pseudonym(customer: "C2"), vault.pseudonym(vehicle: "C1"),
      vault.pseudonym(vehicle: nil), vault.suppressionKey(customer: "C1"), vault.fingerprint,
      other.pseudonym(customer: "C1"), other.fingerprint,
    ]
    #expect(Set(names).count == names.count)
    #expect(vault.pseudonym(customer: "C1") == vault.pseudonym(customer: "C1"))
  }

  @Test("A sealed payload opens in its place and nowhere else, and hides what it holds")
  func sealing() throws {
    let place = vault.pseudonym(customer: "C1")
    let payload = Array("a name and a number".utf8)
    let sealed = try vault.seal(payload, for: place)
    #expect(try vault.open(sealed, for: place) == payload)
    #expect(Data(sealed).range(of: Data(payload)) == nil)
    #expect(try vault.seal(payload, for: place) != sealed)
    #expect(throws: QueueError.self) { try vault.open(sealed, for: vault.pseudonym(customer: "C2")) }
    for position in sealed.indices {
      var changed = sealed
      changed[position] ^= 1
      // The first byte says the form: changed, the payload counts as clear and is another one.
      #expect((try? vault.open(changed, for: place)) != payload)
    }
    #expect(throws: QueueError.self) {
      try Vault(key: QueueKey(), isSealing: true).open(sealed, for: place)
    }
  }

  @Test("A vault that does not seal keeps payloads readable, and still opens sealed ones")
  func clear() throws {
    let open = Vault(key: QueueKey(bytes: [UInt8](0..<32)), isSealing: false)
    let place = open.pseudonym(customer: "C1")
    let payload = Array("{}".utf8)
    #expect(try open.open(open.seal(payload, for: place), for: place) == payload)
    #expect(try open.open(vault.seal(payload, for: place), for: place) == payload)
    #expect(throws: QueueError.self) { try open.open([], for: place) }
  }
}

@Suite("The queue's key file")
struct QueueKeyTests {
  @Test("A key is written once, for its owner alone, and read back as it was")
  func file() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("q.key").path
    let key = try QueueKey.create(file: path)
    let read = try QueueKey(file: path)
    #expect(
      Vault(key: key, isSealing: true).fingerprint == Vault(key: read, isSealing: true).fingerprint)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["q.key"])
    #expect(throws: QueueError.self) { try QueueKey.create(file: path) }
    #expect(
      Vault(key: key, isSealing: true).fingerprint
        == Vault(key: try QueueKey(file: path), isSealing: true).fingerprint)
  }

  @Test("A key that others may read, that is cut short, or that is not there is refused")
  func refusals() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("q.key").path
    #expect(throws: QueueError.self) { try QueueKey(file: path) }
    _ = try QueueKey.create(file: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(throws: QueueError.self) { try QueueKey(file: path) }
    try Data("abcd\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(throws: QueueError.self) { try QueueKey(file: path) }
  }
}
