import Foundation

/// Why an output was not written.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure; callers choose an exit code by it.
  public enum Code: String, Sendable {
    /// The file cannot be made, written or put in its place.
    case cannotWrite
    /// Who reads standard output has seen enough and closed it.
    case readerGone
    /// The file's extension names no format we write.
    case unknownFormat
    /// The file is one of the inputs.
    case overwritesInput
    /// Another run writes there.
    case inUse
    /// What is unfinished there was started with something else.
    case otherRun
    /// DuckDB, which writes Parquet, is not there or refused.
    case parquetFailed
  }

  public let code: Code
  /// What happened to which file, and what to do next.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  /// The exit code of the command line (sysexits.h): 0 the reader has
  /// seen enough, 64 wrong usage, 70 a fault of the program, 73 output cannot be written, 75 try again later.
  public var exitCode: Int32 {
    switch code {
    case .cannotWrite: 73
    case .inUse: 75
    case .unknownFormat, .overwritesInput, .otherRun: 64
    case .parquetFailed: 70
    case .readerGone: 0
    }
  }

  static func cannotWrite(_ path: String, errno code: Int32) -> ReportError {
    guard code != EPIPE else { return ReportError(.readerGone, "\(path) was closed by its reader.") }
    return ReportError(
      .cannotWrite,
      "\(path) cannot be written: \(String(cString: strerror(code))). "
        + "Check that the folder exists, is writable and has space, or choose another file.")
  }
}
