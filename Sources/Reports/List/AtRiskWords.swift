import CustomerValue
import Histories
import Retention

/// What stands around the figures of the list, in both languages.
enum AtRiskWords {
  static let title = Bilingual("Customers at risk of leaving", "流失预警名单")
  static let asOf = Bilingual("As of", "截至日期")
  static let model = Bilingual("Model", "模型")
  static let rank = Bilingual("#", "序")
  static let customer = Bilingual("Customer", "客户")
  static let vehicle = Bilingual("Vehicle", "车辆")
  static let phone = Bilingual("Phone", "电话")
  static let plate = Bilingual("Plate", "车牌")
  static let age = Bilingual("Age, y", "车龄")
  static let years = Bilingual("y", "年")
  static let dealer = Bilingual("Dealer", "门店")
  static let adviser = Bilingual("Adviser", "服务顾问")
  static let segment = Bilingual("Segment", "客户细分")
  static let overdueDays = Bilingual("Overdue, d", "逾期天数")
  static let overdueKm = Bilingual("Overdue, km", "超里程")
  static let overdue = Bilingual("Overdue", "逾期")
  static let days = Bilingual("days", "天")
  static let km = Bilingual("km", "公里")
  static let notYetDue = Bilingual("due in", "距到期")
  static let lastVisit = Bilingual("Last visit", "上次进厂")
  static let nextDue = Bilingual("Next due", "应保养日")
  static let probability = Bilingual("Lapse", "流失概率")
  static let probabilityLong = Bilingual("Lapse probability", "流失概率")
  static let risk = Bilingual("Risk", "风险")
  static let value = Bilingual("Value", "客户价值")
  static let atStake = Bilingual("At stake", "预期价值")
  static let valueAtRisk = Bilingual("Value at risk", "流失风险价值")
  static let service36 = Bilingual("Service, 3 y", "三年服务毛利")
  static let insurance = Bilingual("Insurance", "续保佣金")
  static let tradeIn = Bilingual("Trade-in", "置换毛利")
  static let referral = Bilingual("Referral", "转介绍毛利")
  static let paid730 = Bilingual("Paid, 2 y", "两年消费")
  static let reasons = Bilingual("Why", "流失原因")
  static let notes = Bilingual("Before the call", "联系前须知")
  static let lastContact = Bilingual("Last contact", "上次联系")
  static let openComplaint = Bilingual("open complaint", "投诉未结")
  static let warrantyUntil = Bilingual("warranty until", "质保至")
  static let boughtHere = Bilingual("bought here", "本店购车")
  static let boughtElsewhere = Bilingual("bought elsewhere", "非本店购车")
  static let rowsTile = Bilingual("Customers on this list", "名单客户数")
  static let highRiskTile = Bilingual("At high risk", "高风险客户")
  static let meanTile = Bilingual("Mean lapse probability", "平均流失概率")
  static let empty = Bilingual("Nobody on this list.", "名单为空。")

  static func counts(shown: Int, of matching: Int, active: Int, _ language: Language) -> String {
    let (shown, matching, active) = (
      NumberText.grouped(shown), NumberText.grouped(matching), NumberText.grouped(active)
    )
    return language == .english
      ? "\(shown) of \(matching) matching, \(active) active"
      : "显示 \(shown) / 符合条件 \(matching) / 有效基盘 \(active)"
  }

  static func howToRead(_ list: AtRiskList, _ language: Language) -> String {
    let (ranking, currency) = (list.ranking, list.currency)
    let order =
      switch ranking {
      case .amount:
        Bilingual(
          "rank = lapse probability × amount at stake (\(currency), next two years, if the customer stays)",
          "排序 = 流失概率 × 预期价值（\(currency)，客户若留下，未来两年的预计消费）")
      case .risk: Bilingual("rank = lapse probability", "排序 = 流失概率")
      case .value: Bilingual("rank = value at risk", "排序 = 流失风险价值")
      }
    let value = Bilingual(
      "Value at risk (\(currency), margin) = lapse probability × (service of three years + insurance + trade-in + referral, as far as known).",
      "流失风险价值（\(currency)，毛利）= 流失概率 ×（三年服务 + 续保 + 置换 + 转介绍，以已知项计）。")
    let tradeIns =
      list.rows.isEmpty || list.rows.contains { $0.worth.tradeIn != nil }
      ? Bilingual("", "")
      : Bilingual(
        " Trade-in is not known: it needs purchases with gross_margin, and days of delivery.",
        "置换毛利未知：需要购车记录的 gross_margin 与车辆交付日期。")
    return language == .english
      ? "Work from the top: \(order.english). \(value.english)\(tradeIns.english)"
      : "请自上而下联系：\(order.chinese)。\(value.chinese)\(tradeIns.chinese)"
  }

  static func limited(to rows: Int, of all: Int, _ language: Language) -> String {
    language == .english
      ? "This page shows the first \(NumberText.grouped(rows)) of \(NumberText.grouped(all)) rows; CSV, JSON and Parquet hold them all."
      : "本页仅显示前 \(NumberText.grouped(rows)) 行，共 \(NumberText.grouped(all)) 行；完整名单请导出 CSV、JSON 或 Parquet。"
  }

  static func ownerType(_ value: String) -> Bilingual {
    switch value {
    case "person": Bilingual("person", "个人")
    case "company": Bilingual("company", "企业")
    case "government": Bilingual("government", "政府")
    case "rental": Bilingual("rental", "租赁")
    default: Bilingual(value, value)
    }
  }

  /// The outcomes of a contact that the schema knows.
  static func contactOutcome(_ value: String) -> Bilingual {
    switch value {
    case "reached": Bilingual("reached", "已接通")
    case "no_answer": Bilingual("no answer", "未接听")
    case "refused": Bilingual("refused", "拒绝")
    case "promised": Bilingual("promised to come", "承诺进厂")
    case "booked": Bilingual("booked", "已预约")
    case "invalid": Bilingual("invalid number", "号码无效")
    case "delivered": Bilingual("delivered", "已送达")
    case "failed": Bilingual("failed", "发送失败")
    default: Bilingual(value, value)
    }
  }

  static func segmentLabel(_ value: String) -> Bilingual {
    SegmentRules.ten.segments.first { $0.name == value }?.label ?? Bilingual(value, value)
  }
}
