import BuyTillYouDie
import Foundation

/// A plain generator of random numbers (SplitMix64).
struct Draw: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
  mutating func exponential() -> Double { -log(unit()) }

  /// Gamma of any shape by Marsaglia and Tsang (2000).
  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(unit(), 1 / shape) }
    let d = shape - 1.0 / 3
    while true {
      let normal = (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit())
      let v = pow(1 + normal / (9 * d).squareRoot(), 3)
      if v > 0, log(unit()) < normal * normal / 2 + d - d * v + d * log(v) { return d * v }
    }
  }

  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let (one, other) = (gamma(a), gamma(b))
    return one / (one + other)
  }
}

/// Somebody's life drawn from a model's own story.
struct Life {
  var history: RepeatHistory
  /// Σ ln of the intervals until T.
  var logIntervals = 0.0
  /// Repeats after T, within the time that was asked for.
  var later = 0
  var alive = true

  init(_ model: BetaGeometric, age: Double, later: Double = 0, _ random: inout Draw) {
    let rate = random.gamma(model.r) / model.alpha
    let leaving = random.beta(model.a, model.b)
    history = RepeatHistory(repeats: 0, last: 0, age: age)
    var gone = model.leavesAtOrigin && random.unit() < leaving
    if gone { alive = false }
    var time = 0.0
    while !gone {
      var interval = 0.0
      for _ in 0..<model.k { interval += random.exponential() / rate }
      time += interval
      if time > age + later { break }
      gone = random.unit() < leaving
      if time <= age {
        history.repeats += 1
        history.last = time
        logIntervals += log(interval)
        if gone { alive = false }
      } else {
        self.later += 1
      }
    }
  }

  static func many(_ model: BetaGeometric, _ count: Int, seed: UInt64, later: Double = 0) -> [Life] {
    var random = Draw(seed: seed)
    return (0..<count).map { _ in
      let age = 14 + 200 * random.unit()
      return Life(model, age: age, later: later, &random)
    }
  }
}

extension RepeatModel {
  /// The model when it is of the beta-geometric family.
  var asBetaGeometric: BetaGeometric? {
    if case .betaGeometric(let model) = self { model } else { nil }
  }
}

extension Life {
  /// Somebody's life by a Pareto/NBD.
  init(_ model: ParetoNBD, age: Double, later: Double = 0, _ random: inout Draw) {
    let rate = random.gamma(model.r) / model.alpha
    let death = random.exponential() / (random.gamma(model.s) / model.beta)
    history = RepeatHistory(repeats: 0, last: 0, age: age)
    alive = death > age
    var time = random.exponential() / rate
    while time < min(death, age + later) {
      if time <= age {
        history.repeats += 1
        history.last = time
      } else {
        self.later += 1
      }
      time += random.exponential() / rate
    }
  }
}
