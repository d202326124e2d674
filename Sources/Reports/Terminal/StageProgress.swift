public import Foundation
import Synchronization

/// One line a stage on standard error: what is being done, how far it is, and in the end how long it took.
///
/// Silent unless the output is a terminal; without colour when `NO_COLOR` is set. May be used from several threads.
public final class StageProgress: Sendable {
  private struct State {
    var stage: String?
    var started: ContinuousClock.Instant?
    var shownPercent = -1
  }

  private let isVisible: Bool
  private let isColoured: Bool
  private let output: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Talks to standard error if that is a terminal.
  ///
  /// - Parameter quiet: says nothing at all.
  public convenience init(
    quiet: Bool = false, environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.init(
      isTerminal: !quiet && Terminal.standardError.isTerminal,
      isColoured: Terminal.allowsColour(environment), output: Self.standardError)
  }

  /// Talks to any output.
  public init(isTerminal: Bool, isColoured: Bool, output: @escaping @Sendable (String) -> Void) {
    isVisible = isTerminal
    self.isColoured = isColoured
    self.output = output
  }

  /// Begins a stage; one that is still open ends first.
  public func start(_ stage: String) {
    guard isVisible else { return }
    finish()
    state.withLock { state in
      state = State(stage: stage, started: .now)
      output("\(Self.lineStart)\(mark("…", .dim)) \(stage)")
    }
  }

  /// Shows how far the stage is; nothing is written until another whole per cent is reached.
  ///
  /// - Parameter fraction: 0 to 1.
  public func update(_ fraction: Double) {
    guard isVisible, fraction.isFinite else { return }
    let percent = Int((min(max(fraction, 0), 1) * 100).rounded(.down))
    state.withLock { state in
      guard let stage = state.stage, percent > state.shownPercent else { return }
      state.shownPercent = percent
      output("\(Self.lineStart)\(mark("…", .dim)) \(stage) \(percent) %")
    }
  }

  /// Shows what the stage is at.
  public func note(_ what: String) {
    guard isVisible else { return }
    state.withLock { state in
      guard let stage = state.stage else { return }
      output("\(Self.lineStart)\(mark("…", .dim)) \(stage): \(what)")
    }
  }

  /// Ends the stage with a line that stays, saying the seconds it took.
  ///
  /// - Parameter detail: what came of it, such as `378,334 visits`.
  public func finish(_ detail: String? = nil) {
    guard isVisible else { return }
    state.withLock { state in
      guard let stage = state.stage, let started = state.started else { return }
      let seconds = Self.seconds(ContinuousClock.now - started)
      let details = [detail, seconds].compactMap { $0 }.joined(separator: ", ")
      output("\(Self.lineStart)\(mark("✓", .green)) \(stage) \(mark(details, .dim))\n")
      state = State()
    }
  }

  /// Ends the stage without success, so that an error message starts on a line of its own.
  public func fail() {
    guard isVisible else { return }
    state.withLock { state in
      guard let stage = state.stage else { return }
      output("\(Self.lineStart)\(mark("✗", .red)) \(stage)\n")
      state = State()
    }
  }

  /// Back to the line's start, and clear it.
  private static let lineStart = "\r\u{1B}[K"

  private func mark(_ text: String, _ colour: TextTable.Colour) -> String {
    isColoured ? TextTable.painted(text, colour) : text
  }

  private static func seconds(_ duration: Duration) -> String {
    let hundredths = Int((duration / .milliseconds(10)).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  @Sendable private static func standardError(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      // Talk that cannot be said is no reason to stop the work.
      _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }
}
