/// The rules that come with the program, written as a user would write them.
public enum BuiltInRules {
  /// The ten segments of the R package rfm (introduction), in the order in which they are tried.
  ///
  /// Ten of the 125 combinations fall under none of them: R F M of 2 1 5, 2 4 1, 2 5 1, 2 5 2 and every 3–5 4–5 1. They are
  /// customers who come often and spend little, or who came once, some time ago, for much.
  public static let ten = """
    # Segments of recency, frequency and money scores, 5 the best. The first rule that
    # matches wins. A range is 5, 2-4, 3+ or any; without one any score will do.
    # Without `bins` the rules are for as many as --bins says (5 without it).
    bins: 5
    segments:
      - {name: Champions,          recency: 5,   frequency: 5,   money: 5,   en: Champions,           zh: 冠军客户}
      - {name: Potential Loyalist, recency: 3-5, frequency: 3-5, money: 2-5, en: Potential loyalists, zh: 潜在忠诚客户}
      - {name: Loyal Customers,    recency: 2-4, frequency: 2-4, money: 2-4, en: Loyal customers,     zh: 忠诚客户}
      - {name: Promising,          recency: 3-4, frequency: 1-3, money: 3-5, en: Promising,           zh: 有潜力客户}
      - {name: New Customers,      recency: 4-5, frequency: 1-3, money: 1-5, en: New customers,       zh: 新客户}
      - {name: Can't Lose Them,    recency: 1-2, frequency: 3-4, money: 4-5, en: Can't lose them,     zh: 不能流失客户}
      - {name: At Risk,            recency: 1-2, frequency: 2-5, money: 4-5, en: At risk,             zh: 有流失风险客户}
      - {name: Need Attention,     recency: 1-3, frequency: 3-5, money: 3-5, en: Need attention,      zh: 需要关注客户}
      - {name: About To Sleep,     recency: 2-3, frequency: 1-3, money: 1-4, en: About to sleep,      zh: 即将沉睡客户}
      - {name: Lost,               recency: 1,   frequency: 1-5, money: 1-5, en: Lost,                zh: 已流失客户}
    others: {name: Others, en: Others, zh: 其他客户}

    """

  /// Four value tiers of the trade.
  public static let four = """
    # Value tiers from the best to the last, by what customers paid. `share` is of the
    # customers who paid anything, `from` an amount; the last tier takes the rest.
    tiers:
      - {name: vip,      share: 0.05, en: VIP,      zh: VIP客户}
      - {name: main,     share: 0.15, en: main,     zh: 主要客户}
      - {name: ordinary, share: 0.60, en: ordinary, zh: 普通客户}
      - {name: small,                 en: small,    zh: 小客户}

    """

  /// Three value tiers of the trade.
  public static let three = """
    # Value tiers from the best to the last, by what customers paid. `share` is of the
    # customers who paid anything, `from` an amount; the last tier takes the rest.
    tiers:
      - {name: high,      share: 0.20, en: high,      zh: 高价值}
      - {name: potential, share: 0.30, en: potential, zh: 潜力}
      - {name: general,                en: general,   zh: 一般}

    """

  fileprivate static func parsed(_ yaml: String) -> RulesDocument {
    do {
      return try RulesDocument(yaml: yaml, file: "the rules of the program")
    } catch {
      preconditionFailure("the rules that come with the program are good: \(error)")
    }
  }
}

extension SegmentRules {
  /// See `BuiltInRules.ten`.
  public static let ten: SegmentRules = {
    guard let rules = BuiltInRules.parsed(BuiltInRules.ten).segments else {
      preconditionFailure("there are segments")
    }
    return rules
  }()
}

extension TierRules {
  /// See `BuiltInRules.four`.
  public static let four = builtIn(BuiltInRules.four)
  /// See `BuiltInRules.three`.
  public static let three = builtIn(BuiltInRules.three)

  private static func builtIn(_ yaml: String) -> TierRules {
    guard let rules = BuiltInRules.parsed(yaml).tiers else { preconditionFailure("there are tiers") }
    return rules
  }
}
