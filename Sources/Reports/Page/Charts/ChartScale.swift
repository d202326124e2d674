import Foundation

/// Puts numbers on an axis of a drawing, straight or by their logarithm, with round marks.
struct ChartScale {
  let lower: Double
  let upper: Double
  /// Length of the axis in units of the drawing.
  let length: Double
  /// Where the scale turns from straight to logarithmic: log(1 + x / unit); nil for a straight axis.
  let unit: Double?

  /// An axis is logarithmic when the middle knot stands within this share of it.
  private static let crowded = 0.12
  private static let leastKnots = 4

  /// A straight axis; widened when it has no length.
  init(lower: Double, upper: Double, length: Double) {
    let half = upper > lower ? 0 : max(upper.magnitude, 1) / 2
    self.lower = lower - half
    self.upper = upper + half
    self.length = length
    unit = nil
  }

  /// An axis for knots: logarithmic when they are nowhere negative and most of them crowd at the lower end.
  init(knots: [Double], length: Double) {
    let (least, greatest) = (knots[0], knots[knots.count - 1])
    lower = least
    upper = greatest
    self.length = length
    let middle = knots[knots.count / 2]
    let isCrowded = middle - least < Self.crowded * (greatest - least)
    unit =
      knots.count >= Self.leastKnots && least >= 0 && isCrowded
      ? knots[knots.count / 4] > 0 ? knots[knots.count / 4] : knots.first { $0 > 0 } : nil
  }

  func position(_ value: Double) -> Double {
    guard let unit else { return (value - lower) / (upper - lower) * length }
    let start = log1p(lower / unit)
    return (log1p(value / unit) - start) / (log1p(upper / unit) - start) * length
  }

  /// The value at a position.
  func value(at position: Double) -> Double {
    let share = position / length
    guard let unit else { return lower + share * (upper - lower) }
    let start = log1p(lower / unit)
    return unit * expm1(start + share * (log1p(upper / unit) - start))
  }

  /// Round numbers within the axis, ascending.
  ///
  /// - Parameter apart: two marks stand at least so far from each other.
  func marks(apart: Double) -> [Double] {
    unit == nil ? straightMarks(apart: apart) : logarithmicMarks(apart: apart)
  }

  private static let steps = [1.0, 2, 5]

  private func straightMarks(apart: Double) -> [Double] {
    let least = (upper - lower) * apart / length
    guard least > 0, least.isFinite else { return [lower] }
    let power = pow(10, log10(least).rounded(.down))
    let step = (Self.steps + [10]).map { $0 * power }.first { $0 >= least } ?? 10 * power
    let first = (lower / step).rounded(.up)
    let last = (upper / step).rounded(.down)
    guard first <= last else { return [lower] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private func logarithmicMarks(apart: Double) -> [Double] {
    guard let unit else { return [] }
    let powers =
      Int(
        log10(unit).rounded(.down))...max(
        Int(log10(upper).rounded(.up)), Int(log10(unit).rounded(.down)))
    var marks: [Double] = []
    // Powers of ten before their multiples: these are left out where there is no room.
    for wanted in [[lower]] + Self.steps.map({ step in powers.map { step * pow(10, Double($0)) } }) {
      for mark in wanted where mark >= lower && mark <= upper {
        let place = position(mark)
        if marks.allSatisfy({ (position($0) - place).magnitude >= apart }) { marks.append(mark) }
      }
    }
    return marks.sorted()
  }
}
