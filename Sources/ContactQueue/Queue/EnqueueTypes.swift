/// What a run came from; kept with its scores.
public struct RunRecord: Sendable {
  /// A fingerprint of the list.
  public var list: String
  public var model: String?
  public var modelHash: String?
  public var startedAt: Moment
  /// Counts of whoever made the list, by name.
  public var counts: [String: Int]

  public init(
    list: String, model: String? = nil, modelHash: String? = nil, startedAt: Moment,
    counts: [String: Int] = [:]
  ) {
    self.list = list
    self.model = model
    self.modelHash = modelHash
    self.startedAt = startedAt
    self.counts = counts
  }
}

/// What became of the lines of a list.
public struct EnqueueReport: Sendable, Equatable {
  /// The number of the run.
  public internal(set) var run: Int64 = 0
  public internal(set) var lines = 0
  public internal(set) var enqueued = 0
  /// Tasks that the queue had before: nothing was changed in them.
  public internal(set) var alreadyThere = 0
  public internal(set) var heldOut = 0
  public internal(set) var suppressed: [SuppressionReason: Int] = [:]
  /// The enqueued ones by channel.
  public internal(set) var channels: [Channel: Int] = [:]
}

/// What the histories say of one relation, for the ledger to be brought up to date with.
public struct LedgerLine: Sendable {
  public var customerID: String
  public var vin: String?
  public var standing: Standing

  public init(customerID: String, vin: String?, standing: Standing) {
    self.customerID = customerID
    self.vin = vin
    self.standing = standing
  }
}
