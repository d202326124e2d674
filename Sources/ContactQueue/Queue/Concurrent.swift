internal import Dispatch

/// Work on two cores.
enum Concurrent {
  /// Does `work` here while another thread does `other`; both have ended when this returns.
  ///
  /// - Throws: what `work` threw, else what `other` did.
  static func run<Result>(
    _ work: () throws(QueueError) -> Void, beside other: () throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    let outcome = withoutActuallyEscaping(other) { other in
      // The thread writes before the group is left, and has ended when it was waited for.
      nonisolated(unsafe) let other = other
      nonisolated(unsafe) var theirs: Swift.Result<Result, QueueError>?
      let group = DispatchGroup()
      DispatchQueue.global().async(group: group) {
        theirs = Swift.Result { () throws(QueueError) in try other() }
      }
      let own = Swift.Result { () throws(QueueError) in try work() }
      group.wait()
      return own.flatMap { theirs! }
    }
    return try outcome.get()
  }
}
