public import ContactQueue
public import Histories

/// What histories know of every customer as of a moment, in the queue's words: the facts that the policy decides by.
///
/// Facts later than the local day of the moment are not known, but for refusals: see `Consents.cautiousStanding`.
public final class Ledger: Sendable {
  public let histories: Histories
  public let at: Moment
  /// The local day of the moment.
  public let asOf: Day
  let index: RelationsByCustomer
  private let touchTimes: TouchTimes

  /// - Parameters:
  ///   - histories: loaded with `LoadOptions.addresses`.
  ///   - time: the clock of the dealers.
  ///   - memory: how far back contacts matter.
  /// - Complexity: O(relations)
  public init(_ histories: Histories, at: Moment, time: LocalTime, memory: Moment.Span) {
    precondition(histories.customers.contact != nil, "a ledger needs the addresses")
    self.histories = histories
    self.at = at
    asOf = time.clock(at: at).day
    index = RelationsByCustomer(histories)
    touchTimes = TouchTimes(until: at, time: time, memory: memory)
  }

  /// The relation of a customer with a vehicle; `nil` where there was none.
  public func relation(customer: Int, vehicle: Int) -> Int? {
    index.relations(of: customer).first { histories.relations.vehicles[Int($0)] == Int32(vehicle) }.map(
      Int.init)
  }

  /// What is known of a relation.
  ///
  /// - Complexity: O(what happened between customer and dealers)
  public func standing(of relation: Int) -> Standing {
    let customer = Int(histories.relations.customers[relation])
    let vehicle = Int(histories.relations.vehicles[relation])
    let consents = histories.consents.cautiousStanding(of: customer, asOf: asOf)
    let address = addresses(of: customer)
    return Standing(
      consents: consents, doNotContact: consents.refused.isSuperset(of: Self.everyContact),
      hasOpenComplaint: histories.complaints.isAnyOpen(of: customer, asOf: asOf),
      isInWorkshop: histories.orders.isAnyOpen(of: relation, asOf: asOf),
      bookedFor: histories.appointments.booked(by: customer, vehicle: vehicle, asOf: asOf),
      hasEnded: hasEnded(relation, customer), unusable: address.unusable, reachable: address.reachable,
      touches: touches(of: customer))
  }

  /// All channels for all purposes of contact: who refused them asked not to be contacted.
  private static let everyContact = ConsentPurpose.ofContact.reduce(into: ConsentScope(rawValue: 0)) {
    $0.formUnion(ConsentScope(channel: nil, purpose: $1.purpose))
  }

  private static let deceased = Vocabularies.endReason.words.firstIndex(of: "deceased")

  /// The vehicle is gone, or the customer is.
  private func hasEnded(_ relation: Int, _ customer: Int) -> Bool {
    let relations = histories.relations
    func isOver(_ relation: Int) -> Bool {
      let end = relations.end(of: relation, asOf: asOf)
      return !end.isNone && end <= asOf
    }
    if isOver(relation) { return true }
    return index.relations(of: customer).contains { other in
      isOver(Int(other)) && Int(relations.endReason(of: Int(other), asOf: asOf)) == Self.deceased
    }
  }

  /// Contacts that reached somebody, or tried to; the histories know their day, which counts to its end.
  private func touches(of customer: Int) -> [Touch] {
    let contacts = histories.contacts
    guard contacts.starts.count > 0 else { return [] }
    var touches: [Touch] = []
    for row in Int(contacts.starts[customer])..<Int(contacts.starts[customer + 1]) {
      guard ContactEvidence.isTouch(contacts.outcomes[row]), let at = touchTimes.end(of: contacts.days[row])
      else { continue }
      touches.append(Touch(at: at, channel: Channel(contactCode: contacts.channels[row])))
    }
    return touches
  }
}

extension Channel {
  private static let byCode = Vocabularies.channel.words.map { Channel(rawValue: $0) }

  /// - Parameter code: of `Vocabularies.channel`.
  init?(contactCode code: UInt8) {
    guard Int(code) < Self.byCode.count, let channel = Self.byCode[Int(code)] else { return nil }
    self = channel
  }
}

extension Histories {
  /// Whether anybody can have consented: without the table nobody is contacted.
  public var knowsConsents: Bool { presentTables.contains("consents") }
}
