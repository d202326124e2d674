internal import Statistics

/// Which calibrator a model gets.
public enum CalibrationRule: String, Sendable, CaseIterable {
  /// The one that does best on held-out rows, none unless it gains more than noise.
  case auto
  case none, beta, isotonic

  /// The kind that is taken whatever it gains; nil for the best.
  var wanted: Calibrator.Kind? {
    switch self {
    case .auto: nil
    case .none: .identity
    case .beta: .beta
    case .isotonic: .isotonic
    }
  }
}
