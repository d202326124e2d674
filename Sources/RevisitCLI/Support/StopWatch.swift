/// Measures laps of wall-clock time.
struct StopWatch {
  private var last = ContinuousClock.now

  /// Begins a lap without ending one.
  mutating func start() {
    last = ContinuousClock.now
  }

  /// Seconds since the last lap.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    let (whole, atto) = (now - last).components
    last = now
    return Double(whole) + Double(atto) / 1e18
  }
}
