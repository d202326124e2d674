import Foundation
import Histories

/// What the distinct texts of one column can be read as.
struct TextReading {
  /// By code, without surrounding blanks.
  private let texts: [String]
  private let isMissing: [Bool]
  private let hasValues: Bool

  init(_ dictionary: TextDictionary) {
    texts = (0..<dictionary.count).map {
      dictionary.texts[$0].trimmingCharacters(in: .whitespacesAndNewlines)
    }
    isMissing = texts.map(MissingText.isMissing)
    hasValues = isMissing.contains(false)
  }

  /// 0 and 1 by code when all texts are words of one pair for no and yes.
  func flags() -> [Double]? {
    guard hasValues else { return nil }
    for pair in FlagWords.pairs {
      if let codes = read({ FlagWords.value($0, pair) }), codes.contains(where: { !$0.isNaN }) {
        return codes
      }
    }
    return nil
  }

  /// Numbers by code when all texts are numbers in one format, also when there is no value at all.
  func numbers() -> [Double]? {
    for format in NumberFormat.allCases {
      if let codes = read(format.number) { return codes }
    }
    return nil
  }

  /// Numbers by code, also where a few texts are none: slips of the pen must not make levels of all numbers.
  ///
  /// - Parameters:
  ///   - rows: how many rows have each text.
  ///   - cellsPerStray: of so many cells with a value one at most may be no number.
  /// - Returns: the numbers, NaN for missing and stray texts, and which texts are stray; nil when more are none.
  func nearlyNumbers(
    _ format: NumberFormat, rows: [Int], cellsPerStray: Int
  ) -> (codes: [Double], stray: [Bool])? {
    var stray = [Bool](repeating: false, count: texts.count)
    var (strayRows, presentRows) = (0, 0)
    let codes = texts.indices.map { code -> Double in
      guard !isMissing[code], !MissingText.isMissingAmongValues(texts[code]) else { return .nan }
      presentRows += rows[code]
      if let value = format.number(texts[code]) { return value }
      stray[code] = true
      strayRows += rows[code]
      return .nan
    }
    return strayRows * cellsPerStray <= presentRows ? (codes, stray) : nil
  }

  /// Days since 1970-01-01 by code when all texts are dates.
  func days() -> [Double]? { read(Self.day) }

  /// Values by code; nil when a text is neither a value nor missing, or all are missing only by `amongValues`.
  private func read(_ parse: (String) -> Double?) -> [Double]? {
    var codes: [Double] = []
    codes.reserveCapacity(texts.count)
    var hasParsed = !hasValues
    for (code, text) in texts.enumerated() {
      if isMissing[code] {
        codes.append(.nan)
      } else if let value = parse(text) {
        codes.append(value)
        hasParsed = true
      } else if MissingText.isMissingAmongValues(text) {
        codes.append(.nan)
      } else {
        return nil
      }
    }
    return hasParsed ? codes : nil
  }

  /// The levels in their order, and the index of each text's level by code.
  func levels() -> (levels: [String], codes: [Double]) {
    let levels = Set(texts.indices.lazy.filter { !isMissing[$0] }.map { texts[$0] }).sorted()
    return (levels, codes(levels: levels).codes)
  }

  /// The index of each text's level by code, −1 for texts that are none.
  func codes(levels: [String]) -> (codes: [Double], unseen: [Bool]) {
    let places = Dictionary(levels.enumerated().map { ($1, Double($0)) }) { first, _ in first }
    let codes = texts.indices.map { isMissing[$0] ? .nan : places[texts[$0]] ?? Self.noLevel }
    return (codes, codes.map { $0 == Self.noLevel })
  }

  private static let noLevel = -1.0

  /// 0 and 1 by code of any pair's words; others are unseen.
  func anyFlags() -> (codes: [Double], unseen: [Bool]) {
    let values = texts.map { text in
      FlagWords.pairs.lazy.compactMap { FlagWords.value(text, $0) }.first ?? NumberFormat.plain.number(text)
    }
    let codes = values.map { $0 == 0 || $0 == 1 ? $0 ?? .nan : .nan }
    let unseen = texts.indices.map { code in
      codes[code].isNaN && !isMissing[code] && !MissingText.isMissingAmongValues(texts[code])
    }
    return (codes, unseen)
  }

  /// The code of the first text that is neither missing nor can be read.
  func firstUnreadable(asDay: Bool, _ format: NumberFormat) -> Int? {
    let parse = asDay ? Self.day : format.number
    return texts.indices.first { code in
      !isMissing[code] && !MissingText.isMissingAmongValues(texts[code]) && parse(texts[code]) == nil
    }
  }

  /// Values by code; what cannot be read is missing.
  func values(asDay: Bool, _ format: NumberFormat) -> [Double] {
    let parse = asDay ? Self.day : format.number
    return texts.indices.map { isMissing[$0] ? .nan : parse(texts[$0]) ?? .nan }
  }

  /// The format in which most texts are numbers; of equal ones the simpler.
  var commonFormat: NumberFormat {
    let readable = NumberFormat.allCases.map { format in texts.count { format.number($0) != nil } }
    let best = readable.max().flatMap(readable.firstIndex) ?? 0
    return NumberFormat.allCases[best]
  }

  // MARK: Single texts

  /// `YYYY-MM-DD` or `YYYY/MM/DD`; a time of day behind a blank or `T` does not count.
  static func day(_ text: String) -> Double? {
    let date = text.prefix { $0 != " " && $0 != "T" }.replacing("/", with: "-")
    return Day(date).map { Double($0.number) }
  }
}

/// Words for no and yes.
enum FlagWords {
  static let pairs: [(no: String, yes: String)] = [
    ("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("否", "是"), ("假", "真"),
  ]

  static func value(_ text: String, _ pair: (no: String, yes: String)) -> Double? {
    let word = text.lowercased()
    return word == pair.no ? 0 : word == pair.yes ? 1 : nil
  }
}
