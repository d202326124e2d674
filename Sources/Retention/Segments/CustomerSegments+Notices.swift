public import Histories
import CustomerValue

extension CustomerSegments {
  /// What a reader of scores and segments should know, each in one sentence.
  public var notices: [Bilingual] {
    binNotices(
      Bilingual("recency", "近度"), population.recency, scores.recency, bins: rules.counts.recency)
      + binNotices(
        Bilingual("frequency", "频度"), population.frequency, scores.frequency, bins: rules.counts.frequency)
      + binNotices(
        Bilingual("money", "额度"), population.monetary, scores.monetary, bins: rules.counts.monetary)
      + ruleNotices
  }

  private func binNotices(
    _ score: Bilingual, _ values: [Double], _ scores: [UInt8], bins: Int
  ) -> [Bilingual] {
    var notices: [Bilingual] = []
    let missing = values.count(where: \.isNaN)
    if missing > 0 {
      notices.append(
        Bilingual(
          "\(missing) of \(values.count) have no known \(score.english): they score 1.",
          "\(values.count)个中有\(missing)个\(score.chinese)未知，记1分。"))
    }
    var isUsed = [Bool](repeating: false, count: bins + 1)
    for (value, score) in zip(values, scores) where !value.isNaN { isUsed[Int(score)] = true }
    let used = isUsed.count { $0 }
    if used < bins {
      notices.append(
        Bilingual(
          "Only \(used) of the \(bins) bins of \(score.english) hold anybody: too many have the same value, or a cut-off lies outside the values.",
          "\(score.chinese)的\(bins)档中仅\(used)档有客户：相同值过多，或分界点在取值范围之外。"))
    }
    return notices
  }

  private var ruleNotices: [Bilingual] {
    var notices: [Bilingual] = []
    if !rules.uncovered.isEmpty {
      let shown = rules.uncovered.prefix(Self.combinationsShown).map {
        "\($0.recency) \($0.frequency) \($0.monetary)"
      }
      let list = shown.joined(separator: ", ") + (shown.count < rules.uncovered.count ? ", …" : "")
      let others = rules.others.label
      let uncovered = Set(rules.uncovered)
      let rows = (0..<count).count { uncovered.contains(scores.combination($0)) }
      notices.append(
        Bilingual(
          "\(rules.uncovered.count) of \(rules.counts.combinations) combinations of scores fall under no rule and are \(others.english), \(rows) of \(count) have one of them: R F M of \(list).",
          "\(rules.counts.combinations)种分值组合中有\(rules.uncovered.count)种不属于任何规则，归入\(others.chinese)，\(count)个中有\(rows)个属之：R F M 为 \(list)。"
        ))
    }
    for rule in rules.idle {
      notices.append(
        Bilingual(
          "The rule `\(rule.segment.name)` never wins: earlier rules take all of its combinations.",
          "规则 \(rule.segment.name) 不会生效：其全部组合已被前面的规则占用。"))
    }
    return notices
  }

  private static let combinationsShown = 12
}
