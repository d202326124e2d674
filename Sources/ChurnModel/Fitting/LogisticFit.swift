/// A fitted model with what is known about the fit but not needed for scoring.
public struct LogisticFit: Sendable {
  /// The model.
  public let model: LogisticModel
  /// Coefficients with standard errors.
  public let coefficients: CoefficientTable
  /// How long each phase of the fit took.
  public let phases: [Phase]

  /// One phase of a fit.
  public struct Phase: Sendable {
    /// What was done.
    public let name: String
    /// Wall-clock time.
    public let seconds: Double
  }
}

/// Measures how long the phases of a fit take.
struct PhaseClock {
  private let clock = ContinuousClock()
  private var last = ContinuousClock().now
  private(set) var phases: [LogisticFit.Phase] = []

  /// Ends the phase that began with the end of the one before.
  mutating func finish(_ name: String) {
    let now = clock.now
    phases.append(LogisticFit.Phase(name: name, seconds: (now - last) / .seconds(1)))
    last = now
  }
}
