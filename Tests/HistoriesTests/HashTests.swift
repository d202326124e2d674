import Testing

@testable import Histories

@Suite("Hash tables of columns")
struct HashTests {
  @Test(
    "a dictionary of texts gives the same codes as Swift's own, while it grows and when asked in batches",
    arguments: [1, 2, 3])
  func textDictionary(seed: UInt64) {
    var random = TestRandom(state: seed)
    var expected: [String: Int32] = [:]
    let dictionary = TextDictionary()
    var asked: [String] = []
    var wrong = 0
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...20, using: &random)
      let text = String((0..<length).map { _ in "01AB王".randomElement(using: &random) ?? "0" })
      let added = text.withBytes { dictionary.add($0, hash: KeyHash.hash($0)) }
      if added.isNew != (expected[text] == nil) { wrong += 1 }
      if added.isNew { expected[text] = Int32(expected.count) }
      if added.code != expected[text] { wrong += 1 }
      asked.append(text)
      asked.append(text + "?")
    }
    #expect(dictionary.count == expected.count)

    let hashes = asked.map { $0.withBytes { KeyHash.hash($0) } }
    var codes = [Int32](repeating: 7, count: hashes.count)
    dictionary.codes(of: hashes, count: hashes.count, into: &codes)
    for (text, code) in zip(asked, codes) {
      if code != expected[text] ?? -1 || dictionary.code(of: text) != expected[text] { wrong += 1 }
      if code >= 0, dictionary.texts[Int(code)] != text { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("keys that share a place or even a hash are told apart by comparison")
  func collisions() {
    let index = HashIndex()
    // All begin at the table's last slot, so that the search wraps around.
    let hashes = (0..<40).map { UInt64($0) << 32 | 0xFFFF }
    for (row, hash) in hashes.enumerated() { index.insert(hash, row: Int32(row)) }
    index.insert(hashes[5], row: 99)
    #expect(index.count == 41)
    for (row, hash) in hashes.enumerated() { #expect(index.find(hash) { $0 == row } == Int32(row)) }
    #expect(index.find(hashes[5]) { $0 == 99 } == 99)
    #expect(index.find(hashes[5]) { _ in false } == nil)
    #expect(index.find(0xAAAA_0000_FFFF) { _ in true } == nil)
    var rows = [Int32](repeating: 0, count: 41)
    index.find(hashes + [0xAAAA_0000_FFFF], count: 41, into: &rows)
    #expect(rows == (0..<40).map { Int32($0) } + [-1])
  }

  @Test("the hash depends on every byte, on the length and on the order of a pair")
  func hashing() {
    var seen: Set<UInt64> = []
    let text = "1M8GDM9AXKP042788-with-a-long-tail"
    for position in text.indices {
      var changed = text
      changed.replaceSubrange(position...position, with: "~")
      seen.insert(changed.withBytes { KeyHash.hash($0) })
    }
    for length in 0...16 {
      seen.insert(String(repeating: "\0", count: length).withBytes { KeyHash.hash($0) })
    }
    #expect(seen.count == text.count + 17)
    #expect(KeyHash.combine(1, 2) != KeyHash.combine(2, 1))
  }

  @Test("a column keeps its values while it grows from small blocks to mapped ones")
  func bufferGrowth() {
    let buffer = Buffer<Int32>()
    for value in 0..<600_000 { buffer.append(Int32(value)) }
    buffer.extend(to: 600_010, with: -5)
    let added = buffer.appendUninitialised(2)
    (added[0], added[1]) = (1, 2)
    #expect(buffer.count == 600_012)
    #expect((0..<600_000).allSatisfy { buffer[$0] == Int32($0) })
    #expect(buffer[600_009] == -5)
    #expect(buffer[600_011] == 2)
  }

  @Test("a small table serves every text with its own value, however many there are")
  func smallTable() {
    let table = SmallTable<Int>()
    var wrong = 0
    for _ in 0..<2 {
      for number in 0..<2000 {
        let value = String(number).withBytes { text in
          table.value(of: text) { Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
        }
        if value != number { wrong += 1 }
      }
    }
    #expect(wrong == 0)
  }
}
