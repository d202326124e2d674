extension QueueStatus {
  /// A list that was enqueued, and the model that it was made by.
  public struct Run: Sendable, Hashable {
    public let id: Int64
    public let campaign: String
    public let wave: Int
    /// SHA-256 of the list.
    public let list: String
    /// Name and version; `nil` where nobody said.
    public let model: String?
    /// SHA-256 of the model.
    public let modelHash: String?
    public let committedAt: Moment
  }
}

extension TaskQueue {
  /// Runs that a status shows.
  private static let shownRuns = 5

  /// - Parameter names: of campaigns, by number.
  /// - Complexity: O(1)
  static func latestRuns(
    _ session: any SQLSession, campaigns names: [Int64: String]
  ) throws(QueueError) -> [QueueStatus.Run] {
    var runs: [QueueStatus.Run] = []
    for row in try session.rows(
      """
      SELECT id, campaign, wave, list, model, model_hash, committed_at FROM run
        ORDER BY id DESC LIMIT \(shownRuns)
      """, [])
    {
      guard let id = row[0].integer, let campaign = row[1].integer.flatMap({ names[$0] }),
        let wave = row[2].integer, let list = row[3].text, let at = row[6].integer
      else { throw .damaged("run") }
      runs.append(
        QueueStatus.Run(
          id: id, campaign: campaign, wave: Int(wave), list: list, model: row[4].text,
          modelHash: row[5].text, committedAt: Moment(milliseconds: at)))
    }
    return runs
  }
}
