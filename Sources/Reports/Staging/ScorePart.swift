public import Evaluation
internal import Foundation
public import Tables

/// The scores of some successive rows as a file keeps them until all rows are scored.
public struct ScorePart: Sendable {
  /// What is known of the part without its rows.
  struct Header: Codable {
    var rows: Int
    /// Numbers a row: the probability, perhaps with the ends of its interval.
    var width: Int
    var sum: Double
    var hasIDs: Bool
    /// By feature.
    var missing: [String: Int]
    var unseen: [String: Int]
  }

  let header: Header
  private let scores: Scores
  private let ids: ScoringTable.IDs?

  public init(
    scores: Scores, ids: ScoringTable.IDs?, counts: [(feature: String, counts: ColumnReading.Counts)]
  ) {
    self.scores = scores
    self.ids = ids
    header = Header(
      rows: scores.count, width: scores.columns.count, sum: scores.probabilities.reduce(0, +),
      hasIDs: ids != nil,
      missing: Dictionary(uniqueKeysWithValues: counts.map { ($0.feature, $0.counts.missing) }),
      unseen: Dictionary(uniqueKeysWithValues: counts.map { ($0.feature, $0.counts.unseen) }))
  }

  /// Length of the header, header, numbers row by row, then for ids their ends (negative for a missing one) and bytes.
  func bytes() throws -> Data {
    let encoded = try JSONEncoder().encode(header)
    var data = Data()
    func append(_ values: [Int64]) { values.withUnsafeBytes { data.append(contentsOf: $0) } }
    append([Int64(encoded.count)])
    data.append(encoded)
    // Numbers begin at a multiple of their size.
    data.append(Data(count: Self.padding(encoded.count)))
    var numbers: [Double] = []
    numbers.reserveCapacity(header.rows * header.width)
    switch scores {
    case .probabilities(let own): numbers = own
    case .intervals(let intervals):
      for row in 0..<header.rows {
        numbers += [intervals.probabilities[row], intervals.lower[row], intervals.upper[row]]
      }
    }
    numbers.withUnsafeBytes { data.append(contentsOf: $0) }
    guard let ids else { return data }
    var (ends, texts): ([Int64], Data) = ([], Data())
    ends.reserveCapacity(header.rows)
    for row in 0..<header.rows {
      let text = ids[row]
      texts.append(contentsOf: (text ?? "").utf8)
      ends.append(text == nil ? -Int64(texts.count) - 1 : Int64(texts.count))
    }
    append(ends)
    data.append(texts)
    return data
  }

  static func padding(_ bytes: Int) -> Int {
    let word = MemoryLayout<Double>.size
    return (word - bytes % word) % word
  }
}

/// A part read back; its rows stay in the file until they are asked for.
struct StoredScorePart: Sendable {
  let header: ScorePart.Header
  private let data: Data
  private let numbers: Int
  private let ends: Int
  private let texts: Int

  /// `nil` for a file that is not whole.
  init?(_ file: URL) {
    guard let data = try? Data(contentsOf: file, options: .alwaysMapped) else { return nil }
    let word = MemoryLayout<Int64>.size
    guard data.count >= word else { return nil }
    let length = data.withUnsafeBytes { Int($0.loadUnaligned(as: Int64.self)) }
    guard length >= 0, length <= data.count - word,
      let header = try? JSONDecoder().decode(
        ScorePart.Header.self, from: data.subdata(in: word..<word + length)),
      header.rows > 0, header.width > 0
    else { return nil }
    self.header = header
    self.data = data
    numbers = word + length + ScorePart.padding(length)
    ends = numbers + header.rows * header.width * word
    texts = ends + (header.hasIDs ? header.rows * word : 0)
    guard data.count >= texts else { return nil }
    guard data.count == texts + (header.hasIDs ? Self.end(data, ends, header.rows - 1).place : 0) else {
      return nil
    }
  }

  private static func end(_ data: Data, _ ends: Int, _ row: Int) -> (place: Int, isMissing: Bool) {
    let end = data.withUnsafeBytes {
      Int($0.loadUnaligned(fromByteOffset: ends + row * MemoryLayout<Int64>.size, as: Int64.self))
    }
    return end < 0 ? (-end - 1, true) : (end, false)
  }

  func number(_ row: Int, _ column: Int) -> Double {
    data.withUnsafeBytes {
      $0.loadUnaligned(
        fromByteOffset: numbers + (row * header.width + column) * MemoryLayout<Double>.size, as: Double.self)
    }
  }

  /// `nil` where it is missing.
  func id(_ row: Int) -> String? {
    let end = Self.end(data, ends, row)
    guard !end.isMissing else { return nil }
    let start = row == 0 ? 0 : Self.end(data, ends, row - 1).place
    return data.withUnsafeBytes { String(decoding: $0[texts + start..<texts + end.place], as: UTF8.self) }
  }
}
