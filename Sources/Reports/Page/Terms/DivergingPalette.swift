/// Colours from blue over the colour of the paper to orange, which people tell apart whatever colours they see: below 0,
/// 0, above 0.
enum DivergingPalette {
  /// Steps to either side of 0.
  static let half = 8

  private typealias Colour = (red: Double, green: Double, blue: Double)

  private static let blue: [Colour] = [(214, 228, 241), (74, 140, 200), (12, 60, 120)]
  private static let orange: [Colour] = [(250, 226, 204), (224, 120, 36), (130, 48, 4)]
  private static let darkBlue: [Colour] = [(38, 56, 76), (70, 140, 205), (190, 224, 255)]
  private static let darkOrange: [Colour] = [(72, 52, 36), (220, 122, 44), (255, 220, 180)]
  private static let middle: Colour = (246, 246, 246)
  private static let darkMiddle: Colour = (38, 42, 46)

  /// The class of a value: `m0`, the strongest blue, to `m16`, the strongest orange.
  static func style(_ value: Double, greatest: Double) -> Int {
    guard greatest > 0 else { return half }
    let step = (value / greatest * (Double(half) + 0.5)).rounded(.toNearestOrAwayFromZero)
    return half + Int(min(max(step, -Double(half)), Double(half)))
  }

  /// The rules of all classes, for light or for dark paper.
  static func rules(dark: Bool) -> String {
    (0...2 * half).map { step in
      let distance = step - half
      let ramp = distance < 0 ? (dark ? darkBlue : blue) : (dark ? darkOrange : orange)
      let colour =
        distance == 0
        ? (dark ? darkMiddle : middle)
        : shade(ramp, Double(distance.magnitude - 1) / Double(half - 1))
      let parts = [colour.red, colour.green, colour.blue].map { "\(Int($0.rounded()))" }
      return ".m\(step) { fill: rgb(\(parts.joined(separator: " "))); }"
    }.joined(separator: "\n")
  }

  private static func shade(_ ramp: [Colour], _ share: Double) -> Colour {
    let place = share * Double(ramp.count - 1)
    let node = min(Int(place), ramp.count - 2)
    let (first, second, rest) = (ramp[node], ramp[node + 1], place - Double(node))
    func mix(_ a: Double, _ b: Double) -> Double { a + (b - a) * rest }
    return (mix(first.red, second.red), mix(first.green, second.green), mix(first.blue, second.blue))
  }
}
