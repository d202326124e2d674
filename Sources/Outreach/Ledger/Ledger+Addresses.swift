public import ContactQueue
public import Features
import Histories

extension Ledger {
  /// Where a customer can be reached, and what of it cannot be used.
  ///
  /// An address was found invalid when the last contact over it that says anything says so.
  func addresses(of customer: Int) -> (reachable: ChannelSet, unusable: ChannelSet) {
    let customers = histories.customers
    var (reachable, unusable): (ChannelSet, ChannelSet) = ([], [])
    if !customers.phones.bytes(customer).isEmpty || hasDummyPhone(customer) {
      reachable.formUnion([.phone, .sms])
      // A landline takes no messages; what is neither is none.
      unusable.formUnion(ChannelSet([.phone, .sms]).subtracting(customers.channels[customer]))
    }
    if let contact = customers.contact {
      if !contact.wechats.bytes(customer).isEmpty { reachable.insert(.wechat) }
      if let mail = contact.emails.value(customer) {
        reachable.insert(.email)
        if !ContactAddresses.isMail(mail) { unusable.insert(.email) }
      }
    }
    unusable.formUnion(foundInvalid(customer).intersection(reachable))
    return (reachable, unusable)
  }

  /// Whether the customer's phone is a dummy, or used by more than three customers.
  func hasDummyPhone(_ customer: Int) -> Bool {
    guard let contact = histories.customers.contact else { return false }
    return contact.phoneFlaws[customer] != .none
  }

  private func foundInvalid(_ customer: Int) -> ChannelSet {
    let contacts = histories.contacts
    guard contacts.starts.count > 0 else { return [] }
    var invalid: ChannelSet = []
    for row in Int(contacts.starts[customer])..<Int(contacts.starts[customer + 1]) {
      guard contacts.days[row] <= asOf, let channel = Channel(contactCode: contacts.channels[row]) else {
        continue
      }
      let outcome = contacts.outcomes[row]
      if ContactEvidence.isInvalid(outcome) {
        invalid.formUnion(ContactEvidence.sharing(channel))
      } else if ContactEvidence.isProof(outcome) {
        invalid.subtract(ContactEvidence.sharing(channel))
      }
    }
    return invalid
  }

  /// The word of the channel that a customer prefers.
  func preference(of customer: Int) -> String? {
    Vocabularies.channel.word(histories.customers.preferredChannels[customer])
  }

  /// Who the customer is and how to reach them.
  public func contact(of customer: Int) -> ContactDetails {
    let customers = histories.customers
    let contact = customers.contact
    let language = contact?.languages[customer] ?? -1
    return ContactDetails(
      customerID: customers.ids.texts[customer], name: customers.names.value(customer),
      phone: customers.phones.value(customer), wechat: contact?.wechats.value(customer),
      email: contact?.emails.value(customer),
      language: language >= 0 ? contact?.languageNames.texts[Int(language)] : nil)
  }

  /// What whoever works a task must know of the vehicle.
  ///
  /// - Parameter facts: of the relation.
  public func details(of relation: Int, facts: RelationFacts) -> TaskDetails {
    let customer = Int(histories.relations.customers[relation])
    let vehicle = Int(histories.relations.vehicles[relation])
    let vehicles = histories.vehicles
    let model = vehicles.models[vehicle]
    let home = histories.customers.dealers[customer]
    let dealer = home >= 0 ? home : facts.dealer
    return TaskDetails(
      vin: vehicles.vins.texts[vehicle], plate: vehicles.plates.value(vehicle),
      model: model >= 0 ? vehicles.modelNames.texts[Int(model)] : nil,
      dealerID: dealer >= 0 ? histories.dealers.texts[Int(dealer)] : nil,
      adviser: facts.lastAdviser.map { histories.advisers.ids.texts[Int($0)] },
      lastVisitOn: facts.lastQualifiedVisitOn?.description,
      nextDueOn: facts.dueOn.isNone ? nil : facts.dueOn.description)
  }
}
