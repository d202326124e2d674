extension SQLiteStore {
  /// - Throws: `QueueError` (try again) while another process reads an older state.
  public func scrub() throws(QueueError) {
    // Deleted cells were overwritten when they were deleted (`secure_delete`); the log of writes still holds them.
    try emptyLog()
  }
}
