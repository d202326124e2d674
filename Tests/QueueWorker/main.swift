// A worker for the tests of faults: a process that can be killed, starved of disk, or locked out.
//
// QueueWorker URL KEY MILLISECONDS enqueue COUNT WAVE | work OWNER BATCH OUTBOX | verify

import ContactQueue
import Foundation

/// Exit codes of the plan.
func exitCode(_ code: QueueError.Code) -> Int32 {
  switch code {
  case .usage: 64
  case .badData, .refused: 65
  case .notFound: 66
  case .fault: 70
  case .cannotWrite: 73
  case .tryAgain: 75
  }
}

/// Tasks are leased as often as workers die.
private let manyAttempts = 10_000

private let arguments = CommandLine.arguments
private let environment = ProcessInfo.processInfo.environment
guard arguments.count >= 5, let milliseconds = Int64(arguments[3]) else { exit(64) }
if let limit = environment["FILE_LIMIT"].flatMap(rlim_t.init) {
  // A write beyond the limit fails as on a full disk, instead of ending the process.
  signal(SIGXFSZ, SIG_IGN)
  var limits = rlimit(rlim_cur: limit, rlim_max: limit)
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limits)
}
do {
  let now = Moment(milliseconds: milliseconds)
  let store = MortalStore(try QueueURL(arguments[1]).open(creating: true), environment: environment)
  let vault = Vault(key: try QueueKey(file: arguments[2]), isSealing: false)
  var rules = RetryRules()
  rules.attempts = manyAttempts
  let isThere = try TaskQueue.version(of: store) > 0
  let queue =
    isThere && arguments[4] != "enqueue"
    ? try TaskQueue.open(store: store, vault: vault, rules: rules)
    : try TaskQueue.create(store: store, vault: vault, rules: rules, at: now)
  let work = Work(queue: queue, now: now)
  switch (arguments[4], arguments.count) {
  case ("enqueue", 7): try work.enqueue(Int(arguments[5]) ?? 0, wave: Int(arguments[6]) ?? 0)
  case ("work", 8): try work.work(owner: arguments[5], batch: Int(arguments[6]) ?? 1, outbox: arguments[7])
  case ("verify", 5): try work.check()
  default: exit(64)
  }
} catch let error as QueueError {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(exitCode(error.code))
}
