/// Names, phones and plates of people who do not exist.
enum PersonNames {
  private static let surnames = Array("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金")
  private static let femaleGiven = Array("芳娜敏静丽艳娟霞秀燕玲桂兰洁梅琳雪莹倩婷玉萍红颖佳慧欣怡雯璐瑶琪蕾薇")
  private static let maleGiven = Array("伟强磊军洋勇杰涛明超平刚辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢阳建亮成畅")
  private static let neutralGiven = Array("文子晨思嘉一小天海春志晓云新国家安永世中")
  private static let companyHeads = Array("恒盛源通达顺泰丰兴隆益润宏瑞博远鼎诚华安")
  private static let companyKinds = ["商贸有限公司", "物流有限公司", "建材有限公司", "科技有限公司", "餐饮有限公司"]
  private static let rentalKinds = ["汽车租赁有限公司", "出行服务有限公司", "出租汽车有限公司"]
  private static let governmentKinds = ["市政管理处", "园林服务中心", "水务管理站", "实验学校"]

  static func person(female: Bool, _ random: inout RandomStream) -> String {
    let own = female ? femaleGiven : maleGiven
    var name = String(surnames[random.index(surnames.count)])
    if random.chance(0.75) { name.append(neutralGiven[random.index(neutralGiven.count)]) }
    name.append(own[random.index(own.count)])
    return name
  }

  static func organisation(_ type: OwnerType, _ random: inout RandomStream) -> String {
    let kinds =
      switch type {
      case .rental: rentalKinds
      case .government: governmentKinds
      default: companyKinds
      }
    let first = companyHeads[random.index(companyHeads.count)]
    let second = companyHeads[random.index(companyHeads.count)]
    return "\(first)\(second)\(kinds[random.index(kinds.count)])"
  }

  /// Heads of 11-digit numbers that are not given to people's phones, so that nobody is called by accident.
  private static let phoneHeads = [142, 143, 154, 160, 161, 163, 164, 168, 169]

  static func phone(_ random: inout RandomStream) -> String {
    let head = phoneHeads[random.index(phoneHeads.count)]
    return String(head * 100_000_000 + random.index(100_000_000))
  }

  private static let plateLetters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
  private static let smallNewEnergyLetters = Array("DABCEFGHJK")

  /// A plate by GA 36: five characters, or six with a leading letter for new-energy cars.
  static func plate(_ city: City, newEnergy: Bool, _ random: inout RandomStream) -> String {
    var plate = city.plate
    if newEnergy { plate.append(smallNewEnergyLetters[random.chance(0.7) ? 0 : random.index(10)]) }
    for place in 0..<5 {
      if place < 2, !newEnergy, random.chance(0.25) {
        plate.append(plateLetters[random.index(plateLetters.count)])
      } else {
        plate.append(String(random.index(10)))
      }
    }
    return plate
  }
}
