import CustomerValue
import Evaluation
import Histories

/// The drawings that compare a model of visits with what happened.
struct ValueDrawings {
  let language: Language

  init(_ language: Language) {
    self.language = language
  }

  /// A drawing with its title and what it says.
  struct Drawing {
    let title: String
    let guide: String
    let svg: String
  }

  private func names(_ title: Bilingual, across: Bilingual, up: Bilingual) -> ComparisonFrame.Names {
    ComparisonFrame.Names(
      title: title[language], across: across[language], up: up[language], actual: ValueWords.actual[language],
      expected: ValueWords.expected[language])
  }

  func frequency(_ fit: FrequencyFit) -> Drawing {
    let chart = ComparisonBars(
      names(ValueWords.frequencyTitle, across: ValueWords.repeats, up: ValueWords.customers),
      labels: fit.actual.indices.map(ValueWords.repeats), actual: fit.actual.map(Double.init),
      expected: fit.expected)
    return Drawing(
      title: ValueWords.frequencyTitle[language], guide: ValueWords.frequencyGuide[language], svg: chart.svg)
  }

  /// The sums so far, and each week.
  func tracking(_ tracking: RepeatTracking) -> [Drawing] {
    let end = tracking.weeks.last ?? 0
    let border =
      tracking.calibrationWeeks < end
      ? (time: tracking.calibrationWeeks, name: ValueWords.holdOut[language]) : nil
    // A last week that is not whole would look like a fall.
    let whole = tracking.weeks.enumerated().prefix { $1 == Double($0 + 1) }.count
    let drawings: [(Bilingual, [Double], [Double], Int)] = [
      (
        ValueWords.cumulativeTitle, Self.sums(tracking.actual), Self.sums(tracking.expected),
        tracking.weeks.count
      ),
      (ValueWords.weeklyTitle, tracking.actual, tracking.expected, whole),
    ]
    return drawings.map { title, actual, expected, count in
      let chart = ComparisonLines(
        names(title, across: ValueWords.week, up: ValueWords.repeats),
        times: Array(tracking.weeks.prefix(count)), actual: Array(actual.prefix(count)),
        expected: Array(expected.prefix(count)), border: border)
      return Drawing(title: title[language], guide: ValueWords.trackingGuide[language], svg: chart.svg)
    }
  }

  private static func sums(_ values: [Double]) -> [Double] {
    var sum = 0.0
    return values.map {
      sum += $0
      return sum
    }
  }

  func conditional(_ holdOut: HoldOutComparison) -> Drawing {
    let chart = ComparisonBars(
      names(ValueWords.conditionalTitle, across: ValueWords.repeats, up: ValueWords.meanVisits),
      labels: holdOut.rows.map { ValueWords.repeats($0.repeats) }, actual: holdOut.rows.map(\.actual),
      expected: holdOut.rows.map(\.predicted))
    return Drawing(
      title: ValueWords.conditionalTitle[language], guide: ValueWords.conditionalGuide[language],
      svg: chart.svg)
  }

  func alive(_ matrix: AliveMatrix, unit: TimeUnit) -> Drawing {
    let units = ValueWords.unit(unit, language)
    let grid = ProbabilityGrid(
      title: ValueWords.aliveTitle[language], across: ValueWords.repeats[language],
      up: "\(ValueWords.recency[language]) (\(units))", columns: matrix.repeats.map(String.init),
      rows: matrix.recencies.map(NumberText.short), probabilities: matrix.probabilities)
    return Drawing(
      title: ValueWords.aliveTitle[language],
      guide: ValueWords.aliveGuide(age: "\(NumberText.short(matrix.age)) \(units)", language), svg: grid.svg)
  }
}
