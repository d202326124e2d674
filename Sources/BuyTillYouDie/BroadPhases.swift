internal import Foundation
internal import Statistics

/// The moments of visits where so many phases may pass that they cannot be counted one by one.
///
/// The first visits are. Beyond them the chance gₘ that the m-th visit is made and the probability that phases are enough
/// for m visits are smooth in m: sums become integrals over m from half a visit earlier, by Gauss-Legendre panels that
/// double in length, or are three deviations long where the probability lies. Accuracy: 1e-10 where fewer than 100,000
/// phases may pass, 1e-8 beyond.
struct BroadPhases {
  let repeats: PhaseRepeats
  let z: Double

  /// Visits that are counted one by one.
  private static let countedVisits = 512
  /// More phases than this are too many to count.
  private static let manyPhases = 1.5e4
  private static let panelDeviations = 3.0
  private static let farDeviations = 15.0
  /// Behind the most probable number of phases, probabilities below this share of the sum are not seen.
  private static let negligible = 1e-15

  /// Whether this is needed.
  static func isNeeded(_ repeats: PhaseRepeats, _ z: Double) -> Bool {
    let mean = repeats.shape * z
    return mean + 12 * (mean * (1 + z)).squareRoot() + 40 * (1 + z) > manyPhases
  }

  /// ln P(N = n) for real n.
  private func logProbability(_ n: Double) -> Double {
    GammaFunctions.logGammaStep(n + 1, repeats.shape - 1) - GammaFunctions.logGamma(repeats.shape)
      - n * log1p(1 / z) - repeats.shape * log1p(z)
  }

  /// P(the phases are enough for m visits, not for more).
  private func probability(_ m: Double) -> Double {
    var n = max(Double(repeats.k) * m - Double(repeats.phases), 0)
    var term = exp(logProbability(n))
    var sum = 0.0
    let y = z / (1 + z)
    for _ in 0..<repeats.k {
      sum += term
      term *= (repeats.shape + n) / (n + 1) * y
      n += 1
    }
    return sum
  }

  func moments() -> (mean: Double, square: Double) {
    var (mass, mean, square) = (0.0, 0.0, 0.0)
    // G(m) = Σ gᵢ, Σ (2i − 1)·gᵢ, and gₘ₊₁.
    var (made, madeSquares, next) = (0.0, 0.0, 1.0)
    let (leaving, staying) = (repeats.leaving, repeats.staying)
    var n = 0.0
    var logTerm = -repeats.shape * log1p(z)
    let logY = -log1p(1 / z)
    for visit in 0..<Self.countedVisits {
      var own = 0.0
      while Int(n) + repeats.phases < (visit + 1) * repeats.k {
        own += exp(logTerm)
        logTerm += log((repeats.shape + n) / (n + 1)) + logY
        n += 1
      }
      mass += own
      mean += own * made
      square += own * madeSquares
      if visit < Self.countedVisits - 1 {
        made += next
        madeSquares += Double(2 * visit + 1) * next
        next *= (staying + Double(visit)) / (leaving + staying + Double(visit))
      }
    }
    // next is the chance of visit `first`.
    let first = Double(Self.countedVisits)
    let logNext = log(next) + GammaFunctions.logGammaStep(staying + first - 1, leaving)
    let chance = { (visit: Double) in
      exp(logNext - GammaFunctions.logGammaStep(staying + visit - 1, leaving))
    }
    let (window, panel, centre) = spread
    var lower = first - 0.5
    // The next terms of the Euler-Maclaurin formula: a 24th of the slopes at the beginning, here of what is summed …
    let (before, after) = (probability(first - 1), probability(first))
    mass += (after - before) / 24
    mean += (after * (made + next) - before * made) / 24
    square += (after * (madeSquares + (2 * first - 1) * next) - before * madeSquares) / 24
    // … and of the chances gᵢ: g′ is about −a·g/(a + b + i).
    let slope = { (visit: Double, chance: Double) in -leaving * chance / (leaving + staying + visit - 1) }
    let squareSlope = { (visit: Double, chance: Double) in
      2 * chance + (2 * visit - 1) * slope(visit, chance)
    }
    made += slope(lower, chance(lower)) / 24
    madeSquares += squareSlope(lower, chance(lower)) / 24
    // What is made up to m are the gᵢ until half a visit later: here a quarter on, in the middle of half a visit.
    let quarter = chance(lower + 0.25) / 2
    made += quarter
    madeSquares += quarter * 2 * (lower - 0.25)
    while true {
      let upper =
        lower < window.lowerBound
        ? min(2 * lower, window.lowerBound) : min(2 * lower, lower + panel)
      let half = (upper - lower) / 2
      let places = GaussLegendre.nodes.map { lower + half * (1 + $0.place) }
      let chances = places.map { chance($0 + 0.5) }
      var added = 0.0
      for (index, place) in places.enumerated() {
        let own = probability(place) * GaussLegendre.nodes[index].weight * half
        let last = chances[index]
        var here = made - slope(place + 0.5, last) / 24
        var hereSquares = madeSquares - squareSlope(place + 0.5, last) / 24
        for other in places.indices {
          let step = GaussLegendre.cumulative[index][other] * half * chances[other]
          here += step
          hereSquares += step * 2 * places[other]
        }
        added += own
        mass += own
        mean += own * here
        square += own * hereSquares
      }
      for (index, place) in places.enumerated() {
        let step = GaussLegendre.nodes[index].weight * half * chances[index]
        made += step
        madeSquares += step * 2 * place
      }
      lower = upper
      if lower > centre, added <= Self.negligible * mass { break }
    }
    return mass > 0 ? (mean / mass, square / mass) : (made, madeSquares)
  }

  /// In visits: where the probability lies, how long panels are there, and its centre.
  private var spread: (window: ClosedRange<Double>, panel: Double, centre: Double) {
    let k = Double(repeats.k)
    let mean = repeats.shape * z
    let deviation = (mean * (1 + z)).squareRoot()
    let reach = Self.farDeviations * max(deviation, 1 + z)
    let centre = mean / k
    return (
      max(mean - reach, 0) / k...(mean + reach) / k,
      Self.panelDeviations * max(deviation, 1 + z) / k, centre
    )
  }
}
