public import Histories

/// What the catalogue knows of one feature.
public struct FeatureDefinition: Sendable {
  /// The column of a feature row.
  public let feature: Feature
  /// Number in the catalogue of the project.
  public let number: Int
  public let group: FeatureGroup
  public let unit: FeatureUnit
  public let kind: FeatureKind
  /// What a higher value should do to the risk of lapse.
  public let direction: Direction
  /// What it may be used for.
  public let use: FeatureUse
  /// What it is, exactly.
  public let definition: Bilingual
  /// What people call it.
  public let label: Bilingual
  /// Which of the topics a manager talks about it belongs to.
  public let topic: ReasonTopic
  /// A sentence that says why the value raises the risk, `{value}` standing for the value; `nil` where the feature
  /// never is a reason by itself.
  public let reason: Bilingual?

  /// Name in files: snake case.
  public var name: String { feature.name }
}

/// The groups of the catalogue.
public enum FeatureGroup: String, Sendable, CaseIterable {
  case recency = "A"
  case frequency = "B"
  case money = "C"
  case mix = "D"
  case vehicle = "E"
  case place = "F"
  case service = "G"
  case satisfaction = "H"
  case complaints = "I"
  case contact = "J"
  case quality = "K"
  case context = "L"
  case value = "M"

  public var label: Bilingual {
    switch self {
    case .recency: Bilingual("Recency and due state", "最近到店与到期状态")
    case .frequency: Bilingual("Frequency and regularity", "频次与规律")
    case .money: Bilingual("Money", "消费金额")
    case .mix: Bilingual("Visit mix, payer and work", "进厂类型与付款方")
    case .vehicle: Bilingual("Vehicle, warranty, ownership", "车辆、质保与车主")
    case .place: Bilingual("Place and convenience", "地点与便利")
    case .service: Bilingual("Service experience", "服务体验")
    case .satisfaction: Bilingual("Satisfaction", "满意度")
    case .complaints: Bilingual("Complaints", "投诉")
    case .contact: Bilingual("Contact and campaign", "联系与活动")
    case .quality: Bilingual("Data quality", "数据质量")
    case .context: Bilingual("Context", "环境")
    case .value: Bilingual("Value and potential", "价值与潜力")
    }
  }
}

/// What a feature may be used for.
public enum FeatureUse: String, Sendable {
  /// A candidate of the risk model.
  case risk
  /// Value and segmentation only: never enters a risk model.
  case value
  /// Eligibility and operations only: never enters a risk model.
  case operations
}

/// Units; they decide how a value is written.
public enum FeatureUnit: String, Sendable {
  case days, months, kilometres, count, ratio, share, money, flag, category, score
  case logRatio = "log ratio"
  case kilometresPerDay = "km/day"
  case perYear = "per year"
}

/// What kind of number a feature is, and with it how a model takes it in.
public enum FeatureKind: Sendable {
  case numeric
  /// Long-tailed: taken as sign(x) · ln(1 + |x|).
  case logarithm
  /// 0 or 1.
  case flag
  /// A code into these levels.
  case category([CategoryLevel])
}

/// One level of a categorical feature.
public struct CategoryLevel: Sendable {
  /// Name in files.
  public let name: String
  public let label: Bilingual

  init(_ name: String, _ english: String, _ chinese: String) {
    self.name = name
    label = Bilingual(english, chinese)
  }
}

/// The expected direction of a feature on the risk of lapse.
public enum Direction: String, Sendable {
  case raises = "+"
  case lowers = "-"
  case byCategory = "?"
  case unclear = "0"
}

/// What a manager talks about: features that say the same thing are one reason.
public enum ReasonTopic: String, Sendable, CaseIterable {
  case overdue, rhythm, frequency, spending, price, package, mix, age, usage, warranty, ownership, profile,
    finance
  case place, adviser, service, satisfaction, complaint
  case insurance, recall, declined, contact, records, peers, season, worth
}
