extension Catalogue {
  static let value: [FeatureDefinition] = [
    entry(
      .rScore, 111, .value, .score, .numeric, .unclear, .worth,
      ("recency score", "近度分"),
      (
        "5 to 1: the fifth of the active relations, by days since the last qualified visit (rec_q_days) / expected interval; 5 the most recent, a value on a bound counts for the better fifth",
        "5至1：在有效关系中按（距上次有效到店天数／预期周期）五等分，最近者为5，恰在分界者归较好一档"
      ), use: .value),
    entry(
      .fScore, 112, .value, .score, .numeric, .unclear, .worth,
      ("frequency score", "频度分"),
      (
        "1 to 5: the fifth of the active relations, by qualified visits of 730 days / visits that the regular schedule (months and km) expects in 730 days or since the start; a value on a bound counts for the lower fifth; missing in the first 90 days",
        "1至5：在有效关系中按（近730天有效到店次数／按月数与里程周期应到店次数，未满730天按关系天数）五等分，恰在分界者归较低一档；前90天缺失"
      ), use: .value),
    entry(
      .mScore, 113, .value, .score, .numeric, .unclear, .worth,
      ("money score", "额度分"),
      (
        "1 to 5: the fifth of the active relations, by customer margin of 730 days: payments of all payers less cost of the orders that customer or package paid something for (the two payments where cost or the customer's is not told); a value on a bound counts for the lower fifth; missing when there were visits and none tells what the customer paid",
        "1至5：在有效关系中按近730天客户毛利五等分：客户或套餐有付款的工单之各方付款减成本（成本或客户付款未知者取两项付款）；恰在分界者归较低一档；有到店而付款均未知为缺失"
      ), use: .value),
    entry(
      .clv36, 119, .value, .money, .logarithm, .unclear, .worth,
      ("value over 36 months", "36个月价值"),
      (
        "p_alive × Σ over 36 months of the qualified visits that the BG/NBD of p_alive expects in the month, discounted at 10 % a year to its end, × expected margin of a visit: (customer margin of 730 days as in M_score + 2 × mean of the powertrain's current relations) / (qualified visits of 730 days + 2)",
        "存活概率×36个月内逐月期望有效到店次数（p_alive同一模型，年贴现10%，按月末）之和×单次期望毛利：（近730天客户毛利（同M_score）＋2×同动力类型现有关系均值）／（近730天有效到店次数＋2）"
      ), use: .value),
    entry(
      .saveValue, 120, .value, .money, .logarithm, .unclear, .worth,
      ("value of saving", "挽留价值"),
      (
        "(1 − p_alive) × 10 % assumed effect of a contact × clv_36 − assumed costs of contact (2 %) and offer (10 % of the group's median ticket of 730 days)",
        "（1－存活概率）×假定联系效果10%×36个月价值－假定联系成本（集团近730天中位单价的2%）－假定优惠成本（其10%）"
      ), use: .value),
  ]

  static let alive: [FeatureDefinition] = [
    entry(
      .pAlive, 28, .frequency, .share, .numeric, .lowers, .rhythm,
      ("chance to be still a customer", "仍为客户的概率"),
      (
        "BG/NBD (Fader, Hardie, Lee 2005) P(alive) from the qualified visits after the day of the relation's start (x), days from the start to the last of them (t_x) and to the as-of date (T); relations that began before the data did (before the day by which 1 in 100 of all with a qualified visit had had their first) are seen from their first qualified visit in the data instead of the start, or without any from that day, and then not fitted; 1 while x = 0; maximum likelihood per powertrain over the other current relations, of all where fewer than 100 or unknown, with a normal prior of deviation 5 on ln r, ln α (weeks), ln a, ln b",
        "BG/NBD模型（Fader等2005）存活概率：关系起始日之后的有效到店次数x、起始至末次天数t_x、起始至截止日天数T；早于数据起始日（百分之一的有过有效到店的关系已首次到店之日）开始的关系，自数据中首次有效到店算起，从未到店者自该日算起且不参与拟合；x为0时为1；按动力类型对其余现有关系做最大似然拟合，不足100个或未知时用全体，ln r、ln α（周）、ln a、ln b取标准差5的正态先验"
      ),
      reason: (
        "Has probably stopped coming already, going by own rhythm: {value} chance of being still a customer",
        "按以往到店节奏，很可能已不再光顾：仍为客户的概率仅{value}"
      ))
  ]
}
