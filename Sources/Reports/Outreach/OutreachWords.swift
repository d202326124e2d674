public import ContactQueue
public import Histories

/// What stands around the figures of outreach, in both languages.
public enum OutreachWords {
  static let title = Bilingual("Who would be contacted", "联系计划预览")
  static let customer = Bilingual("Customer", "客户")
  static let vehicle = Bilingual("Vehicle", "车辆")
  static let tier = Bilingual("Tier", "价值等级")
  static let priority = Bilingual("Priority", "优先级")
  static let channel = Bilingual("Channel", "渠道")
  static let due = Bilingual("From", "最早时间")
  static let why = Bilingual("Why", "原因")
  static let lines = Bilingual("Lines", "行数")
  static let later = Bilingual("Later", "延后")
  static let share = Bilingual("Share", "占比")
  static let notContacted = Bilingual("Not contacted", "不联系")
  static let laterTitle = Bilingual("Later than now", "延后联系")
  static let total = Bilingual("all lines", "全部")
  static let contacted = Bilingual("contacted", "联系")
  static let outcome = Bilingual("Outcome", "结果")
  static let enqueued = Bilingual("enqueued", "已入队")
  static let alreadyThere = Bilingual("already there", "已在队列中")
  static let heldOut = Bilingual("held out", "对照组")
  static let suppressed = Bilingual("suppressed", "不联系")
  static let nothingNew = Bilingual(
    "Nothing new: the queue has all of it already.", "没有新任务：队列中均已存在。")

  /// Contacts of customers who have heard nothing for longer than the policy allows.
  static func first(_ count: Int, _ language: Language) -> String {
    let number = NumberText.grouped(count)
    return language == .english
      ? "\(number) contacts go first: the last before them was too long ago, or there was none."
      : "\(number) 位客户静默过久或从未联系，优先联系。"
  }

  static func campaign(_ name: String, wave: Int, _ language: Language) -> String {
    language == .english ? "Campaign \(name), wave \(wave)" : "活动 \(name)，第 \(wave) 波"
  }

  public static func channel(_ channel: Channel) -> Bilingual {
    switch channel {
    case .phone: Bilingual("phone", "电话")
    case .sms: Bilingual("SMS", "短信")
    case .wechat: Bilingual("WeChat", "微信")
    case .email: Bilingual("e-mail", "邮件")
    case .adviser: Bilingual("adviser", "服务顾问")
    }
  }

  public static func reason(_ reason: SuppressionReason) -> Bilingual {
    switch reason {
    case .noConsent: Bilingual("no consent on record", "无授权记录")
    case .consentRefused: Bilingual("consent refused", "已拒绝授权")
    case .profilingRefused: Bilingual("objects to profiling", "拒绝画像")
    case .doNotContact: Bilingual("asked not to be contacted", "要求勿扰")
    case .erased: Bilingual("data erased", "数据已删除")
    case .relationEnded: Bilingual("no longer has the car", "车辆已离手")
    case .complaintOpen: Bilingual("complaint open", "投诉未结")
    case .inWorkshop: Bilingual("car in the workshop", "车辆在修")
    case .visitBooked: Bilingual("visit booked", "已预约进厂")
    case .noAddress: Bilingual("no number or address", "无联系方式")
    case .invalidAddress: Bilingual("invalid number or address", "联系方式无效")
    case .dummyAddress: Bilingual("dummy number", "虚假号码")
    case .heldOut: Bilingual("held out", "对照组")
    case .unknownCustomer: Bilingual("customer or car unknown", "客户或车辆不存在")
    case .channelNotUsed: Bilingual("channel not used by the policy", "策略不使用该渠道")
    case .duplicateCustomer: Bilingual("another line contacts the customer", "客户重复")
    case .quietHours: Bilingual("quiet hours", "免打扰时段")
    case .holiday: Bilingual("holiday", "节假日")
    case .customerCap: Bilingual("contacted often enough", "联系次数已满")
    case .minimumGap: Bilingual("contacted too recently", "间隔过短")
    case .channelCap: Bilingual("channel at its cap", "渠道已达上限")
    case .otherTaskLive: Bilingual("another task is under way", "已有进行中的任务")
    case .paused: Bilingual("paused", "已暂停")
    }
  }
}
