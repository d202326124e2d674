extension Catalogue {
  static let money: [FeatureDefinition] = [
    entry(
      .cp365, 29, .money, .money, .logarithm, .lowers, .spending,
      ("paid in 12 months", "近12个月自费金额"),
      ("customer-paid amount of the last 365 days", "近365天客户付款金额"),
      reason: ("Paid only {value} in the last 12 months", "近12个月仅消费{value}")),
    entry(
      .cp730, 30, .money, .money, .logarithm, .lowers, .spending,
      ("paid in 24 months", "近24个月自费金额"),
      ("customer-paid amount of the last 730 days", "近730天客户付款金额"),
      reason: ("Paid only {value} in the last 24 months", "近24个月仅消费{value}")),
    entry(
      .cpAvg730, 31, .money, .money, .logarithm, .unclear, .spending,
      ("average paid per visit", "次均自费金额"),
      ("amount of 730 days divided by paid visits", "近730天自费金额除以自费到店次数")),
    entry(
      .cpTrend, 32, .money, .logRatio, .numeric, .lowers, .spending,
      ("change of spending", "消费同比变化"),
      (
        "ln((12 months + k) / (12 months before + k)), k the store's median ticket",
        "ln((近12月＋k)/(前12月＋k))，k为门店中位单价"
      ),
      reason: ("Spends less than the year before", "消费比上年减少")),
    entry(
      .ticketLast, 33, .money, .money, .logarithm, .raises, .price,
      ("last invoice", "最近一次金额"),
      ("customer-paid amount of the last qualified visit", "最近一次有效到店的客户付款金额"),
      reason: ("The last invoice was high ({value})", "最近一次账单较高（{value}）")),
    entry(
      .billShock, 34, .money, .logRatio, .numeric, .raises, .price,
      ("last invoice against own usual", "账单突增"),
      ("ln(last ticket / own median ticket); 0 with fewer than two", "ln(最近金额／自身中位金额)；不足两次为0"),
      reason: ("The last invoice was {factor} times the usual", "最近账单是平时的{factor}倍")),
    entry(
      .estimateOverrun, 36, .money, .share, .numeric, .raises, .price,
      ("invoice above estimate", "超出报价比例"),
      ("(final − estimate) / estimate of the last visit, −1 to 2", "最近一次（结算－报价）／报价，限－1至2"),
      reason: ("The last invoice exceeded the estimate by {value}", "最近账单超出报价{value}")),
    entry(
      .discountRate730, 37, .money, .share, .numeric, .unclear, .price,
      ("discount rate", "折扣率"),
      ("discount / gross customer-paid amount of 730 days", "近730天折扣／折前自费金额")),
    entry(
      .arrears, 38, .money, .flag, .flag, .raises, .spending,
      ("unpaid balance", "有欠款"),
      ("1 with an unpaid balance", "有未付余额为1"),
      reason: ("Has an unpaid balance", "有未结清款项")),
    entry(
      .pkgVisitsLeft, 39, .money, .count, .numeric, .lowers, .package,
      ("prepaid services left", "套餐剩余次数"),
      ("unused visits of prepaid packages still valid", "有效套餐未用次数"),
      reason: ("No prepaid services left", "没有剩余的预付保养次数")),
    entry(
      .pkgDaysLeft, 40, .money, .days, .logarithm, .lowers, .package,
      ("days left of the package", "套餐剩余天数"),
      ("days to the expiry of the prepaid package, 0 without one", "套餐到期剩余天数，无套餐为0"),
      reason: ("No prepaid package that binds", "没有有效的预付套餐")),
  ]

  private static let visitClasses = [
    CategoryLevel("accident", "accident", "事故"), CategoryLevel("recall", "recall", "召回"),
    CategoryLevel("warranty", "warranty", "索赔"), CategoryLevel("rework", "comeback", "返修"),
    CategoryLevel("first_service", "first service", "首保"), CategoryLevel("maintenance", "maintenance", "定保"),
    CategoryLevel("repair", "repair", "一般维修"), CategoryLevel("accessory", "accessory", "精品"),
    CategoryLevel("inspection", "inspection", "年检"),
  ]

  static let mix: [FeatureDefinition] = [
    entry(
      .shPaid730, 41, .mix, .share, .numeric, .lowers, .mix,
      ("share of paid visits", "自费到店比例"),
      ("paid visits / all visits of 730 days", "近730天自费到店／全部进厂"),
      reason: ("Only {value} of the visits were paid by the customer", "仅{value}的到店为自费")),
    entry(
      .shWarranty730, 42, .mix, .share, .numeric, .raises, .mix,
      ("share of warranty visits", "索赔进厂比例"),
      ("warranty-only visits / all visits of 730 days", "近730天纯索赔进厂／全部进厂"),
      reason: ("{value} of the visits were warranty only", "{value}的进厂仅为索赔")),
    entry(
      .onlyUnpaid730, 43, .mix, .flag, .flag, .raises, .mix,
      ("only free visits", "仅有免费进厂"),
      ("1 when all visits of 730 days were warranty, recall or free first service", "近730天全部为索赔、召回或免费首保为1"),
      reason: ("Comes only for what is free", "只为免费项目到店")),
    entry(
      .onlyAccident730, 44, .mix, .flag, .flag, .raises, .mix,
      ("only accident visits", "仅有事故进厂"),
      ("1 when all visits of 730 days were accidents", "近730天全部为事故进厂为1"),
      reason: ("Comes only for accident repairs", "只为事故维修到店")),
    entry(
      .lastClass, 45, .mix, .category, .category(visitClasses), .byCategory, .mix,
      ("kind of the last visit", "最近进厂类型"),
      ("leading class of the last visit", "最近一次进厂的主要类型"),
      reason: ("The last visit was for: {value}", "最近一次进厂为：{value}")),
  ]
}
