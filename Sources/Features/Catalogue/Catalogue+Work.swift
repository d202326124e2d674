extension Catalogue {
  private static let priceBands = (1...10).map { band in
    CategoryLevel("tenth_\(band)", "price band \(band) of 10", "价格第\(band)档（共10档）")
  }

  /// Of groups C, D and E: what looks into orders, recalls and policies.
  static let work: [FeatureDefinition] = [
    entry(
      .ticketVsPeer, 35, .money, .logRatio, .numeric, .raises, .price,
      ("last invoice against similar work", "账单与同类之比"),
      (
        "ln(customer-paid amount of the last qualified visit / median of the qualified visits of the last 365 days with "
          + "the same job class, model and store); the job class is which of first service, maintenance and repair the "
          + "visit contains; with fewer than 20 amounts the median of job class and model over all stores, with fewer "
          + "than 20 of those the one of the job class; missing when the customer paid nothing",
        "ln(最近有效到店客户付款／近365天同作业类别、车型、门店有效到店中位金额)；作业类别为该次含首保、定保、维修中的哪些；"
          + "不足20笔取全部门店同类别同车型，仍不足20笔取同类别；客户未付款为缺失"
      ),
      reason: ("The last invoice was {factor} times that of similar work", "最近账单是同类作业的{factor}倍")),
    entry(
      .rework365, 46, .mix, .count, .numeric, .raises, .service,
      ("comebacks in 12 months", "近12个月返修次数"),
      (
        "visits of the last 365 days flagged comeback, or with repair and, at most 30 days and 1,000 km after an earlier "
          + "visit (days alone without readings), of the same job class: a common category of items done other than "
          + "`other`, or where one of the two has no items, a repair before, too",
        "近365天标记返修，或含维修且距此前某次到店不超过30天及1000公里（无里程只看天数）并属同一作业类别的到店次数；"
          + "同类指已做项目有共同类别（“其他”除外），任一次无明细则指此前也为维修"
      ),
      reason: ("Had to come back for the same trouble ({value})", "近一年返修{value}次")),
    entry(
      .jobBreadth730, 47, .mix, .count, .numeric, .lowers, .mix,
      ("kinds of work bought", "购买项目类别数"),
      (
        "distinct categories of items done in the orders of the last 730 days; missing when none of the orders has items",
        "近730天工单已做项目的不同类别数；工单均无明细为缺失"
      )),
    entry(
      .tyreBrakeBattHere, 48, .mix, .count, .numeric, .lowers, .mix,
      ("kinds of wear parts bought", "购买易损件类别数"),
      (
        "how many of tyre, brake, battery, wiper and filter were done in the orders of the last 730 days; missing when "
          + "none of the orders has items",
        "近730天工单做过轮胎、制动、蓄电池、雨刮、滤芯中的几类；工单均无明细为缺失"
      ),
      reason: ("Buys no wear parts here", "易损件未在本店更换")),
    entry(
      .declinedN365, 49, .mix, .count, .numeric, .raises, .declined,
      ("items declined in 12 months", "近12个月拒修项目数"),
      (
        "items declined in the orders of the last 365 days; missing when none of the orders has items",
        "近365天工单拒修项目数；工单均无明细为缺失"
      ),
      reason: ("Declined {value} recommended items in the last 12 months", "近一年拒修{value}项")),
    entry(
      .declinedValueOpen, 50, .mix, .money, .logarithm, .raises, .declined,
      ("value of declined work still open", "未补做拒修金额"),
      (
        "sum of the amounts declined in the orders of the last 730 days in categories that were not done on a later day; "
          + "of each category the latest day with declined items counts; missing when none of the orders has items, or no "
          + "open item has an amount",
        "近730天拒修且其后未再做该类别的项目金额之和；每类只计最近一次拒修日；工单均无明细或均无金额为缺失"
      ),
      reason: ("Recommended work worth {value} was declined and not done since", "拒修项目{value}至今未做")),
    entry(
      .recallOpen, 51, .mix, .flag, .flag, .unclear, .recall,
      ("open recall", "有未完成召回"),
      ("1 with a recall of the vehicle that was opened and not done by the as-of date", "截止日有已发布未完成的召回为1")),
    entry(
      .priceBand, 57, .vehicle, .category, .category(priceBands), .byCategory, .profile,
      ("price band", "车价档位"),
      (
        "tenth of the list price among the cars held at the as-of date by customers of the same home store (all stores "
          + "with fewer than 20 prices): one more than the number of the nine bounds below the price",
        "指导价在同归属门店在用车辆中的十分位（不足20辆取全部门店）：低于该价的九个分位界数加1"
      )),
    entry(
      .insDays, 71, .vehicle, .days, .numeric, .unclear, .insurance,
      ("days to the end of insurance", "保险剩余天数"),
      (
        "days to the end of the policy that ends last of those begun by the as-of date, negative after; missing without "
          + "one",
        "截止日前已起保保单中最晚到期日减截止日，过期为负；无保单为缺失"
      )),
    entry(
      .insHere, 72, .vehicle, .flag, .flag, .lowers, .insurance,
      ("insured here", "在店投保"),
      (
        "1 when a policy in force at the as-of date was sold here, 0 when none was; missing when those in force do not say",
        "截止日有效保单由本店出单为1，否则为0；有效保单均未注明为缺失"
      ),
      reason: ("The car is not insured through us", "车险不在本店投保")),
    entry(
      .insLost, 73, .vehicle, .flag, .flag, .raises, .insurance,
      ("insurance lost", "续保流失"),
      (
        "1 when a policy sold here was in force in the last 365 days and none sold here is in force at the as-of date",
        "近365天内曾有本店出单的有效保单而截止日没有为1"
      ),
      reason: ("Did not renew the insurance with us", "车险未在本店续保")),
    entry(
      .inspDays, 74, .vehicle, .days, .numeric, .unclear, .age,
      ("days to the statutory inspection", "年检剩余天数"),
      (
        "days to the next inspection on the line by the Chinese rule in force since 2022-10-01, counted from delivery, to "
          + "the end of the month: private cars (and of unknown use) in the 6th and 10th year, then every year; "
          + "commercial, ride-hailing and taxi every year for 5 years, then every 6 months; done or not",
        "按2022年10月1日起的规定距下次上线检验天数（以交车月起算，至当月末）：私家（及用途未知）第6、10年，其后每年；"
          + "商用、网约车、出租5年内每年、其后每6个月；不论是否已检"
      )),
  ]

  /// Group M: for segments and value, never for risk.
  static let potential: [FeatureDefinition] = [
    entry(
      .marginYear, 114, .value, .money, .numeric, .unclear, .worth,
      ("margin a year", "年均毛利"),
      (
        "what customer, package, warranty and insurer paid minus the cost, of the orders of the last 1,095 days, a year "
          + "since the start of the relation (half a year to three); missing when no order tells payment and cost",
        "近1095天工单客户、套餐、索赔、保险付款减成本，按关系年数（0.5至3年）折算每年；工单均无付款与成本为缺失"
      ), use: .value),
    entry(
      .potentialYear, 115, .value, .money, .logarithm, .unclear, .worth,
      ("spending a year that goes elsewhere", "年外流保养金额"),
      (
        "(1 − share of expected maintenance, at least 0) × 365.25 / expected regular interval in days × median amount "
          + "(customer and package) of the maintenance visits of the last 365 days in cars of the model and age (steps of "
          + "two years to eight; with fewer than 20 amounts of the model, then of all)",
        "（1－应保养完成率，不小于0）×365.25／预期常规周期天数×同车型同车龄段（每两年一段至八年）近365天保养到店中位金额"
          + "（客户加套餐；不足20笔取同车型，再取全部）"
      ), use: .value),
    entry(
      .insPotential, 116, .value, .money, .logarithm, .unclear, .worth,
      ("insurance commission at stake", "续保佣金潜力"),
      (
        "0 with more than 90 days of insurance left, else the premium of the last policy × commission earned per premium "
          + "of all policies that began in the last 365 days, sold here or not",
        "保险剩余超过90天为0，否则为最近保单保费×近365天全部起保保单（含他处）的佣金／保费"
      ), use: .value),
    entry(
      .tradePotential, 117, .value, .money, .logarithm, .unclear, .worth,
      ("margin of a replacement", "置换潜力"),
      (
        "P(replace within 12 months) × median gross margin of the vehicles that the home store sold in 730 days (all "
          + "stores with fewer than 20 sales); P is the share of the cars of the same age in years (10 and more are one) "
          + "held 365 days before whose owner sold, scrapped or lost them or bought another here since, with 20 cars' weight "
          + "of all ages",
        "一年内换车概率×归属门店近730天售车毛利中位数（不足20台取全部门店）；概率为365天前同车龄（整年，10年以上合并）在用车中"
          + "此后出售、报废、灭失或车主另购的比例，向全体收缩（权重20辆）"
      ), use: .value),
    entry(
      .referralN, 118, .value, .count, .numeric, .unclear, .worth,
      ("buyers referred", "转介绍购车人数"),
      (
        "different customers who bought in the last 730 days on this customer's recommendation",
        "近730天由该客户转介绍购车的人数"
      ), use: .value),
  ]
}
