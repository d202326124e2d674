/// A rising map from predicted probabilities to calibrated ones.
public enum Calibrator: Sendable, Equatable {
  /// Leaves probabilities as they are.
  case identity
  /// Three coefficients, see `BetaCalibrator`.
  case beta(BetaCalibrator)
  /// A curve of many points, see `IsotonicCalibrator`; one that was fitted rises everywhere, see `strictlyRising`.
  case isotonic(IsotonicCalibrator)

  /// What a calibrator is called, from the simplest to the most flexible.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    case identity, beta, isotonic
  }

  public var kind: Kind {
    switch self {
    case .identity: .identity
    case .beta: .beta
    case .isotonic: .isotonic
    }
  }

  /// Fits a calibrator of some kind; nil when the rows do not determine it.
  ///
  /// - Parameters:
  ///   - probabilities: between 0 and 1, one a row.
  ///   - labels: one a row.
  ///   - weights: at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Complexity: O(n log n)
  public init?(_ kind: Kind, probabilities: [Double], labels: [Bool], weights: [Double]? = nil) {
    switch kind {
    case .identity: self = .identity
    case .beta:
      guard
        let fitted = BetaCalibrator(probabilities: probabilities, labels: labels, weights: weights)
      else { return nil }
      self = .beta(fitted)
    case .isotonic:
      guard let fitted = IsotonicCalibrator(scores: probabilities, labels: labels, weights: weights) else {
        return nil
      }
      self = .isotonic(fitted.strictlyRising)
    }
  }

  /// The calibrated probability; NaN for NaN.
  public func probability(_ probability: Double) -> Double {
    switch self {
    case .identity: probability
    case .beta(let beta): beta.probability(probability)
    case .isotonic(let isotonic): isotonic.probability(probability)
    }
  }

  /// Calibrates probabilities where they stand, without allocation.
  ///
  /// - Complexity: O(n), O(n log points) for a curve.
  public func apply(to probabilities: UnsafeMutableBufferPointer<Double>) {
    switch self {
    case .identity: return
    case .beta(let beta):
      for row in probabilities.indices { probabilities[row] = beta.probability(probabilities[row]) }
    case .isotonic(let isotonic):
      for row in probabilities.indices { probabilities[row] = isotonic.probability(probabilities[row]) }
    }
  }
}

extension Calibrator: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, beta, isotonic
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .identity: self = .identity
    case .beta: self = .beta(try container.decode(BetaCalibrator.self, forKey: .beta))
    case .isotonic: self = .isotonic(try container.decode(IsotonicCalibrator.self, forKey: .isotonic))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .identity: break
    case .beta(let beta): try container.encode(beta, forKey: .beta)
    case .isotonic(let isotonic): try container.encode(isotonic, forKey: .isotonic)
    }
  }
}
