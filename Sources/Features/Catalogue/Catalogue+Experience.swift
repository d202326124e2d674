extension Catalogue {
  private static let promoterClasses = [
    CategoryLevel("promoter", "promoter", "推荐者"), CategoryLevel("passive", "passive", "中立者"),
    CategoryLevel("detractor", "detractor", "贬损者"), CategoryLevel("none", "no answer", "未评价"),
  ]

  static let service: [FeatureDefinition] = [
    entry(
      .tatLastRatio, 81, .service, .ratio, .logarithm, .raises, .service,
      ("hours in the shop against usual", "在店时长与同类之比"),
      (
        "whole hours of the last visit / median of the visits of the last 730 days with the same leading class (hours "
          + "beyond 999 count as 999; the lower of the middle two)",
        "最近一次在店整小时／近730天主要类型相同到店的中位小时（超过999按999计，取中间两数较小者）"
      ),
      reason: ("The last visit took {value} times as long as usual", "最近一次在店时间是同类的{value}倍")),
    entry(
      .promiseMiss730, 82, .service, .share, .numeric, .raises, .service,
      ("promised times missed", "交车超时率"),
      ("share of the visits of 730 days finished after the promised time", "近730天超过承诺交车时间的比例"),
      reason: ("{value} of the visits finished later than promised", "{value}的到店未按承诺时间交车")),
    entry(
      .saDistinct4, 83, .service, .share, .numeric, .raises, .adviser,
      ("different advisers", "更换顾问程度"),
      ("distinct advisers of the last 4 visits / 4", "最近4次到店的不同顾问数／4"),
      reason: ("Served by ever different advisers", "服务顾问频繁更换")),
    entry(
      .saChangedLast, 84, .service, .flag, .flag, .raises, .adviser,
      ("adviser changed", "顾问变更"),
      ("1 when the adviser of the last visit is not the usual one", "最近一次顾问不是常用顾问为1"),
      reason: ("The last visit was with another adviser than usual", "最近一次更换了服务顾问")),
    entry(
      .saLeft, 85, .service, .flag, .flag, .raises, .adviser,
      ("usual adviser left", "常用顾问离职"),
      ("1 when the usual adviser no longer works here", "常用顾问已不在岗为1"),
      reason: ("The usual adviser has left", "常用服务顾问已离职")),
  ]

  static let satisfaction: [FeatureDefinition] = [
    entry(
      .csiLast, 86, .satisfaction, .share, .numeric, .lowers, .satisfaction,
      ("last satisfaction score", "最近满意度"),
      ("last overall survey score on its own scale, 0 to 1", "最近一次总体满意度（0–1）"),
      reason: ("The last satisfaction score was only {value}", "最近一次满意度仅{value}")),
    entry(
      .csiMean730, 87, .satisfaction, .share, .numeric, .lowers, .satisfaction,
      ("mean satisfaction", "平均满意度"),
      (
        "mean scaled score of 730 days, shrunk to the store's mean (2 answers' weight)",
        "近730天平均满意度，向门店均值收缩（权重2）"
      ),
      reason: ("Mean satisfaction is only {value}", "平均满意度仅{value}")),
    entry(
      .csiTrend, 88, .satisfaction, .score, .numeric, .lowers, .satisfaction,
      ("change of satisfaction", "满意度变化"),
      ("last score minus the mean of the earlier ones", "最近得分减以往均值"),
      reason: ("Satisfaction has fallen", "满意度下降")),
    entry(
      .npsClass, 89, .satisfaction, .category, .category(promoterClasses), .byCategory, .satisfaction,
      ("would recommend us", "推荐意愿"),
      ("promoter 9–10, passive 7–8, detractor 0–6, none; last answer", "最近一次：推荐者9–10、中立者7–8、贬损者0–6、未评价"),
      reason: ("Would recommend us: {value}", "推荐意愿：{value}")),
  ]

  static let complaints: [FeatureDefinition] = [
    entry(
      .cmp365, 92, .complaints, .count, .numeric, .raises, .complaint,
      ("complaints in 12 months", "近12个月投诉次数"), ("complaints opened in the last 365 days", "近365天投诉次数"),
      reason: ("{value} complaints in the last 12 months", "近12个月投诉{value}次")),
    entry(
      .cmpOpen, 93, .complaints, .count, .numeric, .raises, .complaint,
      ("open complaints", "未结投诉"), ("complaints open at the as-of date", "截止日未结投诉数"),
      reason: ("A complaint is still open", "有未结投诉")),
    entry(
      .cmpOpenDays, 94, .complaints, .days, .logarithm, .raises, .complaint,
      ("days a complaint is open", "投诉未结天数"),
      ("age of the oldest open complaint, 0 without one", "最早未结投诉的天数，无则0"),
      reason: ("A complaint has been open for {value} days", "投诉已{value}天未结")),
    entry(
      .cmpSev, 95, .complaints, .score, .numeric, .raises, .complaint,
      ("severity of complaints", "投诉严重度"),
      ("highest severity in the last 365 days, 0 without one", "近365天最高严重度，无则0"),
      reason: ("A complaint of severity {value}", "投诉严重度{value}级")),
    entry(
      .cmpReopen, 96, .complaints, .count, .numeric, .raises, .complaint,
      ("complaints not settled well", "投诉处理不满意"),
      ("reopened or closed dissatisfied in the last 730 days", "近730天重开或不满意结案数"),
      reason: ("A complaint was not settled to satisfaction", "投诉处理结果不满意")),
    entry(
      .cmpAfterLast, 97, .complaints, .flag, .flag, .raises, .complaint,
      ("complained after the last visit", "末次到店后投诉"),
      ("1 when a complaint came after the last visit", "最近一次到店后有投诉为1"),
      reason: ("Complained after the last visit and has not come since", "最近一次到店后投诉且未再来")),
  ]
}
