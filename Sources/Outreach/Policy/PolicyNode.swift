import ContactQueue
import CustomerValue
import Foundation
import Histories

/// What stands in policies, read strictly.
extension RulesNode {
  /// The items of a list, which may be empty.
  func entries() throws(RulesError) -> [RulesNode] {
    isEmptyList ? [] : try list()
  }

  func texts() throws(RulesError) -> [String] {
    var texts: [String] = []
    for node in try entries() { texts.append(try node.text()) }
    return texts
  }

  /// One of some words.
  func word(_ known: [String]) throws(RulesError) -> String {
    let word = try text()
    guard !known.contains(word) else { return word }
    let near = CanonicalTable.nearest(to: word, among: known).map { "Did you mean `\($0)`?" }
    throw error("unknown word `\(word)`.", near ?? "Known are \(known.joined(separator: ", ")).")
  }

  func words(_ known: [String]) throws(RulesError) -> [String] {
    var words: [String] = []
    for node in try entries() { words.append(try node.word(known)) }
    return words
  }

  func channel() throws(RulesError) -> Channel {
    let word = try word(Channel.allCases.map(\.rawValue))
    return Channel.allCases.first { $0.rawValue == word } ?? .phone
  }

  /// The entry `channels`; `nil` when it is not there.
  func channels() throws(RulesError) -> Set<Channel>? {
    guard let node = self["channels"] else { return nil }
    var channels: Set<Channel> = []
    for item in try node.list() { channels.insert(try item.channel()) }
    return channels
  }

  func whole(_ range: ClosedRange<Int>) throws(RulesError) -> Int {
    let text = try text()
    guard let number = Int(text), range.contains(number) else {
      throw error(
        "`\(text)` is no whole number from \(range.lowerBound) to \(range.upperBound).", "Write one.")
    }
    return number
  }

  func truth() throws(RulesError) -> Bool {
    try word(["true", "false"]) == "true"
  }

  /// `HH:MM` up to `24:00`, as the minute of the day.
  func minute() throws(RulesError) -> Int {
    let text = try text()
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isWritten = parts.count == 2 && parts.allSatisfy { (1...2).contains($0.count) }
    guard isWritten, parts[1].count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]),
      (0..<60).contains(minutes), (0...LocalTime.minutesPerDay).contains(hours * 60 + minutes), hours >= 0
    else { throw error("`\(text)` is no time of day.", "Write one such as \"09:00\", in quotation marks.") }
    return hours * 60 + minutes
  }

  func day() throws(RulesError) -> Day {
    let text = try text()
    guard let day = Day(text) else {
      throw error("`\(text)` is no day.", "Write one such as 2026-12-25.")
    }
    return day
  }

  func timeZone() throws(RulesError) -> TimeZone {
    let text = try text()
    guard let zone = TimeZone(identifier: text) else {
      throw error("`\(text)` is no time zone.", "Use a name such as Asia/Shanghai.")
    }
    return zone
  }
}
