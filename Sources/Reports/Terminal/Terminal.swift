public import Foundation

/// What a standard stream is connected to.
public struct Terminal: Sendable {
  public static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  public static let standardError = Terminal(descriptor: STDERR_FILENO)

  /// The width for output that goes to no terminal.
  public static let usualWidth = 120

  private let descriptor: Int32

  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Cells in a line: the terminal's own, else `COLUMNS`, else `usualWidth`.
  public func width(environment: [String: String] = ProcessInfo.processInfo.environment) -> Int {
    knownWidth(environment) ?? Self.usualWidth
  }

  /// Cells in a line of what need not be cut: those of the terminal, else `COLUMNS`, else as many as it takes.
  public func uncutWidth(environment: [String: String] = ProcessInfo.processInfo.environment) -> Int {
    knownWidth(environment) ?? .max
  }

  private func knownWidth(_ environment: [String: String]) -> Int? {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Whether to paint: it is a terminal, and the environment does not object.
  public func wantsColour(environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
    isTerminal && Self.allowsColour(environment)
  }

  /// Whether the environment leaves colour alone: `NO_COLOR` unset or empty (no-color.org), and no dumb terminal.
  public static func allowsColour(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}
