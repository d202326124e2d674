internal import Foundation

/// When somebody with a history may have left, by a Pareto/NBD: the integral over that time in nodes and weights.
///
/// The likelihood is Γ(r + x)/Γ(r)·αʳ·(α + t_x)⁻ᴬ·(β/(β + t_x))ˢ with A = r + x, times
///
///     exp(−g(T)) + ∫ s/(β + τ)·exp(−g(τ)) dτ,   τ from t_x to T,   g(τ) = A·ln((α + τ)/(α + t_x)) + s·ln((β + τ)/(β + t_x)),
///
/// all of it positive: no digits cancel, as they do between hypergeometric functions. With c the lesser of α and β and
/// u = ln((c + τ)/(c + t_x)) the integrand is analytic in |Im u| < π, and Gauss-Legendre panels that are no longer than 2
/// and over which g grows by 14 at most, until it has grown by 40, give the integral to about 1e-13 of it.
struct DeathTime {
  private let model: ParetoNBD
  /// A.
  private let events: Double
  private let last: Double
  /// c + t_x, and whether c is α.
  private let origin: Double
  private let isByRate: Bool
  /// How far the other of α and β lies above c.
  private let offset: Double
  /// Range of u, and in how many panels.
  private let width: Double
  private let panels: Int
  private let nodes: [(place: Double, weight: Double)]
  /// exp(−g(T)).
  let alive: Double

  /// What is left of the integral behind exp(−40) is not seen.
  private static let farthestDrop = 40.0
  private static let panelDrop = 14.0
  private static let panelWidth = 2.0
  /// A single panel that is no longer, over which g grows by no more, needs half of the nodes.
  private static let shortWidth = 0.7
  private static let shortDrop = 3.0
  private static let mostPanels = 1e4

  init(_ model: ParetoNBD, _ history: RepeatHistory) {
    self.init(
      model, events: model.r + Double(history.repeats), last: history.last, age: history.age)
  }

  init(_ model: ParetoNBD, events: Double, last: Double, age: Double) {
    self.model = model
    self.events = events
    self.last = last
    isByRate = model.alpha <= model.beta
    origin = min(model.alpha, model.beta) + last
    offset = abs(model.alpha - model.beta)
    let gap = age - last
    let total = events * log1p(gap / (model.alpha + last)) + model.s * log1p(gap / (model.beta + last))
    alive = exp(-total)
    var width = log1p(gap / origin)
    var drop = total
    if total > Self.farthestDrop {
      width = Self.reach(width, origin, offset, isByRate ? (events, model.s) : (model.s, events))
      drop = Self.farthestDrop
    }
    self.width = width
    nodes =
      width <= Self.shortWidth && drop <= Self.shortDrop ? GaussLegendre.fewNodes : GaussLegendre.nodes
    panels = Int(max(1, (width / Self.panelWidth).rounded(.up), (drop / Self.panelDrop).rounded(.up)))
  }

  /// Of somebody new who leaves within a time, in panels that resolve what many visits do to the integrand.
  init(_ model: ParetoNBD, throughout time: Double, upTo visits: Int) {
    self.model = model
    events = model.r
    last = 0
    isByRate = model.alpha <= model.beta
    origin = min(model.alpha, model.beta)
    offset = abs(model.alpha - model.beta)
    let total = events * log1p(time / model.alpha) + model.s * log1p(time / model.beta)
    alive = exp(-total)
    width = log1p(time / origin)
    nodes = GaussLegendre.nodes
    let peaks = width * (Double(visits) + events).squareRoot() / Self.panelWidth
    panels = Int(
      max(
        (width / Self.panelWidth).rounded(.up), peaks.rounded(.up),
        min(total / Self.panelDrop, Self.mostPanels).rounded(.up), 1))
  }

  /// The u by which g has grown by `farthestDrop`: g is convex in u and grows, so that Newton's steps from above stay
  /// above.
  private static func reach(
    _ width: Double, _ origin: Double, _ offset: Double, _ powers: (near: Double, far: Double)
  ) -> Double {
    var u = width
    let far = origin + offset
    for _ in 0..<60 {
      let ahead = origin * expm1(u)
      let drop = powers.near * u + powers.far * log1p(ahead / far) - farthestDrop
      let slope = powers.near + powers.far * (origin + ahead) / (far + ahead)
      let step = drop / slope
      u -= step
      if step < 1e-3 * u { break }
    }
    return min(u, width)
  }

  /// One time at which somebody may have left.
  struct Node {
    /// Share of the integral.
    let weight: Double
    /// ln((α + τ)/(α + t_x)), ln((β + τ)/(β + t_x)).
    let growth: (rate: Double, leaving: Double)
    /// τ.
    let time: Double
  }

  @inline(__always)
  func forEachNode(_ body: (Node) -> Void) {
    guard width > 0 else { return }
    let half = width / Double(2 * panels)
    let far = origin + offset
    let (nearPower, farPower) = isByRate ? (events, model.s) : (model.s, events)
    nodes.withUnsafeBufferPointer { nodes in
      for panel in 0..<panels {
        for (place, weight) in nodes {
          let u = half * (Double(2 * panel) + 1 + place)
          let ahead = origin * expm1(u)
          let other = log1p(ahead / far)
          let density = exp(-nearPower * u - farPower * other)
          // dτ = (c + τ) du, and the hazard is s/(β + τ).
          let hazard = isByRate ? model.s * (origin + ahead) / (far + ahead) : model.s
          body(
            Node(
              weight: weight * half * hazard * density, growth: isByRate ? (u, other) : (other, u),
              time: last + ahead))
        }
      }
    }
  }
}
