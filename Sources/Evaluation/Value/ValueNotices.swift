internal import BuyTillYouDie
public import CustomerValue
public import Histories
public import Tables

/// What a user should know of the histories behind customers' values: by which rule what was left out, and what looks wrong.
public enum ValueNotices {
  /// Visits of one customer from which on they are told.
  public static let manyVisits = 1_000
  /// Correlations of frequency and spend from here on contradict the gamma-gamma model.
  public static let greatestCorrelation = 0.3
  /// Median T in days beyond which, and below which, the unit is doubted.
  private static let longestMedian = 25 * 365.25
  private static let shortestMedian = 14.0

  /// How the file's text was read.
  public static func of(_ file: TableFile) -> [TableNotice] { FileNotices.of(file) }

  // MARK: Of a log

  /// Rows that were left out, by their rule.
  public static func of(_ log: TransactionLog, _ histories: LogHistories, until: Day) -> [TableNotice] {
    var notices = LogNotices.of(log.counts, until: until, option: "--until")
    if histories.lateCustomers > 0 {
      notices.append(
        TableNotice(
          .lateCustomers, [],
          "\(histories.lateCustomers) customers came for the first time after the calibration and are left out.",
          "\(histories.lateCustomers) 名客户在校准期之后首次到访，已略去。"))
    }
    return notices
  }

  // MARK: Of any histories

  /// What looks wrong in the visits; the unit of a log's times follows from its dates and is not doubted.
  ///
  /// - Parameter isSummary: whether times came as numbers, whose unit only `--unit` says.
  public static func of(_ histories: PurchaseHistories, isSummary: Bool) -> [TableNotice] {
    var notices: [TableNotice] = []
    let many = histories.visits.count { $0.repeats > manyVisits }
    if many > 0 {
      let most = histories.visits.reduce(0) { max($0, $1.repeats) }
      notices.append(
        TableNotice(
          .manyVisits, [],
          "\(many) customers came more than \(manyVisits) times (up to \(most)): a company or a collective number? They take "
            + "part in everything; leave them out when they are no customers.",
          "\(many) 名客户到访超过 \(manyVisits) 次（最多 \(most) 次）：是否为公司或公用编号？仍参与计算；若非真实客户请剔除。"))
    }
    let unseen = histories.isFitted?.count { !$0 } ?? 0
    if unseen > 0 {
      notices.append(
        TableNotice(
          .unseenRelations, [],
          "\(unseen) relations are older than the data and came in none of its years: they are valued by their silence alone, "
            + "and models are fitted without them.",
          "\(unseen) 个客户车辆关系早于数据起始日且数据期内从未到访：仅凭其未到访估值，不参与模型拟合。"))
    }
    if isSummary {
      notices += [originNotice(histories), unitNotice(histories)].compactMap { $0 }
    }
    return notices
  }

  /// Times that were rounded leave such histories; the models can take them.
  private static func originNotice(_ histories: PurchaseHistories) -> TableNotice? {
    let count = histories.visits.count { $0.repeats > 0 && $0.last == 0 }
    guard count > 0 else { return nil }
    return TableNotice(
      .repeatsAtOrigin, [],
      "\(count) of \(histories.count) customers came again with a recency of 0: were times rounded, or visits of the first day "
        + "counted as repeats? They take part as they are.",
      "\(histories.count) 名客户中有 \(count) 名曾再次到访而 recency 为 0：时间是否被取整，或把首日多次到访计为复购？仍按原样参与计算。")
  }

  private static func unitNotice(_ histories: PurchaseHistories) -> TableNotice? {
    let ages = histories.visits.map(\.age).sorted()
    guard !ages.isEmpty else { return nil }
    let median = ages[ages.count / 2] * histories.unit.days
    let isFractional = histories.unit == .day && ages.contains { $0 != $0.rounded() }
    guard median > longestMedian || median < shortestMedian || isFractional else { return nil }
    let unit = histories.unit
    let seen =
      isFractional
      ? Bilingual("days are not whole", "天数不是整数")
      : Bilingual(
        "half of the customers would be known for \(median > longestMedian ? "more" : "less") than \(NumberWords.span(median))",
        "将有一半客户的观察期\(median > longestMedian ? "长于" : "短于") \(NumberWords.span(median, chinese: true))")
    return TableNotice(
      .suspectedUnit, [],
      "Are T and recency in \(unit.rawValue)s? \(seen.english). --unit day, week or month says what they are in.",
      "T 与 recency 的单位是\(NumberWords.unit(unit))吗？\(seen.chinese)。请用 --unit day、week 或 month 指定。")
  }

  // MARK: Of the spend

  public static func of(_ spend: SpendModel?, asked: Bool) -> [TableNotice] {
    guard let spend else {
      guard asked else { return [] }
      return [
        TableNotice(
          .noSpendModel, [], "No repeat has an amount above 0, so visits are valued, but not money.",
          "没有金额大于 0 的回访，只能估计到访次数，不能估计金额。")
      ]
    }
    var notices: [TableNotice] = []
    let sample = spend.sample
    if sample.nonPositive > 0 {
      notices.append(
        TableNotice(
          .nonPositiveSpend, [],
          "\(sample.nonPositive) repeat customers whose mean spend is 0 or less take no part in the gamma-gamma model; they are "
            + "expected to spend what customers without repeats are.",
          "\(sample.nonPositive) 名回访客户的平均消费不大于 0，不参与 Gamma-Gamma 模型；其预期消费按无回访客户计算。"))
    }
    if sample.correlation.magnitude >= greatestCorrelation {
      notices.append(
        TableNotice(
          .correlatedSpend, [],
          "Frequency and spend correlate with \(NumberWords.signed(sample.correlation)); the gamma-gamma model takes them for "
            + "independent, so values of frequent customers may be off.",
          "到访次数与消费的相关系数为 \(NumberWords.signed(sample.correlation))；Gamma-Gamma 模型假设二者独立，常客的价值可能有偏差。"))
    }
    if spend.fit == nil {
      notices.append(
        TableNotice(
          .noSpendModel, [],
          "No gamma-gamma model could be fitted (too few customers with amounts, or all spend alike); everybody is expected to "
            + "spend their own mean, or that of all.",
          "无法拟合 Gamma-Gamma 模型（有金额的客户太少或消费几乎相同）；按客户自身均值或总体均值估计消费。"))
    } else if spend.hasNoPopulationMean {
      notices.append(
        TableNotice(
          .noPopulationMean, [],
          "The gamma-gamma model's mean is infinite (q ≤ 1); customers without repeats are expected to spend the mean that is "
            + "seen.", "Gamma-Gamma 模型的均值无穷大（q ≤ 1）；无回访客户按观测均值估计消费。"))
    }
    return notices
  }

  // MARK: Of the models

  /// Families that were tried in vain, and why.
  public static func of(_ models: VisitModels, choice: VisitModels.Choice) -> [TableNotice] {
    guard choice == .automatic else { return [] }
    var notices: [TableNotice] = []
    for candidate in models.candidates {
      if case .failure(let error) = candidate.fit {
        notices.append(
          TableNotice(
            .otherModels, [], "\(candidate.kind.paperName) could not be fitted: \(error).",
            "\(candidate.kind.paperName) 无法拟合：\(error)。"))
      }
    }
    return notices
  }
}

/// Numbers and units in sentences.
enum NumberWords {
  static func unit(_ unit: TimeUnit) -> String {
    switch unit {
    case .day: "天"
    case .week: "周"
    case .month: "月"
    }
  }

  static func signed(_ value: Double) -> String {
    let hundredths = Int((value.magnitude * 100).rounded())
    return "\(value < 0 ? "−" : "")0.\(hundredths < 10 ? "0" : "")\(min(hundredths, 99))"
  }

  /// A time in days in words: days below a year, else years.
  static func span(_ days: Double, chinese: Bool = false) -> String {
    let daysPerYear = 365.25
    let isLong = days >= daysPerYear
    let number = Int((isLong ? days / daysPerYear : days).rounded())
    return chinese ? "\(number) \(isLong ? "年" : "天")" : "\(number) \(isLong ? "years" : "days")"
  }
}
