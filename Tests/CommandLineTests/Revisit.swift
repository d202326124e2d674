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
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }

    let child = try start(
      executable, arguments, environment: plainEnvironment.merging(environment) { _, new in new },
      files: files)
    var status: Int32 = 0
    var hasEnded = false
    if let signal {
      while !hasEnded, !signal.isReady() {
        usleep(1_000)
        hasEnded = waitpid(child, &status, WNOHANG) == child
      }
      if !hasEnded { kill(child, signal.number) }
    }
    while !hasEnded { hasEnded = waitpid(child, &status, 0) == child || errno != EINTR }
    let signalNumber = status & 0x7F
    return Run(
      status: signalNumber == 0 ? (status >> 8) & 0xFF : signalNumber, wasKilled: signalNumber != 0,
      output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
      talk: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
  }

  /// Starts a process in the working folder, its output going to two files.
  ///
  /// Not by Foundation's `Process`: with many children at once its `waitUntilExit` can miss the end of one.
  private func start(
    _ executable: URL, _ arguments: [String], environment: [String: String], files: [URL]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, files[0].path, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, files[1].path, O_WRONLY, 0)
    // The shell steps into the folder and becomes the command: the child's number stays.
    let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder.path, executable.path]
    var words: [UnsafeMutablePointer<CChar>?] = (shell + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, shell[0], &actions, nil, &words, &settings)
    try #require(code == 0, "\(executable.path) cannot be started")
    return child
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
