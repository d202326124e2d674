import Foundation

/// Writes the numbers of one axis with as many decimals as tell them apart, and no more.
struct KnotText {
  private let decimals: Int?

  private static let mostDecimals = 6
  /// A rounding that moves no knot by more than this share of the usual distance between two is not seen.
  private static let leastShift = 0.05
  /// From here on digits stand in groups of three; below, years would be torn apart.
  private static let leastGrouped = 10_000.0
  /// Beyond this a number is written with an exponent.
  private static let greatestPlain = 1e12

  /// - Parameter numbers: ascending.
  init(_ numbers: [Double]) {
    let gaps = zip(numbers, numbers.dropFirst()).map { $1 - $0 }.sorted()
    let usual = gaps.isEmpty ? 1 : gaps[gaps.count / 2]
    let isPlain = numbers.allSatisfy { $0.magnitude < Self.greatestPlain }
    decimals =
      !isPlain
      ? nil
      : (0...Self.mostDecimals).first { decimals in
        let scale = pow(10, Double(decimals))
        let rounded = numbers.map { ($0 * scale).rounded() / scale }
        return zip(numbers, rounded).allSatisfy { ($0 - $1).magnitude <= Self.leastShift * usual }
          && zip(rounded, rounded.dropFirst()).allSatisfy { $0 < $1 }
      }
  }

  func callAsFunction(_ number: Double) -> String {
    guard let decimals else { return String(format: "%.6g", number) }
    let scale = pow(10, Double(decimals))
    let rounded = (number * scale).rounded() / scale
    guard rounded.magnitude >= Self.leastGrouped else {
      return String(format: "%.\(decimals)f", rounded == 0 ? 0 : rounded)
    }
    let text = String(format: "%.\(decimals)f", rounded)
    let whole = NumberText.grouped(Int(rounded.rounded(.towardZero)))
    return whole + (text.firstIndex(of: ".").map { String(text[$0...]) } ?? "")
  }
}
