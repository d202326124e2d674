import Histories

extension Catalogue {
  private static let powertrains = [
    CategoryLevel("ICE", "combustion", "燃油"), CategoryLevel("HEV", "hybrid", "混动"),
    CategoryLevel("PHEV", "plug-in hybrid", "插混"), CategoryLevel("BEV", "battery", "纯电"),
  ]
  private static let warrantyPhases = [
    CategoryLevel("in_warranty", "more than 180 days left", "质保剩余180天以上"),
    CategoryLevel("last_180", "in the last 180 days", "质保最后180天"),
    CategoryLevel("after_180", "ended less than 180 days ago", "过保180天内"),
    CategoryLevel("later", "ended long ago", "过保已久"),
  ]
  private static let ownerTypes = [
    CategoryLevel("person", "person", "个人"), CategoryLevel("company", "company", "企业"),
    CategoryLevel("government", "government", "政府"), CategoryLevel("rental", "rental", "租赁"),
  ]
  private static let useTypes = [
    CategoryLevel("private", "private", "私家"), CategoryLevel("commercial", "commercial", "商用"),
    CategoryLevel("ride_hailing", "ride-hailing", "网约车"), CategoryLevel("taxi", "taxi", "出租"),
  ]
  private static let conditions = [
    CategoryLevel("new", "new", "新车"), CategoryLevel("certified_used", "certified used", "认证二手"),
    CategoryLevel("used", "used", "二手"),
  ]

  static let vehicle: [FeatureDefinition] = [
    entry(
      .ageMonths, 52, .vehicle, .months, .numeric, .raises, .age,
      ("vehicle age in months", "车龄（月）"),
      ("months since delivery", "交车至今月数"),
      reason: ("The car is {value} months old", "车龄已{value}个月")),
    entry(
      .odoHat, 53, .vehicle, .kilometres, .logarithm, .raises, .age,
      ("estimated odometer", "推算里程"),
      ("last valid odometer plus km per day times days since", "最近有效里程＋日均公里×天数"),
      reason: ("High mileage (about {value} km)", "里程较高（约{value}公里）")),
    entry(
      .kmDay, 54, .vehicle, .kilometresPerDay, .logarithm, .byCategory, .usage,
      ("km per day", "日均公里"),
      (
        "Theil–Sen slope of odometer readings of 730 days, shrunk to model and use",
        "近730天里程Theil–Sen斜率，向车型用途中位数收缩"
      ),
      reason: ("Drives {value} km a day", "日均行驶{value}公里")),
    entry(
      .kmDayChange, 55, .vehicle, .logRatio, .numeric, .raises, .usage,
      ("change of km per day", "日均公里变化"),
      ("ln(km per day of the last 365 days / before)", "ln(近365天日均公里／此前)"),
      reason: ("Drives {factor} times as much as before", "行驶强度是以前的{factor}倍")),
    entry(
      .powertrain, 56, .vehicle, .category, .category(powertrains), .byCategory, .profile,
      ("powertrain", "动力类型"), ("powertrain of the vehicle", "车辆动力类型"),
      reason: ("Powertrain: {value}", "动力类型：{value}")),
    entry(
      .wtyDaysLeft, 58, .vehicle, .days, .numeric, .lowers, .warranty,
      ("days of warranty left", "质保剩余天数"),
      ("days to the end of warranty by date, negative after", "按日期质保剩余天数，过保为负"),
      reason: ("Warranty: {value} days left", "质保剩余{value}天")),
    entry(
      .wtyEffDaysLeft, 59, .vehicle, .days, .numeric, .lowers, .warranty,
      ("days of warranty left, by date or km", "质保有效剩余天数"),
      ("the fewer of days left and km left / km per day", "剩余天数与剩余里程折算天数取小"),
      reason: ("Warranty (by date or km): {value} days left", "质保（按日期或里程）剩余{value}天")),
    entry(
      .wtyPhase, 60, .vehicle, .category, .category(warrantyPhases), .byCategory, .warranty,
      ("warranty phase", "质保阶段"),
      ("more than 180 days left, last 180, first 180 after, later", "剩余180天以上／最后180天／过保180天内／更久"),
      reason: ("Warranty {value}", "{value}")),
    entry(
      .wtyExt, 61, .vehicle, .flag, .flag, .lowers, .warranty,
      ("extended warranty", "延保"), ("1 with an extended warranty in force", "延保有效为1"),
      reason: ("No extended warranty", "没有延保")),
    entry(
      .ownerSeq, 62, .vehicle, .count, .numeric, .raises, .ownership,
      ("owner number", "第几任车主"), ("1 for the first owner, 2 for a later one", "首任为1，后任为2"),
      reason: ("Not the first owner of the car", "非首任车主")),
    entry(
      .ownChangeDays, 63, .vehicle, .days, .logarithm, .lowers, .ownership,
      ("days since the car changed hands", "过户天数"),
      ("days since the last change of owner; missing for first owners", "距上次过户天数，首任车主为缺失"),
      reason: ("The car changed hands {value} days ago", "{value}天前过户")),
    entry(
      .ownerType, 64, .vehicle, .category, .category(ownerTypes), .byCategory, .profile,
      ("owner type", "车主类型"), ("person, company, government or rental", "个人／企业／政府／租赁"),
      reason: ("Owner type: {value}", "车主类型：{value}")),
    entry(
      .useType, 65, .vehicle, .category, .category(useTypes), .byCategory, .profile,
      ("use", "用途"), ("private, commercial, ride-hailing or taxi", "私家／商用／网约车／出租"),
      reason: ("Use: {value}", "用途：{value}")),
    entry(
      .boughtHere, 66, .vehicle, .flag, .flag, .lowers, .ownership,
      ("bought here", "本店购车"), ("1 when the group sold the vehicle to this customer", "由本集团售出为1"),
      reason: ("The car was not bought here", "非本店购车")),
    entry(
      .newUsed, 67, .vehicle, .category, .category(conditions), .byCategory, .ownership,
      ("condition at purchase", "购车类型"), ("new, certified used or used at purchase", "新车／认证二手／二手"),
      reason: ("Bought as: {value}", "购车类型：{value}")),
    entry(
      .nVehicles, 68, .vehicle, .count, .numeric, .lowers, .profile,
      ("vehicles held", "名下车辆数"), ("vehicles the customer holds at the as-of date", "截止日名下在用车辆数"),
      reason: nil),
    entry(
      .loanMonthsLeft, 69, .vehicle, .months, .numeric, .lowers, .finance,
      ("months of the loan left", "贷款剩余月数"),
      ("months left on finance, 0 after its end; missing without a loan", "贷款剩余月数，结清为0，无贷款为缺失"),
      reason: ("Loan: {value} months left", "贷款剩余{value}个月")),
    entry(
      .replWindow, 70, .vehicle, .flag, .flag, .raises, .age,
      ("likely to replace the car", "换车窗口期"),
      ("1 at an age of 36 to 72 months or with a loan ending within 6 months", "车龄36–72个月或贷款6个月内到期为1"),
      reason: ("At the age at which cars are replaced", "处于换车窗口期")),
  ]

  static let place: [FeatureDefinition] = [
    entry(
      .otherStoreShare, 78, .place, .share, .numeric, .raises, .place,
      ("visits at other stores", "他店进厂比例"),
      ("share of the visits of 730 days at stores other than the home store", "近730天在非归属门店进厂比例"),
      reason: ("{value} of the visits were at other stores", "{value}的进厂在其他门店")),
    entry(
      .apptRate730, 79, .place, .share, .numeric, .lowers, .place,
      ("visits with appointment", "预约到店比例"),
      ("share of the visits of 730 days with an appointment", "近730天预约到店比例"),
      reason: ("Only {value} of the visits were booked ahead", "仅{value}的到店提前预约")),
  ]
}
