extension Catalogue {
  static let recency: [FeatureDefinition] = [
    entry(
      .recQDays, 1, .recency, .days, .logarithm, .raises, .overdue,
      ("days since last service visit", "距上次到店天数"),
      (
        "as-of date minus date of the last qualified visit; without one, minus the start of the relation",
        "截止日减最近一次有效到店日；从未到店则减关系起始日"
      ), reason: ("No service visit for {value} days", "已有{value}天未到店保养维修")),
    entry(
      .recPaidDays, 2, .recency, .days, .logarithm, .raises, .overdue,
      ("days since last paid visit", "距上次自费到店天数"),
      (
        "as-of date minus date of the last visit with customer or package payment; without one, minus the start",
        "截止日减最近一次客户付款（含套餐）到店日；没有则减关系起始日"
      ), reason: ("No paid visit for {value} days", "已有{value}天没有自费到店")),
    entry(
      .recAnyDays, 3, .recency, .days, .logarithm, .raises, .overdue,
      ("days since last visit of any kind", "距上次任何进厂天数"),
      ("as-of date minus date of the last visit of any class", "截止日减最近一次任何类型进厂日"),
      reason: ("Not seen in the workshop for {value} days", "已有{value}天未进厂")),
    entry(
      .neverServiced, 4, .recency, .flag, .flag, .raises, .overdue,
      ("never serviced here", "从未在本店保养"),
      ("1 without a qualified visit since the start of the relation", "关系开始后没有任何有效到店为1"),
      reason: ("Has never had the car serviced here", "从未在本店做过保养")),
    entry(
      .daysOverTime, 5, .recency, .days, .numeric, .raises, .overdue,
      ("days beyond the months rule", "按月数超期天数"),
      (
        "as-of date minus (last maintenance + scheduled months); negative while not due",
        "截止日减（上次保养日＋规定月数）；未到期为负"
      ), reason: ("Maintenance overdue by {value} days (by time)", "按时间保养已超期{value}天")),
    entry(
      .kmOver, 6, .recency, .kilometres, .numeric, .raises, .overdue,
      ("km beyond the kilometres rule", "按里程超出公里数"),
      (
        "estimated odometer minus (odometer at last maintenance + scheduled km)",
        "推算里程减（上次保养里程＋规定公里数）"
      ), reason: ("About {value} km beyond the maintenance mileage", "已超保养里程约{value}公里")),
    entry(
      .daysOverDue, 7, .recency, .days, .numeric, .raises, .overdue,
      ("days overdue", "超期天数"),
      (
        "as-of date minus due date, the earlier of the months and the kilometres rule",
        "截止日减到期日（月数与里程规则取早者）"
      ), reason: ("Maintenance overdue by {value} days", "保养已超期{value}天")),
    entry(
      .overdueRatio, 8, .recency, .ratio, .numeric, .raises, .overdue,
      ("share of the interval used", "保养周期已用比例"),
      ("days since last maintenance divided by the expected interval", "距上次保养天数除以预期周期"),
      reason: ("{value} expected maintenance intervals have gone by", "应保养周期已过{value}个")),
    entry(
      .missedCycles, 9, .recency, .count, .numeric, .raises, .overdue,
      ("maintenance cycles missed", "错过的保养次数"),
      ("days overdue divided by the expected interval, rounded down, at least 0", "超期天数除以预期周期取整"),
      reason: ("{value} maintenance cycles missed", "已错过{value}次保养")),
    entry(
      .recOverOwnGap, 10, .recency, .ratio, .numeric, .raises, .rhythm,
      ("time since last visit against own rhythm", "距上次到店与自身间隔之比"),
      ("days since last visit divided by own median gap (shrunk to the schedule)", "距上次到店天数除以自身中位间隔（向周期收缩）"),
      reason: ("Away for {value} times the usual gap between visits", "未到店时间已是平时间隔的{value}倍")),
    entry(
      .recZ, 11, .recency, .score, .numeric, .raises, .rhythm,
      ("lateness against own rhythm", "相对自身规律的迟到程度"),
      (
        "(days since last visit − own median gap) / own spread of gaps (shrunk)",
        "（距上次到店天数－自身中位间隔）／自身间隔离散度（收缩）"
      ),
      reason: ("Unusually late compared with own habit", "比自身习惯明显推迟")),
    entry(
      .firstServiceLate, 12, .recency, .flag, .flag, .raises, .overdue,
      ("first service late", "首保逾期"),
      (
        "1 without maintenance and more than first-service months + 30 days after delivery",
        "未做首保且超过首保月数＋30天为1"
      ),
      reason: ("First service is overdue", "首保已逾期")),
  ]

  static let frequency: [FeatureDefinition] = [
    entry(
      .nQ365, 15, .frequency, .count, .numeric, .lowers, .frequency,
      ("service visits in 12 months", "近12个月到店次数"),
      ("qualified visits in the last 365 days", "近365天有效到店次数"),
      reason: ("Only {value} service visits in the last 12 months", "近12个月仅到店{value}次")),
    entry(
      .nQ730, 16, .frequency, .count, .numeric, .lowers, .frequency,
      ("service visits in 24 months", "近24个月到店次数"),
      ("qualified visits in the last 730 days", "近730天有效到店次数"),
      reason: ("Only {value} service visits in the last 24 months", "近24个月仅到店{value}次")),
    entry(
      .nQTrend, 17, .frequency, .count, .numeric, .lowers, .frequency,
      ("change of visits against the year before", "到店次数同比变化"),
      ("qualified visits in the last 365 days minus those of the 365 days before", "近365天有效到店次数减前365天次数"),
      reason: ("Fewer visits than the year before ({value})", "到店次数比上年减少（{value}）")),
    entry(
      .nPaid365, 18, .frequency, .count, .numeric, .lowers, .frequency,
      ("paid visits in 12 months", "近12个月自费到店次数"),
      ("visits with customer or package payment in the last 365 days", "近365天客户付款（含套餐）到店次数"),
      reason: ("Only {value} paid visits in the last 12 months", "近12个月仅{value}次自费到店")),
    entry(
      .nMaint365, 19, .frequency, .count, .numeric, .lowers, .frequency,
      ("maintenance visits in 12 months", "近12个月保养次数"),
      ("visits with paid maintenance in the last 365 days", "近365天定期保养次数"),
      reason: ("Only {value} maintenance visits in the last 12 months", "近12个月仅保养{value}次")),
    entry(
      .visitsPerYear, 20, .frequency, .perYear, .numeric, .lowers, .frequency,
      ("service visits per year", "年均到店次数"),
      (
        "qualified visits since the start of the relation per year, at least half a year counted",
        "关系开始以来年均有效到店次数（至少按半年计）"
      ),
      reason: ("Only {value} service visits a year", "年均仅到店{value}次")),
    entry(
      .ontimeRate, 21, .frequency, .share, .numeric, .lowers, .rhythm,
      ("maintenance on time", "准时保养率"),
      (
        "share of the last 6 maintenance visits made 30 days before to 45 days after due",
        "最近6次保养中在到期前30天至后45天内的比例"
      ),
      reason: ("Only {value} of maintenance was on time", "仅{value}的保养按时进行")),
    entry(
      .gapMedian, 22, .frequency, .days, .logarithm, .raises, .rhythm,
      ("usual gap between visits", "到店间隔中位数"),
      ("median days between successive qualified visits (last 5)", "最近5次有效到店间隔天数中位数"),
      reason: ("Usually comes only every {value} days", "平时约{value}天才到店一次")),
    entry(
      .gapCv, 23, .frequency, .ratio, .numeric, .raises, .rhythm,
      ("irregularity of visits", "到店不规律程度"),
      ("1.4826 · MAD / median of those gaps, at least 3 needed", "上述间隔的1.4826×MAD／中位数（至少3个）"),
      reason: ("Comes irregularly", "到店时间不规律")),
    entry(
      .gapLastRatio, 24, .frequency, .ratio, .numeric, .raises, .rhythm,
      ("last gap against earlier ones", "最近间隔与以往之比"),
      ("last completed gap divided by the median of earlier gaps", "最近一次间隔除以更早间隔中位数"),
      reason: ("The last gap was {value} times the earlier ones", "最近一次间隔是以往的{value}倍")),
    entry(
      .skippedKmCycles, 25, .frequency, .count, .numeric, .raises, .frequency,
      ("maintenance done elsewhere", "疑似在外保养次数"),
      ("sum over maintenance pairs of max(0, round(km between / scheduled km) − 1)", "相邻保养间里程差／规定里程取整减1之和"),
      reason: ("By mileage, about {value} services were done elsewhere", "按里程推算约{value}次保养在外店做")),
    entry(
      .walletShare, 26, .frequency, .share, .numeric, .lowers, .frequency,
      ("share of expected maintenance", "应保养完成率"),
      (
        "maintenance visits of 730 days divided by those expected from km and months, at most 1.5",
        "近730天保养次数除以应保养次数（上限1.5）"
      ),
      reason: ("Only {value} of the expected maintenance was done here", "仅{value}的应做保养在本店完成")),
    entry(
      .tenureDays, 27, .frequency, .days, .logarithm, .lowers, .ownership,
      ("days as a customer", "成为客户天数"),
      ("as-of date minus first purchase or visit", "截止日减首次购车或到店日"),
      reason: ("A customer for only {value} days", "成为客户仅{value}天")),
  ]
}
