import Foundation
import Reports

/// The stages of a command: a line each on a terminal, and their seconds for who asks.
final class Stages {
  private let progress: StageProgress
  private let isQuiet: Bool
  private var current: (name: String, start: ContinuousClock.Instant)?
  private(set) var seconds: [(stage: String, seconds: Double)] = []

  init(_ options: CommonOptions) {
    progress = StageProgress(quiet: options.quiet)
    isQuiet = options.quiet
  }

  /// Runs one stage; `key` is its name in timings.
  func run<Result>(
    _ title: String, key: String, _ body: (StageProgress) throws -> Result,
    detail: (Result) -> String? = { _ in nil }
  ) throws -> Result {
    progress.start(title)
    return try timed(key, { try body(progress) }, detail: detail)
  }

  /// Runs a stage that names its steps itself: a line each.
  func steps<Result>(
    key: String, _ body: (_ step: (String) -> Void) throws -> Result,
    detail: (Result) -> String? = { _ in nil }
  ) throws -> Result {
    let progress = progress
    return try timed(
      key, { try body { step in progress.start(step.prefix(1).uppercased() + step.dropFirst()) } },
      detail: detail)
  }

  private func timed<Result>(
    _ key: String, _ body: () throws -> Result, detail: (Result) -> String?
  ) throws -> Result {
    let start = ContinuousClock.now
    do {
      let result = try body()
      let (whole, atto) = (ContinuousClock.now - start).components
      seconds.append((key, Double(whole) + Double(atto) / 1e18))
      progress.finish(detail(result))
      return result
    } catch {
      progress.fail()
      throw Failure.from(error)
    }
  }

  /// Says something on standard error, unless talk is unwanted.
  func note(_ text: String) {
    if !isQuiet { Talk.line(text) }
  }

  var timings: [String: Any] {
    Dictionary(seconds.map { ($0.stage, $0.seconds) }, uniquingKeysWith: +)
  }
}
