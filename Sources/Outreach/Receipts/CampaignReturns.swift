public import ContactQueue
internal import Features
public import Histories

/// Which relations of a campaign came back, and whether more of those who were to be contacted did.
///
/// - A *return* is a qualified visit (first service, maintenance, a repair that the customer paid for) that began on a day
///   after the contact, or after the day of enqueueing for who was held out or never contacted, and at most `days` days
///   later. A visit belongs to the latest contact before it, and to one only; a contact has the first of its visits.
/// - The *comparison* is by assignment: everybody who was to be contacted against everybody who was held out, whatever
///   became of the contact, both counted from the day of enqueueing. Left out are relations that ended by nature
///   within the days, those whose days are not over yet, and those that the histories do not know.
public struct CampaignReturns: Sendable {
  /// What was done with a relation.
  public enum Group: String, Sendable, CaseIterable {
    case contacted
    case heldOut = "held_out"
    /// Was to be contacted, and the policy forbade it before anybody did.
    case suppressed
    /// Was to be contacted, and nobody has (yet).
    case waiting
    /// Never was to be contacted: the policy left it out when the list came.
    case notAllowed = "not_allowed"
  }

  public enum Exclusion: String, Sendable, CaseIterable {
    case naturalLoss = "natural_loss"
    /// The days are not over at the end of the data.
    case open = "window_open"
    case unknown = "unknown_relation"
  }

  /// One relation of one wave.
  public struct Row: Sendable {
    public let outcome: CampaignOutcome
    public let group: Group
    /// `nil` where the histories know no such relation.
    public let customerID: String?
    public let vin: String?
    /// By the rule of returns; its visit is the repair order's id.
    public let comeback: Return?
    /// Whether a qualified visit began within the days after enqueueing: what the comparison counts.
    public let cameSinceEnqueued: Bool
    /// Why the comparison leaves it out.
    public let exclusion: Exclusion?
  }

  public let rows: [Row]
  public let days: Int
  public let dataEnd: Day

  public static let defaultDays = 60
  public static let allowedDays = 1...365

  /// - Parameters:
  ///   - outcomes: of one campaign, as the queue keeps them.
  ///   - histories: loaded with `LoadOptions.orderIdentities`.
  ///   - data: their folder.
  ///   - time: the clock of the dealers.
  ///   - days: within which a visit counts.
  /// - Throws: `HistoriesError`.
  /// - Complexity: O(relations + orders of the campaign's relations).
  public init(
    _ outcomes: [CampaignOutcome], histories: Histories, data: String, vault: Vault, time: LocalTime,
    days: Int = defaultDays
  ) throws(HistoriesError) {
    precondition(Self.allowedDays.contains(days))
    self.days = days
    dataEnd = histories.dataEnd
    let names = RelationNames(Set(outcomes.map(\.customer)), histories: histories, vault: vault)
    let visits = QualifiedVisits(histories)
    var contacts: [Int: [Day]] = [:]
    for outcome in outcomes {
      guard let relation = names[outcome.customer, outcome.vehicle], let at = outcome.contactedAt else {
        continue
      }
      contacts[relation, default: []].append(time.clock(at: at).day)
    }
    var matched: [(row: Row, order: Int?)] = []
    var taken: Set<Int> = []
    for outcome in outcomes {
      let group = Self.group(outcome)
      let enqueued = time.clock(at: outcome.enqueuedAt).day
      guard let relation = names[outcome.customer, outcome.vehicle] else {
        matched.append(
          (
            Row(
              outcome: outcome, group: group, customerID: nil, vin: nil, comeback: nil,
              cameSinceEnqueued: false,
              exclusion: .unknown), nil
          ))
        continue
      }
      let start = outcome.contactedAt.map { time.clock(at: $0).day } ?? enqueued
      let next = contacts[relation]?.filter { $0 > start }.min()
      let later = visits.visits(of: relation, after: min(start, enqueued))
      let first = later.first { visit in
        visit.day > start && visit.day - start <= days && next.map { visit.day <= $0 } != false
          && visit.day <= histories.dataEnd && taken.insert(visit.order).inserted
      }
      let came = later.contains {
        $0.day > enqueued && $0.day - enqueued <= days && $0.day <= histories.dataEnd
      }
      let end = histories.relations.endsOn[relation]
      let isLost = !came && !end.isNone && end > enqueued && end <= enqueued + days
      let exclusion: Exclusion? =
        isLost ? .naturalLoss : enqueued + days > histories.dataEnd ? .open : nil
      let vehicle = histories.relations.vehicles[relation]
      let comeback = first.map {
        Return(
          customer: outcome.customer, vehicle: outcome.vehicle, visit: "", openedOn: $0.day,
          days: $0.day - start)
      }
      matched.append(
        (
          Row(
            outcome: outcome, group: group,
            customerID: histories.customers.ids.texts[Int(histories.relations.customers[relation])],
            vin: vehicle < 0 ? nil : histories.vehicles.vins.texts[Int(vehicle)], comeback: comeback,
            cameSinceEnqueued: came, exclusion: exclusion), first?.order
        ))
    }
    rows = try Self.named(matched, histories, data)
  }

  private static func group(_ outcome: CampaignOutcome) -> Group {
    if outcome.isHeldOut { return .heldOut }
    guard outcome.isTask else { return .notAllowed }
    if outcome.contactedAt != nil { return .contacted }
    return outcome.state == .suppressed ? .suppressed : .waiting
  }

  /// The rows with the ids of their repair orders.
  private static func named(
    _ matched: [(row: Row, order: Int?)], _ histories: Histories, _ data: String
  ) throws(HistoriesError) -> [Row] {
    guard let identities = histories.orderIdentities else {
      preconditionFailure("the histories were loaded without the identities of orders")
    }
    let wanted = Set(matched.compactMap { $0.order.map { identities[$0] } })
    let ids = try Histories.visitIDs(data, identities: wanted)
    return matched.map { row, order in
      guard let order, var comeback = row.comeback else { return row }
      comeback.visit = ids[identities[order]] ?? ""
      return Row(
        outcome: row.outcome, group: row.group, customerID: row.customerID, vin: row.vin, comeback: comeback,
        cameSinceEnqueued: row.cameSinceEnqueued, exclusion: row.exclusion)
    }
  }

  /// What the queue keeps: one return a relation, the first.
  public var returns: [Return] {
    var kept: [RelationNames.Name: Return] = [:]
    for comeback in rows.compactMap(\.comeback) {
      let name = RelationNames.Name(customer: comeback.customer, vehicle: comeback.vehicle)
      if let known = kept[name], known.openedOn <= comeback.openedOn { continue }
      kept[name] = comeback
    }
    return kept.values.sorted { ($0.openedOn, $0.customer.text) < ($1.openedOn, $1.customer.text) }
  }
}
