import Foundation
import Synchronization

/// What must not outlive the process: unfinished files and folders, removed when it ends, by itself or by a signal.
///
/// Whoever makes one registers it before it exists and forgets it once it is gone or has become a result. The removal
/// runs on a thread that waits for the signals, not in a signal handler, and may therefore use locks and allocate.
public enum Temporaries {
  /// How a path is removed.
  public enum Removal: Sendable {
    /// With all that it holds.
    case whole
    /// Only if it is an empty folder: one that was made for results which never came.
    case onlyIfEmpty
  }

  private struct State {
    var paths: [(path: String, removal: Removal)] = []
    var isEnding = false
  }

  private static let state = Mutex(State())
  /// Held while results take their places, so that no signal leaves half of them there.
  private static let publishing = Mutex(())

  public static func register(_ path: String, removal: Removal = .whole) {
    waitIfEnding()
    state.withLock { $0.paths.append((path, removal)) }
  }

  public static func forget(_ path: String) {
    state.withLock { $0.paths.removeAll { $0.path == path } }
  }

  /// Runs a short `body` that puts results in their places; a signal waits for its end.
  ///
  /// `body` must not call this again.
  public static func publish<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try publishing.withLock { _ throws(Failure) in try body() }
  }

  /// Does not return once a signal has come: what fails after that fails because its files are being removed.
  public static func waitIfEnding() {
    while state.withLock({ $0.isEnding }) { pause() }
  }

  // MARK: Signals

  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Removes what is registered when the process ends: what another thread still holds then has no owner that will.
  ///
  /// Signals that end the process remove it first; the process then dies of the signal. One that the process was started
  /// to ignore (`nohup`) stays ignored. To be called once.
  public static func removeAtEnd() {
    atexit {
      for entry in Temporaries.state.withLock({ $0.paths }).reversed() {
        Temporaries.remove(entry.path, entry.removal)
      }
    }
    watchSignals()
  }

  private static func watchSignals() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A parent that starts processes from a thread with blocked signals hands that on, as this thread would.
    var watched = sigset_t()
    sigemptyset(&watched)
    for signal in signals { sigaddset(&watched, signal) }
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
    let readEnd = ends[0]
    signalPipe = ends[1]
    let thread = Thread {
      var received: UInt8 = 0
      while read(readEnd, &received, 1) != 1 {}
      end(by: Int32(received))
    }
    thread.name = "signals"
    thread.start()
    for signal in signals {
      var action = sigaction()
      guard sigaction(signal, nil, &action) == 0, !isIgnored(action) else { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { received in
        // Libraries have threads of their own that a signal may reach: all that may be done here is to pass it on.
        var byte = UInt8(truncatingIfNeeded: received)
        let code = errno
        _ = write(signalPipe, &byte, 1)
        errno = code
      }
      action.sa_flags = SA_RESTART
      sigaction(signal, &action, nil)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Removes what is registered and dies of the signal.
  ///
  /// The process becomes a shell that does so: that alone ends every other thread at once, and none of them can make
  /// another file behind the removal.
  private static func end(by signal: Int32) {
    publishing.withLock { _ in
      let paths = state.withLock { state in
        state.isEnding = true
        return state.paths
      }
      // What was made last goes first, so that the folders around it are empty by then.
      let arguments = paths.reversed().flatMap { [$0.removal == .whole ? "rm -rf" : "rmdir", $0.path] }
      var words = (["sh", "-c", removalScript, String(signal)] + arguments).map { strdup($0) } + [nil]
      execv("/bin/sh", &words)
      // Without a shell: as well as can be done beside the other threads.
      for entry in paths.reversed() { remove(entry.path, entry.removal) }
      Foundation.signal(signal, SIG_DFL)
      raise(signal)
    }
  }

  /// Its arguments: the signal as `$0`, then pairs of a command and the path to remove with it. A second signal does not
  /// interrupt it.
  private static let removalScript = """
    trap '' INT TERM HUP
    exec >/dev/null 2>&1
    while [ $# -gt 1 ]; do
      $1 -- "$2"
      shift 2
    done
    trap - INT TERM HUP
    kill "-$0" $$
    """

  private static func remove(_ path: String, _ removal: Removal) {
    switch removal {
    case .whole: try? FileManager.default.removeItem(atPath: path)
    case .onlyIfEmpty: rmdir(path)
    }
  }
}

/// The end of the pipe that the signal handler writes to; set before the handler is.
nonisolated(unsafe) private var signalPipe: Int32 = -1
