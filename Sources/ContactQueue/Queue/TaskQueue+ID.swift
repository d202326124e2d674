extension TaskQueue {
  /// The queue's own id, given when it was made: files that leave it carry it.
  public func id() throws(QueueError) -> String {
    let id = try store.read { session throws(QueueError) in try Settings.value(.id, session) }
    guard let id else { throw .damaged("setting") }
    return id
  }
}
