import Features
import Histories

extension FeatureUnit {
  /// One of them, as in "per day".
  var single: Bilingual {
    switch self {
    case .days: Bilingual("day", "天")
    case .months: Bilingual("month", "月")
    case .kilometres: Bilingual("km", "公里")
    case .count: Bilingual("piece", "次")
    case .ratio: Bilingual("1 of ratio", "比值1")
    case .share: Bilingual("1 of share", "占比1")
    case .money: Bilingual("currency unit", "元")
    case .flag, .category: Bilingual("yes", "是")
    case .score: Bilingual("point", "分")
    case .logRatio: Bilingual("1 of log ratio", "对数比1")
    case .kilometresPerDay: Bilingual("km/day", "公里/天")
    case .perYear: Bilingual("1 a year", "次/年")
    }
  }
}
