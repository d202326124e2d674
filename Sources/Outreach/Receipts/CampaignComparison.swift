public import Statistics

/// Who came back of those who were to be contacted, and of those who were held out.
public struct CampaignComparison: Sendable {
  public struct Arm: Sendable, Equatable {
    public internal(set) var relations = 0
    public internal(set) var cameBack = 0
    public internal(set) var excluded: [CampaignReturns.Exclusion: Int] = [:]

    /// Share of those that are compared; `nil` when there are none.
    public var share: Double? { relations > 0 ? Double(cameBack) / Double(relations) : nil }
  }

  /// By assignment, contacted in the end or not.
  public private(set) var toContact = Arm()
  public private(set) var heldOut = Arm()
  /// Share of those to contact less share of those held out; `nil` when one of them has nobody.
  public let difference: ProportionDifference?

  public static let level = 0.95

  /// A relation of several waves counts once, by the first of them.
  public init(_ returns: CampaignReturns) {
    var seen: Set<RelationNames.Name> = []
    for row in returns.rows.sorted(by: { $0.outcome.enqueuedAt < $1.outcome.enqueuedAt }) {
      let name = RelationNames.Name(customer: row.outcome.customer, vehicle: row.outcome.vehicle)
      guard seen.insert(name).inserted else { continue }
      let arm = row.outcome.isHeldOut ? \Self.heldOut : \Self.toContact
      if let exclusion = row.exclusion {
        self[keyPath: arm].excluded[exclusion, default: 0] += 1
      } else {
        self[keyPath: arm].relations += 1
        self[keyPath: arm].cameBack += row.cameSinceEnqueued ? 1 : 0
      }
    }
    difference = ProportionDifference(
      first: (toContact.cameBack, toContact.relations), second: (heldOut.cameBack, heldOut.relations),
      level: Self.level)
  }
}
