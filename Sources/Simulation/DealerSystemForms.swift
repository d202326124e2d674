import Histories

/// The forms of the invented dealer system.
extension DealerSystemExport {
  static let customerIdentifier = "'C' || customer"
  private static let adviserIdentifier = "'A' || (100 + adviser)"
  private static let customer = Column("车主编号", "customer_id", customerIdentifier)
  private static let vin = Column("VIN码", "vin", "vin")
  private static let dealer = Column("门店代码", "dealer_id", "'D' || (dealer + 1)")
  private static func visit(_ key: String) -> Column { Column("工单号", "visit_id", "'R' || \(key)") }

  private static func minute(_ column: String) -> String {
    "strftime(\(TableLayout.moment(column)), '%Y-%m-%d %H:%M')"
  }

  /// This system keeps whole yuan.
  private static func money(_ heading: String, _ canonical: String) -> Column {
    Column(heading, canonical, "round(\(TableLayout.money(canonical)))::INTEGER")
  }

  /// Insurance policies that ended more than this many days ago have gone to the archive.
  private static let archivedDays = 400

  static func forms(_ options: SimulationOptions) -> [Form] {
    let kept = "DATE '\(options.until - archivedDays)'"
    return [
      Form(file: "车主档案", table: .customers, filter: "true", columns: customerColumns),
      Form(file: "车辆档案", table: .vehicles, filter: "true", columns: vehicleColumns),
      Form(file: "过户记录", table: .ownerships, filter: "true", columns: ownershipColumns),
      Form(file: "销售记录", table: .purchases, filter: "true", columns: purchaseColumns),
      Form(file: "维修工单", table: .visits, filter: "true", columns: visitColumns(options)),
      // Oil and filters are on every maintenance order: the lines that tell something are the others.
      Form(
        file: "工单项目", table: .items,
        filter: """
          job NOT IN (\(JobCategory.oil.rawValue), \(JobCategory.filter.rawValue), \(JobCategory.other.rawValue))
          """, columns: itemColumns),
      Form(file: "满意度回访", table: .surveys, filter: "true", columns: surveyColumns(options)),
      Form(file: "投诉记录", table: .complaints, filter: "true", columns: complaintColumns),
      Form(
        file: "招揽记录", table: .contacts, filter: "channel = \(Channel.phone.rawValue)", columns: contactColumns
      ),
      // What was not granted needs no row: without a recorded consent nobody is contacted.
      Form(
        file: "联系授权", table: .consents,
        filter: "granted AND purpose <> \(ContactPurpose.profiling.rawValue)", columns: consentColumns),
      // An appointment that was kept is marked on its order.
      Form(
        file: "预约记录", table: .appointments, filter: "state <> \(AppointmentState.kept.rawValue)",
        columns: appointmentColumns),
      Form(file: "保养套餐", table: .packages, filter: "true", columns: packageColumns),
      Form(file: "保险记录", table: .insurance, filter: "ends_on >= \(kept)", columns: insuranceColumns),
      Form(file: "召回清单", table: .recalls, filter: "true", columns: recallColumns),
      Form(file: "服务顾问", table: .advisers, filter: "true", columns: adviserColumns),
      Form(file: "门店", table: .dealers, filter: "true", columns: dealerColumns),
      Form(file: "销售线索", table: .prospects, filter: "true", columns: prospectColumns),
    ]
  }

  private static let customerColumns: [Column] = [
    customer,
    .words("车主类型", "owner_type", "owner_type", ["个人", "单位", "政府", "租赁"], CodeWords.ownerType),
    Column("车主姓名", "name", "name"),
    Column("手机", "phone", "phone"),
    Column("城市", "city", TableLayout.word("city", Places.cities.map(\.name))),
    Column("纬度", "latitude", "round(latitude, 2)"), Column("经度", "longitude", "round(longitude, 2)"),
    dealer,
    .words(
      "联系方式偏好", "preferred_channel", "preferred_channel",
      ["电话", "短信", "微信", "邮件", "信函", "应用"], Array(CodeWords.channel.prefix(6))),
    Column("建档日期", "registered_on", "registered_on"),
  ]

  private static let vehicleColumns: [Column] = [
    vin, customer,
    Column("车型", "model", TableLayout.word("model", VehicleCatalogue.models.map(\.name))),
    Column(
      "动力类型", "powertrain",
      TableLayout.word(
        "model", VehicleCatalogue.models.map { chinesePowertrain[Int($0.powertrain.rawValue)] }),
      mapping: "CASE 动力类型 "
        + zip(chinesePowertrain, CodeWords.powertrain).map { "WHEN '\($0)' THEN '\($1)'" }.joined(
          separator: " ")
        + " END"),
    .words("用途", "use_type", "use_type", ["私家", "商用", "网约", "出租"], CodeWords.useType),
    Column("交车日期", "delivered_on", "delivered_on"),
    Column("车牌号", "plate", "plate"),
    // Not in the files: this system's warranty is the same for every car.
    .derived(
      "warranty_ends_on",
      "CAST(CAST(交车日期 AS DATE) + INTERVAL \(VehicleCatalogue.warrantyMonths) MONTH AS DATE)"),
    .derived("warranty_km", "\(Int(VehicleCatalogue.warrantyKilometres))"),
  ]

  /// What the price list says of each model.
  private static func byModel(_ value: (VehicleModel) -> String) -> String {
    let cases = VehicleCatalogue.models.map { "WHEN '\($0.name)' THEN \(value($0))" }
    return "CASE 车型 \(cases.joined(separator: " ")) END"
  }

  private static let chinesePowertrain = ["燃油", "油电混动", "插电混动", "纯电"]

  private static let ownershipColumns: [Column] = [
    vin, customer, Column("起始日期", "from", "from_day"), Column("终止日期", "to", "to_day"),
    .words(
      "终止原因", "end_reason", "reason", ["出售", "报废", "被盗", "全损", "迁出", "身故", "车队解散"],
      CodeWords.endReason),
  ]

  private static let purchaseColumns: [Column] = [
    customer, vin, Column("销售日期", "date", "date"),
    Column("成交价", "price", "round(price)::INTEGER"),
    .words("车况", "condition", "condition", ["新车", "认证二手车", "二手车"], CodeWords.condition), dealer,
    Column("贷款到期", "loan_ends_on", "loan_ends_on"),
    Column("转介绍人", "referred_by", "'C' || referrer"),
  ]

  static let chineseClasses = [
    "首保", "定保", "一般维修", "定保+一般维修", "事故", "索赔", "召回", "返修", "精品", "年检", "售前", "内部", "零售",
    "定保+精品",
  ]

  private static func visitColumns(_ options: SimulationOptions) -> [Column] {
    [
      visit("key"), customer, vin, dealer,
      Column("开单时间", "opened_at", "coalesce(opened_text, \(minute("opened")))"),
      Column("结算时间", "closed_at", minute("closed")),
      .words("工单状态", "status", "status", ["在修", "已结算", "作废"], CodeWords.status),
      Column("行驶里程", "odometer_km", "coalesce(odometer_text, \(TableLayout.odometer)::VARCHAR)"),
      .words("维修类型", "classes", "classes", chineseClasses, CodeWords.classes),
      money("客户付款", "customer_paid"), money("厂家付款", "warranty_paid"), money("保险付款", "insurance_paid"),
      money("套餐抵扣", "package_paid"), money("优惠金额", "discount"), money("成本", "cost"),
      money("预估金额", "estimate"),
      Column("服务顾问工号", "adviser_id", adviserIdentifier), .yesOrNo("是否预约", "booked", "booked"),
      Column("承诺交车", "promised_at", minute("promised")),
    ]
  }

  private static let itemColumns: [Column] = [
    visit("key"),
    .words(
      "项目类别", "job_category", "job",
      ["机油", "滤清器", "轮胎", "制动", "蓄电池", "雨刮", "空调", "钣喷", "发动机", "变速箱", "电器", "其他"],
      CodeWords.job), money("金额", "amount"), .yesOrNo("客户拒修", "declined", "declined"),
  ]

  private static func surveyColumns(_ options: SimulationOptions) -> [Column] {
    [
      customer, visit("visit"), Column("回访日期", "date", "date"),
      .words("问卷类型", "kind", "kind", ["售后满意度", "销售满意度", "净推荐值"], CodeWords.surveyKind),
      Column("得分", "score", "coalesce(score_text, score::VARCHAR)"),
      .derived("scale_min", "CASE 问卷类型 WHEN '净推荐值' THEN 0 ELSE 1 END"), .derived("scale_max", "10"),
      .words(
        "评价项目", "item", "item", ["总体", "价格", "质量", "时间", "服务顾问", "环境"], CodeWords.surveyItem),
    ]
  }

  private static let complaintColumns: [Column] = [
    Column("投诉单号", "complaint_id", "'K' || key"), customer, vin, Column("投诉日期", "opened_on", "opened_on"),
    Column("关闭日期", "closed_on", "closed_on"), Column("严重程度", "severity", "severity"),
    Column("重开日期", "reopened_on", "reopened_on"), .yesOrNo("客户满意", "satisfied", "satisfied"),
    .words("投诉主题", "topic", "topic", ["价格", "质量", "时间", "服务顾问", "环境"], CodeWords.topic),
  ]

  private static let contactColumns: [Column] = [
    customer, vin, Column("联系时间", "at", minute("\"at\"")),
    .words(
      "联系方式", "channel", "channel", ["电话", "短信", "微信", "邮件", "信函", "应用"],
      Array(CodeWords.channel.prefix(6))),
    .words(
      "目的", "purpose", "purpose", ["营销", "服务", "回访", "关怀"], Array(CodeWords.purpose.prefix(4))),
    .words(
      "结果", "outcome", "outcome", ["接通", "未接", "拒绝", "承诺来店", "已预约", "空号", "已送达", "失败"],
      CodeWords.outcome), Column("承诺日期", "promised_on", "promised_on"),
  ]

  private static let consentColumns: [Column] = [
    customer,
    .words(
      "渠道", "channel", "channel", ["电话", "短信", "微信", "邮件", "信函", "应用", "全部"], CodeWords.channel),
    .words("用途", "purpose", "purpose", ["营销", "服务", "回访", "关怀", "画像"], CodeWords.purpose),
    .yesOrNo("同意", "granted", "granted"), Column("日期", "at", "\"at\""),
  ]

  private static let appointmentColumns: [Column] = [
    Column("预约单号", "appointment_id", "'B' || key"), customer, vin,
    Column("登记时间", "booked_at", minute("booked")), Column("预约日期", "for_date", "for_date"),
    .words("状态", "state", "state", ["已预约", "已到店", "爽约", "取消"], CodeWords.appointment),
  ]

  private static let packageColumns: [Column] = [
    vin, Column("购买日期", "bought_on", "bought_on"), Column("次数", "visits_total", "visits_total"),
    Column("到期日期", "expires_on", "expires_on"), Column("价格", "price", "price"),
  ]

  private static let insuranceColumns: [Column] = [
    vin, .derived("starts_on", "CAST(到期日期 AS DATE) - 364"), Column("到期日期", "ends_on", "ends_on"),
    .yesOrNo("本店承保", "sold_here", "sold_here"),
  ]

  private static let recallColumns: [Column] = [
    vin, Column("召回编号", "campaign", "'RC' || (campaign + 1)"), Column("发布日期", "opened_on", "opened_on"),
    Column("完成日期", "done_on", "done_on"),
  ]

  private static let adviserColumns: [Column] = [
    Column("工号", "adviser_id", adviserIdentifier), dealer,
    Column("入职日期", "active_from", "active_from"), Column("离职日期", "active_to", "active_to"),
  ]

  private static let dealerColumns: [Column] = [
    dealer, Column("门店名称", "name", "'湖畔' || (dealer + 1) || '店'"),
    Column("城市", "city", TableLayout.word("city", Places.cities.map(\.name))),
    Column("纬度", "latitude", "round(latitude, 4)"), Column("经度", "longitude", "round(longitude, 4)"),
    Column("日接待能力", "daily_service_capacity", "daily_service_capacity"),
    Column("开业日期", "opens_on", "opens_on"),
  ]

  private static let prospectColumns: [Column] = [
    Column("线索编号", "prospect_id", "'L' || key"),
    .words(
      "线索来源", "source", "source", ["到店", "来电", "官网", "垂直媒体", "短视频", "车展", "转介绍", "售后"],
      CodeWords.prospectSource),
    Column("创建时间", "created_at", "coalesce(created_text, \(minute("created")))"),
    Column("手机", "phone", "phone"), Column("姓名", "name", "name"),
    Column("城市", "city", TableLayout.word("city", ProspectWriting.cities)),
    Column("区域", "district", TableLayout.word("district", Places.districts)),
    Column("意向车型", "interest_model", TableLayout.word("model", VehicleCatalogue.models.map(\.name))),
    Column("预算", "budget", "coalesce(budget_text, budget::VARCHAR)"),
    Column("购车周期月", "intends_within_months", "months"),
    Column("现有品牌", "current_brand", TableLayout.currentBrand),
    Column("现有车型", "current_model", TableLayout.currentModel), Column("车龄", "current_age_years", "age"),
    .words("意向", "intent", "intent", ["有意", "犹豫", "暂缓", "放弃"], CodeWords.intent),
    Column("核实时间", "verified_at", minute("verified")), Column("试驾日期", "test_drive_on", "test_drive_on"),
    Column("成交日期", "bought_on", "bought_on"), customer,
  ]
}
