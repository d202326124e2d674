import Foundation
import Histories

/// What a file of rules says: segments, value tiers, cut-offs; each may be left out.
public struct RulesDocument: Sendable {
  /// Where the bins 2 and up of a score begin, rising.
  public struct CutOffs: Sendable, Hashable {
    public var recency: [Double]?
    public var frequency: [Double]?
    public var monetary: [Double]?

    public init() {}
  }

  public private(set) var segments: SegmentRules?
  public private(set) var tiers: TierRules?
  public private(set) var cutOffs = CutOffs()

  /// Bins of a score where neither the file nor the user says otherwise.
  public static let defaultBins = 5
  /// Bins that a score may have.
  public static let allowedBins = 2...9

  /// Reads a file of rules.
  ///
  /// - Parameter bins: bins that the user wants, where the file leaves them open.
  /// - Throws: `RulesError` naming the line.
  public init(file: String, bins: Int? = nil) throws(RulesError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw RulesError(
        .inputMissing,
        "There is no file of rules \(file). `revisit segment --print-rules` shows one to begin with.")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw RulesError(.badData, "\(file) is no UTF-8 text. Save it as UTF-8.")
    }
    try self.init(yaml: text, file: file, bins: bins)
  }

  /// - Parameter file: what messages call the text.
  init(yaml: String, file: String, bins: Int? = nil) throws(RulesError) {
    let root = try RulesNode(yaml: yaml, file: file)
    try root.check(keys: ["bins", "segments", "others", "tiers", "cut_offs"])
    let counts = try Self.counts(root, wanted: bins)
    if let list = try root["segments"]?.list() {
      segments = try Self.segments(list, others: root["others"], counts: counts, root)
    } else if let others = root["others"] {
      throw others.error("`others` belongs to `segments`.", "Add segments, or leave it out.")
    }
    if let list = try root["tiers"]?.list() { tiers = try Self.tiers(list, root) }
    if let node = root["cut_offs"] {
      try node.check(keys: ["recency", "frequency", "money"])
      cutOffs.recency = try node["recency"].map { node throws(RulesError) in try Self.rising(node) }
      cutOffs.frequency = try node["frequency"].map { node throws(RulesError) in try Self.rising(node) }
      cutOffs.monetary = try node["money"].map { node throws(RulesError) in try Self.rising(node) }
    }
    guard segments != nil || tiers != nil else {
      throw root.error(
        "there are neither `segments` nor `tiers`.",
        "`revisit segment --print-rules` shows rules to begin with.")
    }
  }

  // MARK: Bins

  private static func counts(_ root: RulesNode, wanted: Int?) throws(RulesError) -> ScoreCounts {
    guard let node = root["bins"] else { return ScoreCounts(wanted ?? defaultBins) }
    func count(_ node: RulesNode) throws(RulesError) -> Int {
      guard let count = Int(try node.text()), allowedBins.contains(count) else {
        throw node.error(
          "bins are a whole number from \(allowedBins.lowerBound) to \(allowedBins.upperBound).",
          "Write `bins: 5`, or one number each for recency, frequency and money.")
      }
      return count
    }
    let counts: ScoreCounts
    if node.isMapping {
      try node.check(keys: ["recency", "frequency", "money"])
      counts = ScoreCounts(
        recency: try count(node.required("recency")), frequency: try count(node.required("frequency")),
        monetary: try count(node.required("money")))
    } else {
      counts = ScoreCounts(try count(node))
    }
    if let wanted, counts != ScoreCounts(wanted) {
      throw RulesError(
        .contradiction,
        "The rules (\(node.place)) are made for \(counts.recency), \(counts.frequency) and \(counts.monetary) bins of recency, frequency and money, not for \(wanted) of each. Leave --bins out, or give --rules a file without `bins` or with \(wanted)."
      )
    }
    return counts
  }

  // MARK: Segments

  private static func segments(
    _ list: [RulesNode], others: RulesNode?, counts: ScoreCounts, _ root: RulesNode
  ) throws(RulesError) -> SegmentRules {
    guard list.count <= SegmentRules.mostRules else {
      throw root.error(
        "there are \(list.count) segments.", "At most \(SegmentRules.mostRules) rules are possible.")
    }
    var rules: [SegmentRules.Rule] = []
    for node in list {
      try node.check(keys: ["name", "en", "zh", "recency", "frequency", "money"])
      let segment = try named(node)
      if let same = rules.first(where: { $0.segment.name == segment.name }), same.segment != segment {
        throw node.error(
          "`\(segment.name)` stands here with other labels than before.",
          "Give both rules the same `en` and `zh`, or another name.")
      }
      rules.append(
        SegmentRules.Rule(
          segment: segment, recency: try range(node, "recency", counts.recency),
          frequency: try range(node, "frequency", counts.frequency),
          monetary: try range(node, "money", counts.monetary)))
    }
    let rest = try others.map { node throws(RulesError) in
      try node.check(keys: ["name", "en", "zh"])
      return try named(node)
    }
    return SegmentRules(
      counts: counts, rules: rules,
      others: rest ?? NamedClass(name: "Others", label: Bilingual("Others", "其他客户")))
  }

  /// `5`, `3-5`, `3+` or `any`; any score where the rule says nothing.
  private static func range(
    _ rule: RulesNode, _ key: String, _ count: Int
  ) throws(RulesError) -> ClosedRange<UInt8> {
    guard let node = rule[key] else { return 1...UInt8(count) }
    let text = try node.text().filter { $0 != " " }.replacing("–", with: "-")
    if text == "any" { return 1...UInt8(count) }
    let isOpen = text.hasSuffix("+")
    let parts = (isOpen ? text.dropLast() : text[...]).split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt8($0) }
    let last = isOpen ? UInt8(count) : numbers.last ?? 0
    guard numbers.count == parts.count, (1...2).contains(parts.count), !(isOpen && parts.count == 2),
      let first = numbers.first, first >= 1, first <= last, Int(last) <= count
    else {
      throw node.error(
        "\(key) of `\(rule["name"]?.scalar ?? "?")` is `\(text)`.",
        "Write a score from 1 to \(count), a range such as 2-\(count), 2+, or any.")
    }
    return first...last
  }

  private static func named(_ node: RulesNode) throws(RulesError) -> NamedClass {
    let name = try node.required("name").text()
    let english = try node["en"]?.text() ?? name
    let chinese = try node["zh"]?.text() ?? english
    guard !name.isEmpty else { throw node.error("a name is empty.", "Write one.") }
    return NamedClass(name: name, label: Bilingual(english, chinese))
  }

  // MARK: Tiers and cut-offs

  private static func tiers(_ list: [RulesNode], _ root: RulesNode) throws(RulesError) -> TierRules {
    guard (2...SegmentRules.mostRules).contains(list.count) else {
      throw root.error("there must be two tiers at least.", "List them from the best to the last.")
    }
    var tiers: [NamedClass] = []
    var (shares, amounts): ([Double], [Double]) = ([], [])
    for (place, node) in list.enumerated() {
      try node.check(keys: ["name", "en", "zh", "share", "from"])
      let tier = try named(node)
      guard !tiers.contains(where: { $0.name == tier.name }) else {
        throw node.error("there are two tiers `\(tier.name)`.", "Give each a name of its own.")
      }
      tiers.append(tier)
      let isLast = place == list.count - 1
      switch (node["share"], node["from"], isLast) {
      case (let share?, nil, false): shares.append(try share.number())
      case (nil, let from?, false): amounts.append(try from.number())
      case (nil, nil, true): break
      case (_, _, true):
        throw node.error(
          "the last tier `\(tier.name)` has a limit.", "It takes the rest: leave share and from out.")
      default:
        throw node.error(
          "tier `\(tier.name)` needs either `share` or `from`.",
          "Write share: 0.05 (of the customers who paid), or from: 10000 (an amount).")
      }
    }
    if !shares.isEmpty && !amounts.isEmpty {
      throw list[0].error(
        "some tiers have `share` and others `from`.", "Give all of them the same kind of limit.")
    }
    if amounts.isEmpty {
      guard shares.allSatisfy({ $0 >= 0 }), shares.reduce(0, +) <= 1 + TierRules.slack else {
        throw list[0].error(
          "shares of tiers are not negative and sum up to 1 at most.", "What is left is the last tier.")
      }
      return TierRules(tiers: tiers, limits: .shares(shares))
    }
    guard zip(amounts, amounts.dropFirst()).allSatisfy({ $0 > $1 }), amounts.allSatisfy({ $0 > 0 }) else {
      throw list[0].error(
        "amounts of tiers fall from tier to tier and are above 0.", "List the best tier first.")
    }
    return TierRules(tiers: tiers, limits: .amounts(amounts))
  }

  private static func rising(_ node: RulesNode) throws(RulesError) -> [Double] {
    var numbers: [Double] = []
    for item in try node.list() { numbers.append(try item.number()) }
    guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw node.error("cut-offs must rise.", "Write the smallest first.")
    }
    return numbers
  }
}
