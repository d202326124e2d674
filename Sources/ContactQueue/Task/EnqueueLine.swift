/// One line of a list on its way into the queue: the relation, its score, what the policy decided, and what the
/// ledger knows.
public struct EnqueueLine: Sendable {
  /// What becomes of the line.
  public enum Decision: Sendable, Hashable {
    /// Contact by a channel, from a moment on.
    case contact(Channel, due: Moment)
    /// In the hold-out, with the stratum that it was drawn in.
    case heldOut(stratum: String)
    case suppressed(SuppressionReason)
  }

  public var contact: ContactDetails
  public var details: TaskDetails
  public var standing: Standing
  public var decision: Decision
  /// Higher goes first.
  public var priority: Double
  /// Probability of lapse, 0 to 1, where the list has one.
  public var probability: Double?
  /// Value at risk, where the list has one.
  public var value: Double?
  /// A word of the value tiers (`vip`, `main`, …), where the list has one.
  public var tier: String?
  /// The task waits as `planned` until somebody approves it.
  public var needsApproval: Bool

  public init(
    contact: ContactDetails, details: TaskDetails, standing: Standing, decision: Decision, priority: Double,
    probability: Double? = nil, value: Double? = nil, tier: String? = nil, needsApproval: Bool = false
  ) {
    self.contact = contact
    self.details = details
    self.standing = standing
    self.decision = decision
    self.priority = priority
    self.probability = probability
    self.value = value
    self.tier = tier
    self.needsApproval = needsApproval
  }
}
