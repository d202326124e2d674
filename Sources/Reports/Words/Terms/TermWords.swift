import Foundation
import Histories

/// Words and figures that the terms' document and page share.
enum TermWords {
  /// Errors to either side of a 95 % interval.
  static let interval = 1.96

  static let missing = Bilingual("missing", "缺失")
  static let no = Bilingual("no", "否")
  static let yes = Bilingual("yes", "是")
  /// Whatever the number, it is there.
  static let known = Bilingual("known", "已知")
  static let logOdds = Bilingual("log-odds", "对数几率")
  static let odds = Bilingual("odds ×", "几率 ×")
  static let oneArea = Bilingual("everywhere", "全部")
  static let noArea = Bilingual(
    "No area's addition is surely above or below 0.", "没有任何区域的加数能确定高于或低于 0。")

  static func pooled(_ levels: Int) -> Bilingual {
    Bilingual("other (\(levels) rare)", "其他（\(levels) 个少见取值）")
  }

  static func more(_ levels: Int) -> Bilingual {
    Bilingual(" and \(levels) more", "等 \(levels) 个")
  }

  /// The bins between some edges: `< 10`, `10 to < 20`, `≥ 20`.
  static func bins(_ edges: [Double]) -> [Bilingual] {
    let text = KnotText(edges)
    return (0...edges.count).map { bin in
      self.bin(from: bin == 0 ? nil : edges[bin - 1], to: bin == edges.count ? nil : edges[bin], text)
    }
  }

  /// A bin, or several neighbours; nil where one has no end.
  static func bin(from lower: Double?, to upper: Double?, _ text: KnotText) -> Bilingual {
    switch (lower.map { text($0) }, upper.map { text($0) }) {
    case (nil, nil): known
    case (nil, .some(let upper)): Bilingual("< \(upper)", "< \(upper)")
    case (.some(let lower), nil): Bilingual("≥ \(lower)", "≥ \(lower)")
    case (.some(let lower), .some(let upper)): Bilingual("\(lower) to < \(upper)", "\(lower) 至 < \(upper)")
    }
  }

  static func importance(_ value: Double, _ language: Language) -> String {
    let figure = NumberText.decimals(value, 3)
    return Bilingual("importance \(figure)", "重要性 \(figure)")[language]
  }

  static func parameters(_ value: Double, _ language: Language) -> String {
    let figure = NumberText.decimals(value, 1)
    return Bilingual("\(figure) effective parameters", "有效参数 \(figure) 个")[language]
  }

  /// An addition with its sign: `+0.52`, `-1.20`.
  static func signed(_ value: Double) -> String {
    let text = NumberText.decimals(value.magnitude, 2)
    return text == "0.00" ? text : (value < 0 ? "-" : "+") + text
  }

  /// Factors below this need another notation, for they would all look like 0.
  private static let leastFactor = 0.001

  /// What an addition to the log-odds multiplies the odds by: `1.68`, `0.012`, `1.8e-04`.
  static func factor(_ addition: Double) -> String {
    let factor = exp(addition)
    let (whole, tenths, hundredths) = (100.0, 10.0, 0.1)
    if factor >= whole { return NumberText.amount(factor) }
    if factor >= tenths { return NumberText.decimals(factor, 1) }
    if factor >= hundredths { return NumberText.decimals(factor, 2) }
    return factor >= leastFactor ? NumberText.decimals(factor, 3) : String(format: "%.1e", factor)
  }

  /// Half the width of the 95 % interval: `0.31`.
  static func halfWidth(_ error: Double) -> String { NumberText.decimals(interval * error, 2) }
}
