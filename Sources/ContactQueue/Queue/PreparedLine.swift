/// What is left of a line of a list when all is worked out that needs no database.
struct PreparedLine: Sendable {
  let customerID: String
  let standing: Standing
  let priority: Double
  let probability: Double?
  let value: Double?
  let tier: String?
  let needsApproval: Bool
  /// The customer and the vehicle under their keyed names.
  var relation: Relation
  var decision: EnqueueLine.Decision
  /// The key of its task; `nil` where there is to be none.
  var key: Pseudonym?
  /// The contact's details as they are kept, not sealed yet.
  let contact: [UInt8]
  /// The details of its task, sealed; empty where there is to be none.
  let details: [UInt8]
  /// Its task is to be made now.
  var isNew = false

  init(_ line: EnqueueLine, _ campaign: Campaign, _ vault: Vault) throws(QueueError) {
    customerID = line.contact.customerID
    standing = line.standing
    (priority, probability, value) = (line.priority, line.probability, line.value)
    (tier, needsApproval) = (line.tier, line.needsApproval)
    relation = Relation(
      customer: vault.pseudonym(customer: line.contact.customerID),
      vehicle: vault.pseudonym(vehicle: line.details.vin))
    decision = line.decision
    contact = DetailsCoding.bytes(line.contact)
    guard case .contact(let channel, _) = decision else {
      details = []
      return
    }
    let key = TaskKey.key(
      campaign: campaign.name, customer: relation.customer, vehicle: relation.vehicle, channel: channel,
      wave: campaign.wave, template: campaign.template)
    self.key = key
    details = try vault.seal(DetailsCoding.bytes(line.details), for: key)
  }

  var isHeldOut: Bool {
    if case .heldOut = decision { true } else { false }
  }

  /// Takes another decision than the list's, by which no task is made.
  mutating func overrule(_ other: EnqueueLine.Decision) {
    decision = other
    key = nil
  }
}
