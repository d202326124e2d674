extension Catalogue {
  static let bookings: [FeatureDefinition] = [
    entry(
      .apptOpen, 13, .recency, .flag, .flag, .lowers, .contact,
      ("visit booked", "已有预约"),
      (
        "1 when a visit booked by the date is for a later day; cancellations count from that day only, their time is not kept",
        "截止日前已预约且预约日在其后为1；取消时间无记录，到预约日才计"
      ),
      use: .operations),
    entry(
      .inShop, 14, .recency, .flag, .flag, .unclear, .contact,
      ("in the workshop", "车在店内"),
      ("1 when an order is open at the date", "截止日有未结工单为1"),
      use: .operations),
    entry(
      .noshow365, 80, .place, .count, .numeric, .raises, .contact,
      ("booked visits missed", "近12个月爽约次数"),
      ("appointments of the last 365 days with state no_show", "近365天预约未到次数"),
      reason: ("{value} booked visits missed in the last 12 months", "近12个月预约未到{value}次")),
  ]

  static let contact: [FeatureDefinition] = [
    entry(
      .ct90, 98, .contact, .count, .numeric, .unclear, .contact,
      ("marketing contacts in 90 days", "近90天营销联系次数"),
      ("contacts for marketing in the last 90 days", "近90天以营销为目的的联系次数")),
    entry(
      .ctReach365, 99, .contact, .share, .numeric, .lowers, .contact,
      ("share of attempts answered", "联系接通率"),
      (
        "reached, refused, promised or booked / these and no answer, invalid or failed, of 365 days; delivered messages do not count",
        "近365天接通（含拒绝、承诺、预约）／接通与未接、空号、失败之和；已送达的消息不计"
      ),
      reason: ("Only {value} of the attempts to reach the customer were answered", "联系接通率仅{value}")),
    entry(
      .ctUnansStreak, 100, .contact, .count, .numeric, .raises, .contact,
      ("attempts in vain in a row", "连续未接通次数"),
      (
        "attempts with no answer, invalid or failed since the last answered one; delivered messages do not count",
        "最近一次接通后连续未接、空号或失败的次数；已送达的消息不计"
      ),
      reason: ("The last {value} attempts to reach the customer were in vain", "最近连续{value}次联系未接通")),
    entry(
      .respRate365, 101, .contact, .share, .numeric, .lowers, .contact,
      ("contacts followed by a visit", "联系后到店率"),
      (
        "(contacts followed by a qualified visit within 45 days + 1) / (contacts + 2), of those between 365 and 45 days ago "
          + "that were no survey and concern this vehicle or none in particular",
        "（联系后45天内有效到店次数＋1）／（联系次数＋2），取365至45天前、非回访、关于本车或未指明车辆的联系"
      ),
      reason: ("Seldom comes after being contacted", "联系后很少到店")),
    entry(
      .promiseBroken, 102, .contact, .flag, .flag, .raises, .contact,
      ("did not come as promised", "承诺未到店"),
      (
        "1 when the last contact of 365 days that ended in a promise or a booking was followed by no visit until 30 days "
          + "after the promised day (the day of the contact without one) and these are over",
        "近365天最近一次承诺来店或预约后，至承诺日（无则联系日）后30天已过仍未到店为1"
      ),
      reason: ("Promised to come and did not", "承诺来店但未到")),
    entry(
      .optoutAny, 103, .contact, .flag, .flag, .raises, .contact,
      ("refused a channel", "有渠道退订"),
      (
        "1 when the latest statement on any channel refuses marketing, service or care",
        "任一渠道最近一次声明拒绝营销、服务或关怀联系为1"
      ),
      use: .operations),
    entry(
      .reachableCh, 104, .contact, .count, .numeric, .lowers, .contact,
      ("channels that may be used", "可用联系渠道数"),
      (
        "channels with a valid address and recorded consent for marketing or service; what nobody consented to does not count",
        "有有效联系方式且已授权营销或服务的渠道数；未授权不计"
      ),
      use: .operations),
  ]

  static let answers: [FeatureDefinition] = [
    entry(
      .csiMinItem, 90, .satisfaction, .share, .numeric, .lowers, .satisfaction,
      ("lowest score of an item", "单项最低满意度"),
      (
        "lowest score of price, quality, time, adviser or facility in 730 days on its own scale, 0 to 1",
        "近730天价格、质量、时间、顾问、环境单项最低分（0–1）"
      ),
      reason: ("Scored one item of the service only {value}", "服务单项评分最低仅{value}")),
    entry(
      .svyRate, 91, .satisfaction, .share, .numeric, .lowers, .satisfaction,
      ("answers to surveys", "回访应答率"),
      (
        "(days with an answer + 1) / (those and survey contacts without an answer within 30 days + 2), of 730 days",
        "近730天（应答日数＋1）／（应答日数与30天内无应答的回访联系数之和＋2）"
      ),
      reason: ("Seldom answers surveys", "很少应答满意度回访")),
  ]
}
