import CustomerValue
import Histories
import Retention

/// Lists made up for the tests.
enum SampleList {
  static let english = make(language: .english, rows: 60)
  static let chinese = make(language: .chinese, rows: 60)

  static func make(language: Language, rows count: Int) -> AtRiskList {
    let isChinese = language == .chinese
    let names = isChinese ? ["张**", "欧**", "李**", "深圳某**"] : ["J***", "M***", "A***", "Northgate***"]
    let models =
      isChinese
      ? ["途观L 330TSI", "朗逸 1.5L", "迈腾 380TSI", "ID.4 CROZZ"]
      : ["Tiguan L 330", "Lavida 1.5", "Magotan 380", "ID.4 CROZZ"]
    let reasons =
      isChinese
      ? ["保养已逾期 143 天（平均客户 12 天）", "最近一次满意度评分 5 分，低于平均 8.6 分", "上次报价的刹车片更换被拒绝", "换过 2 次服务顾问"]
      : [
        "maintenance overdue for 143 days (average customer: 12)",
        "last satisfaction score 5, average 8.6", "brake pads quoted at the last visit were declined",
        "service adviser changed twice",
      ]
    let asOf = Day(year: 2026, month: 6, day: 30)
    var rows = (0..<count).map { index in
      let probability = 0.97 - 0.94 * Double(index) / Double(max(count, 1))
      let value = 3000 + Double(index * 7919 % 21_000)
      var row = AtRiskRow(
        rank: index + 1, customerID: "C\(100_000 + index * 37)", vin: "LSVAA49J0000\(10_000 + index)",
        probability: probability, riskTier: RiskTier(probability: probability),
        valueTier: ValueTier.allCases[index % 4], paid730: value * 0.8, valueAtStake: value,
        priority: probability * value, reasons: Array((0..<3).map { reasons[(index + $0) % 4] }))
      row.name = names[index % 4]
      row.phone = "138****\(1000 + index)"
      row.ownerType = ["person", "person", "person", "company"][index % 4]
      row.plate = "粤B·**\(100 + index)"
      row.model = models[index % 4]
      row.dealerID = "D0\(index % 3 + 1)"
      row.ageYears = 1.25 + Double(index % 9)
      row.lastVisitOn = asOf - (200 + index * 3)
      row.nextDueOn = asOf - (143 - index * 4)
      row.daysOverdue = 143 - index * 4
      row.kmOverdue = 4200 - index * 150
      row.segment = SegmentRules.ten.segments[index % 11].name
      row.worth = RelationWorth(
        service: value * 0.6, insurance: index % 5 == 0 ? nil : Double(index % 3) * 150,
        tradeIn: 900 + Double(index), referral: index % 6 == 0 ? 4000 : 0)
      row.lastAdviser = isChinese ? "王顾问" : "W. Miller"
      row.boughtHere = index % 2 == 0
      row.openComplaint = index % 7 == 0
      row.warrantyEndsOn = index % 3 == 0 ? asOf + 90 : nil
      row.lastContactOn = index % 4 == 1 ? asOf - 30 : nil
      row.lastContactOutcome = index % 4 == 1 ? "no_answer" : nil
      return row
    }
    rows.sort { ($0.priority, $1.rank) > ($1.priority, $0.rank) }
    for index in rows.indices { rows[index].rank = index + 1 }
    return AtRiskList(
      dealerGroup: isChinese ? "湖畔汽车集团" : "Lakeside Motor Group", asOf: asOf, model: "lakeside@1",
      currency: "CNY", language: language, activeRelations: 48_210, matchingRelations: 1_312, rows: rows)
  }

  /// A list of one row whose texts try to break out of every format.
  static var hostile: AtRiskList {
    var list = make(language: .english, rows: 1)
    list.dealerGroup = "A & B <b>\"Motors\"</b>"
    list.rows[0].name = "<script>alert('x')</script>"
    list.rows[0].model = "say \"hi\", twice\nplease"
    list.rows[0].phone = "+86 138****1234"
    list.rows[0].plate = "=HYPERLINK(\"x\")"
    list.rows[0].lastAdviser = "@SUM(A1)"
    list.rows[0].lastContactOutcome = "back\\slash\u{1}\ttab"
    list.rows[0].dealerID = "-1+2"
    list.rows[0].daysOverdue = -5
    return list
  }
}
