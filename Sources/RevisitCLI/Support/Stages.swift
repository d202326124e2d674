import Foundation
import Reports

/// The stages of a command: a line each on a terminal, and their seconds for who asks.
final class Stages {
  private let progress: StageProgress
  private var current: (name: String, start: ContinuousClock.Instant)?
  private(set) var seconds: [(stage: String, seconds: Double)] = []

  init(_ options: CommonOptions) {
    progress = StageProgress(quiet: options.quiet)
  }

  /// Runs one stage; `key` is its name in timings.
  func run<Result>(
    _ title: String, key: String, _ body: (StageProgress) throws -> Result,
    detail: (Result) -> String? = { _ in nil }
  ) throws -> Result {
    progress.start(title)
    let start = ContinuousClock.now
    do {
      let result = try body(progress)
      let elapsed = ContinuousClock.now - start
      let (whole, atto) = elapsed.components
      seconds.append((key, Double(whole) + Double(atto) / 1e18))
      progress.finish(detail(result))
      return result
    } catch {
      progress.fail()
      throw Failure.from(error)
    }
  }

  var timings: [String: Any] {
    Dictionary(seconds.map { ($0.stage, $0.seconds) }, uniquingKeysWith: +)
  }
}
