public import Statistics

/// Who came back of those who were to be contacted, and of those who were held out.
public struct CampaignComparison: Sendable {
  public struct Arm: Sendable, Equatable {
    public internal(set) var relations = 0
    public internal(set) var cameBack = 0
    public internal(set) var excluded: [CampaignReturns.Exclusion: Int] = [:]

    /// Share of those that are compared; `nil` when there are none.
    public var share: Double? { relations > 0 ? Double(cameBack) / Double(relations) : nil }

    fileprivate mutating func take(_ row: CampaignReturns.Row) {
      if let exclusion = row.exclusion {
        excluded[exclusion, default: 0] += 1
      } else {
        relations += 1
        cameBack += row.cameSinceEnqueued ? 1 : 0
      }
    }
  }

  /// By assignment, contacted in the end or not.
  public let toContact: Arm
  public let heldOut: Arm
  /// Share of those to contact less share of those held out; `nil` when one of them has nobody.
  public let difference: ProportionDifference?

  public static let level = 0.95

  /// A relation of several waves counts once, by the first of them.
  public init(_ returns: CampaignReturns) {
    var (toContact, heldOut) = (Arm(), Arm())
    var seen: Set<RelationNames.Name> = []
    for row in returns.rows.sorted(by: { $0.outcome.enqueuedAt < $1.outcome.enqueuedAt }) {
      guard row.group != .notAllowed else { continue }
      let name = RelationNames.Name(customer: row.outcome.customer, vehicle: row.outcome.vehicle)
      guard seen.insert(name).inserted else { continue }
      if row.outcome.isHeldOut { heldOut.take(row) } else { toContact.take(row) }
    }
    (self.toContact, self.heldOut) = (toContact, heldOut)
    difference = ProportionDifference(
      first: (toContact.cameBack, toContact.relations), second: (heldOut.cameBack, heldOut.relations),
      level: Self.level)
  }
}
