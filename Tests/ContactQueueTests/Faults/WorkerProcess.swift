import Foundation

/// A process of `QueueWorker`.
struct WorkerProcess {
  let process: pid_t

  /// How it ended.
  enum End: Hashable {
    case exit(Int32)
    case signal(Int32)
  }

  /// The executable beside the test bundle.
  static let executable: String = {
    let bundles = CommandLine.arguments.filter { $0.contains(".xctest") }.map {
      String($0.prefix { $0 != "=" })
    }
    let folders =
      bundles.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
      + [Bundle.main.bundlePath, FileManager.default.currentDirectoryPath + "/.build/debug"]
    return folders.map { $0 + "/QueueWorker" }.first { FileManager.default.isExecutableFile(atPath: $0) }
      ?? "QueueWorker"
  }()

  /// Starts a command, its output thrown away.
  init(_ words: [String], environment: [String: String] = [:]) {
    var arguments = words.map { strdup($0) } + [nil]
    let own = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var variables = own.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var process: pid_t = 0
    let code = posix_spawnp(&process, words[0], &actions, nil, &arguments, &variables)
    precondition(code == 0, "\(words[0]) cannot be started.")
    self.process = process
  }

  func kill() { _ = Foundation.kill(process, SIGKILL) }

  func wait() -> End {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? .exit((status >> 8) & 0xff) : .signal(signal)
  }
}
