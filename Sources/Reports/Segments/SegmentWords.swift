import CustomerValue
import Histories
import Retention

/// What stands around figures of segments, in both languages.
enum SegmentWords {
  static let title = Bilingual("RFM segments", "RFM客户分群")
  static let segment = Bilingual("Segment", "客户分群")
  static let tier = Bilingual("Value tier", "价值等级")
  static let share = Bilingual("share", "占比")
  static let all = Bilingual("All", "合计")
  static let asOf = Bilingual("As of", "截至日期")
  static let recency = Bilingual("Recency", "近度")
  static let frequency = Bilingual("Frequency", "频度")
  static let money = Bilingual("Money", "额度")
  static let from = Bilingual("from", "起点")
  static let gone = Bilingual("gone", "不再存在")
  static let new = Bilingual("new", "新增")
  static let before = Bilingual("before", "之前")
  static let after = Bilingual("after", "之后")
  static let stayed = Bilingual("stayed", "未变")
  static let moved = Bilingual("moved", "变动")
  static let combination = Bilingual("R F M", "R F M")

  static func unit(_ unit: SegmentPopulation.Unit) -> Bilingual {
    unit == .customer ? Bilingual("customers", "客户数") : Bilingual("relations", "客户车辆关系数")
  }

  static func events(_ events: SegmentPopulation.Events) -> Bilingual {
    switch events {
    case .visits: Bilingual("visits", "到店次数")
    case .orders: Bilingual("orders", "订单数")
    case .days: Bilingual("days", "交易天数")
    }
  }

  /// What was paid, with the currency where it is known.
  static func paid(_ population: SegmentPopulation, _ language: Language) -> String {
    let word = population.money == .amount ? Bilingual("amount", "金额") : Bilingual("paid", "消费额")
    return withCurrency(word, population, language)
  }

  static func margin(_ population: SegmentPopulation, _ language: Language) -> String {
    withCurrency(Bilingual("margin", "毛利"), population, language)
  }

  private static func withCurrency(
    _ word: Bilingual, _ population: SegmentPopulation, _ language: Language
  ) -> String {
    population.currency.map { "\(word[language]) (\($0))" } ?? word[language]
  }

  /// What each score is made of.
  static func measures(_ population: SegmentPopulation, _ language: Language) -> [(String, String)] {
    let isService = population.measures == .service
    let recency =
      isService
      ? Bilingual("days since the last service / expected interval", "距上次服务天数／预期周期")
      : population.events == .visits
        ? Bilingual("days since the last service", "距上次服务天数")
        : Bilingual("days since the last order", "距上次交易天数")
    let frequency =
      isService
      ? Bilingual("visits of 730 days / visits expected", "近730天到店次数／应到店次数")
      : population.events == .visits
        ? Bilingual("visits of 730 days", "近730天到店次数") : events(population.events)
    let money: Bilingual
    switch population.money {
    case .margin:
      let known = NumberText.percent(population.costCoverage ?? .nan)
      money = Bilingual(
        "margin of 730 days (cost known of \(known) of paid orders)", "近730天毛利（\(known)的付款工单成本已知）")
    case .paid:
      money = Bilingual(
        isService ? "paid in 730 days (the data hold no costs)" : "paid in 730 days",
        isService ? "近730天消费额（数据无成本）" : "近730天消费额")
    case .amount: money = Bilingual("sum of amounts", "金额合计")
    }
    return [
      (Self.recency[language], recency[language]), (Self.frequency[language], frequency[language]),
      (Self.money[language], money[language]),
    ]
  }

  /// Where bins begin, in few characters.
  static func boundaries(_ bins: ScoreBins) -> String {
    bins.boundaries.map { $0.isFinite ? NumberText.short($0) : "∞" }.joined(separator: "  ")
  }

  static func migration(_ migration: SegmentMigration, _ language: Language) -> String {
    Bilingual(
      "From \(migration.from) to \(migration.to), by the bins of the later date",
      "\(migration.from) 至 \(migration.to) 的迁移（均按后一日期分档）")[language]
  }

  static func migrationSums(_ migration: SegmentMigration, _ language: Language) -> String {
    let sums: [(Bilingual, Int)] = [
      (stayed, migration.stayed), (moved, migration.moved), (new, migration.new.reduce(0, +)),
      (gone, migration.gone.reduce(0, +)),
    ]
    return sums.map { "\($0[language]) \(NumberText.grouped($1))" }.joined(separator: " · ")
  }
}
