extension Catalogue {
  static let surroundings: [FeatureDefinition] = [
    entry(
      .distKm, 75, .place, .kilometres, .logarithm, .raises, .place,
      ("distance to the store", "距门店公里数"),
      (
        "great-circle km from the middle of the home's 0.01° grid cell to the home store",
        "住址所在0.01°网格中心到归属门店的大圆距离（公里）"
      ),
      reason: ("Lives about {value} km from the store", "住址距门店约{value}公里")),
    entry(
      .moved365, 76, .place, .flag, .flag, .raises, .place,
      ("moved house", "近一年搬迁"),
      (
        "1 when the same person was entered again in the last 365 days with another city or district than before; "
          + "missing for who was entered once, for a history of addresses is not kept",
        "同一人近365天再次建档且城市或区县与前次不同为1；只建档一次为缺失（无地址历史）"
      ),
      reason: ("Has moved within the last 12 months", "近12个月搬迁")),
    entry(
      .plateAway, 77, .place, .flag, .flag, .raises, .place,
      ("plate of another place", "外地车牌"),
      (
        "1 when fewer than a tenth of the plates of the home store's customers have the same province and authority; "
          + "missing with fewer than 20 plates",
        "归属门店客户车牌中同省份与发牌机关者不足十分之一为1；不足20个车牌为缺失"
      ),
      reason: ("The car is registered elsewhere", "车辆为外地牌照")),
  ]

  static let records: [FeatureDefinition] = [
    entry(
      .phoneOk, 105, .quality, .score, .numeric, .lowers, .records,
      ("phone number", "电话有效性"),
      (
        "0 without a valid number or when it was last found invalid, 2 when somebody last answered it, else 1",
        "无有效号码或最近一次结果为空号为0，最近一次有人接听为2，其余为1"
      ),
      reason: ("No valid phone number", "没有有效电话")),
    entry(
      .odoConflict, 106, .quality, .flag, .flag, .raises, .records,
      ("odometer readings contradict", "里程记录矛盾"),
      (
        "1 when an order of the vehicle held a reading below an earlier one of the same owner or an impossible jump",
        "该车工单里程低于同一车主此前读数或跳升异常为1"
      ),
      reason: ("The odometer readings contradict each other", "里程记录前后矛盾")),
    entry(
      .dqScore, 107, .quality, .score, .numeric, .unclear, .records,
      ("quality of the records", "资料质量分"),
      (
        "share of 8 checks that hold × 100: phone valid, name, coordinates or city, home store, VIN well-formed, model and "
          + "delivery date, a reading, no contradictory readings",
        "8项检查通过比例×100：电话有效、姓名、坐标或城市、归属门店、VIN格式、车型与交车日、有里程、里程无矛盾"
      ),
      use: .operations),
  ]

  static let context: [FeatureDefinition] = [
    entry(
      .peerLapse, 108, .context, .share, .numeric, .raises, .peers,
      ("lapse of similar cars", "同类车流失率"),
      (
        "of relations with the same model and age band (to 2, 4, 6, 10 years, older) at the time that had a qualified order "
          + "730 to 365 days before the date and have not ended, the share without one since, shrunk to the share of all "
          + "(weight 20)",
        "同车型同车龄段（2、4、6、10年及以上）且730至365天前有有效工单、未终止的关系中，此后再无者的比例，向总体收缩（权重20）"
      ),
      reason: ("{value} of the owners of such cars stop coming", "同类车主有{value}不再到店")),
    entry(
      .storeLapse, 109, .context, .share, .numeric, .raises, .peers,
      ("lapse of the store", "门店流失率"),
      (
        "the same share among the customers of the home store, shrunk to the share of all (weight 20)",
        "归属门店客户的同一比例，向总体收缩（权重20）"
      ),
      reason: ("{value} of the store's customers stop coming", "该门店有{value}的客户不再到店")),
    entry(
      .seasonSin, 110, .context, .score, .numeric, .byCategory, .season,
      ("season, sine", "季节（正弦）"), ("sin(2π · month / 12)", "sin(2π×月份／12)，月份取截止日")),
    entry(
      .seasonCos, 110, .context, .score, .numeric, .byCategory, .season,
      ("season, cosine", "季节（余弦）"), ("cos(2π · month / 12)", "cos(2π×月份／12)，月份取截止日")),
    entry(
      .seasonFestivalDays, 110, .context, .days, .numeric, .byCategory, .season,
      ("days to Spring Festival", "距春节天数"),
      ("days to the next Spring Festival, 0 on the day", "距下一个春节的天数，当日为0")),
  ]
}
