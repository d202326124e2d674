import BuyTillYouDie
import CustomerValue
import Evaluation
import Histories

/// Words about customers' values.
enum ValueWords {
  static let title = Bilingual("Customer value", "客户价值")
  static let model = Bilingual("model", "模型")
  static let parameter = Bilingual("parameter", "参数")
  static let estimate = Bilingual("estimate", "估计值")
  static let error = Bilingual("std. error", "标准误")
  static let logLikelihood = Bilingual("log-likelihood", "对数似然")
  static let criterion = Bilingual("AIC", "AIC")
  static let chosen = Bilingual("chosen", "选用")
  static let notFitted = Bilingual("could not be fitted", "无法拟合")
  static let repeats = Bilingual("repeats", "回访次数")
  static let customers = Bilingual("customers", "客户数")
  static let alive = Bilingual("P(alive)", "存活概率")
  static let spend = Bilingual("spend a visit", "单次消费")
  static let value = Bilingual("value", "价值")
  static let valueShare = Bilingual("share", "占比")
  static let all = Bilingual("All", "合计")
  static let actual = Bilingual("actual", "实际")
  static let expected = Bilingual("expected", "预期")
  static let predicted = Bilingual("predicted", "预测")
  static let holdOut = Bilingual("hold-out", "验证期")
  static let week = Bilingual("week", "周")
  static let recency = Bilingual("last visit after", "末次到访距首次")
  static let spendModel = Bilingual("Gamma-Gamma (spend)", "Gamma-Gamma（消费）")
  static let total = Bilingual("total", "总计")
  static let residual = Bilingual("residual value", "剩余价值")

  /// `3`, `7+`.
  static func repeats(_ repeats: Int) -> String {
    repeats < FrequencyFit.mostRepeats ? "\(repeats)" : "\(repeats)+"
  }

  static func visits(months: Int, _ language: Language) -> String {
    Bilingual("visits in \(months) months", "\(months) 个月到访")[language]
  }

  static func unit(_ unit: TimeUnit, _ language: Language) -> String {
    switch unit {
    case .day: Bilingual("days", "天")[language]
    case .week: Bilingual("weeks", "周")[language]
    case .month: Bilingual("months", "月")[language]
    }
  }

  /// `MBG/CNBD-k (k = 2)`.
  static func name(_ kind: RepeatModelKind, k: Int) -> String {
    kind.isRegular ? "\(kind.paperName) (k = \(k))" : kind.paperName
  }

  // MARK: Drawings

  static let frequencyTitle = Bilingual("How often customers came again", "客户回访次数分布")
  static let frequencyGuide = Bilingual(
    "Customers by their number of repeats in the calibration, and as the model expects them. Bars of one height: the model "
      + "describes who comes how often.", "校准期内按回访次数统计的客户数与模型预期。两柱等高说明模型描述了到访分布。")
  static let cumulativeTitle = Bilingual("Repeats so far", "累计回访次数")
  static let weeklyTitle = Bilingual("Repeats a week", "每周回访次数")
  static let trackingGuide = Bilingual(
    "The model knows nothing but when customers came for the first time. What is right of the dashed line was not fitted to.",
    "模型只知道客户首次到访的时间。虚线右侧的数据未参与拟合。")
  static let conditionalTitle = Bilingual("Visits in the hold-out by repeats before", "验证期到访次数（按校准期回访次数）")
  static let conditionalGuide = Bilingual(
    "Mean visits of a customer in the hold-out, by the number of repeats in the calibration.",
    "按校准期回访次数分组的客户在验证期内的平均到访次数。")
  static let aliveTitle = Bilingual("P(alive) in per cent", "存活概率（%）")

  static func aliveGuide(age: String, _ language: Language) -> String {
    Bilingual(
      "Of customers known for \(age): the later the last visit, the surer they are still there; who came often and then no more "
        + "has left.", "观察期为 \(age) 的客户：末次到访越晚越可能仍在；曾经常来而久未再来者已流失。")[language]
  }
}

extension ValueWords {
  /// A parameter with the digits that say something: four decimals below 100, then fewer.
  static func figure(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value.magnitude < 100 ? 4 : value.magnitude < 10_000 ? 2 : 0
    return NumberText.decimals(value, digits)
  }
}

extension ValueWords {
  static let meanVisits = Bilingual("mean visits", "平均到访次数")
  static let aliveTile = Bilingual("taken to be alive", "预计仍在")
  static let topTenthTile = Bilingual("of it with the best tenth", "来自前 10 % 客户")
  static let byRepeats = Bilingual("Value by number of repeats", "按回访次数的价值")
  static let parameters = Bilingual("Parameters", "参数")
  static let covariates = Bilingual("Covariates", "协变量")
  static let covariatesGuide = Bilingual(
    "A coefficient above 0 means more visits, or leaving earlier. The likelihood-ratio test asks whether the model is worse without "
      + "the column in that process.", "系数大于 0 表示到访更频繁，或更早流失。似然比检验考察去掉该列后模型是否变差。")
  static let process = Bilingual("acts on", "作用于")
  static let covariate = Bilingual("covariate", "协变量")
  static let ratioTest = Bilingual("LR test χ² (df)", "似然比检验 χ²（自由度）")
  static let pValue = Bilingual("p", "p 值")
  static let allCovariates = Bilingual("all together", "全部")

  static func process(_ process: CovariateEffects.Process) -> Bilingual {
    switch process {
    case .visits: Bilingual("visits", "到访")
    case .leaving: Bilingual("leaving", "流失")
    }
  }

  static func reference(_ column: String, _ level: String, _ language: Language) -> String {
    Bilingual("\(column) (against \(level))", "\(column)（对照 \(level)）")[language]
  }
  static let parametersGuide = Bilingual(
    "Maximum likelihood, with standard errors from the curvature at the maximum.", "极大似然估计，标准误由极大点处的曲率得出。")

  static func valueTile(months: Int, _ language: Language) -> String {
    Bilingual("discounted value of \(months) months", "\(months) 个月折现价值")[language]
  }
}
