import Foundation
import Testing

/// The built executable, run as a process in a folder of its own.
final class Revisit: Sendable {
  struct Run {
    let status: Int32
    /// Whether a signal ended the process; `status` is its number then.
    let wasKilled: Bool
    let output: String
    let talk: String

    /// Standard output as one JSON object.
    var json: [String: Any] {
      get throws {
        try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
      }
    }
  }

  static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The executable beside the test bundle.
  static let executable: URL = {
    let bundles = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
    let arguments = CommandLine.arguments.filter { $0.contains(".xctest") }.map {
      URL(fileURLWithPath: String($0.prefix { $0 != "=" })).deletingLastPathComponent()
    }
    let folders = bundles.compactMap { $0 } + arguments + [packageRoot.appendingPathComponent(".build/debug")]
    let found = folders.map { $0.appendingPathComponent("revisit") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    }
    return found ?? packageRoot.appendingPathComponent(".build/debug/revisit")
  }()

  /// Working folder of the runs.
  let folder: URL
  /// Their folder for temporary files.
  let temporary: URL

  init() throws {
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("cli-\(UUID().uuidString)")
    folder = base.appendingPathComponent("work")
    temporary = base.appendingPathComponent("tmp")
    for made in [folder, temporary] {
      try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
  }

  /// Names of what is in the working folder or below it.
  func names(_ path: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path).sorted()
  }

  /// What runs have left among the temporary files.
  func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: temporary.path)
  }

  func path(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: path(name)) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: path(name))
  }

  /// Runs a command to its end.
  ///
  /// - Parameters:
  ///   - environment: on top of a plain one.
  ///   - signal: sent as soon as `isReady` says so.
  @discardableResult
  func callAsFunction(
    _ arguments: [String], environment: [String: String] = [:], executable: URL = Revisit.executable,
    signal: (number: Int32, isReady: () -> Bool)? = nil
  ) throws -> Run {
    let outputs = folder.deletingLastPathComponent()
    let identity = UUID().uuidString
    let files = ["out", "err"].map { outputs.appendingPathComponent("\($0)-\(identity)") }
    for file in files { try Data().write(to: file) }
    let handles = try files.map { try FileHandle(forWritingTo: $0) }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }

    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = plainEnvironment.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    if let signal {
      while process.isRunning, !signal.isReady() { usleep(1_000) }
      kill(process.processIdentifier, signal.number)
    }
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    return Run(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
      talk: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
  }

  func callAsFunction(_ line: String, environment: [String: String] = [:]) throws -> Run {
    try self(line.split(separator: " ").map(String.init), environment: environment)
  }

  private var plainEnvironment: [String: String] {
    let own = ProcessInfo.processInfo.environment
    var environment = [
      "PATH": own["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "80", "TMPDIR": temporary.path,
    ]
    // Where a library that the set-up did not put in its place is to be found.
    for name in ["REVISIT_DUCKDB_LIBRARY", "LD_LIBRARY_PATH"] { environment[name] = own[name] }
    return environment
  }
}
