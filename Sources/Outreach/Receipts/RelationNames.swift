internal import ContactQueue
internal import Histories

/// Which relation of the histories stands behind the keyed names of a queue.
struct RelationNames {
  struct Name: Hashable {
    let customer: Pseudonym
    let vehicle: Pseudonym
  }

  private var relations: [Name: Int] = [:]

  /// Finds the relations of some customers.
  ///
  /// - Complexity: a keyed hash a customer, and one a vehicle of those that are wanted.
  init(_ wanted: Set<Pseudonym>, histories: Histories, vault: Vault) {
    var names: [Int32: Pseudonym?] = [:]
    for relation in 0..<histories.relations.count {
      let customer = histories.relations.customers[relation]
      let name: Pseudonym?
      if let known = names[customer] {
        name = known
      } else {
        let code = vault.pseudonym(customer: histories.customers.ids.texts[Int(customer)])
        name = wanted.contains(code) ? code : nil
        names[customer] = .some(name)
      }
      guard let name else { continue }
      let row = histories.relations.vehicles[relation]
      let vin = row < 0 ? nil : histories.vehicles.vins.texts[Int(row)]
      relations[Name(customer: name, vehicle: vault.pseudonym(vehicle: vin))] = relation
    }
  }

  subscript(customer: Pseudonym, vehicle: Pseudonym) -> Int? {
    relations[Name(customer: customer, vehicle: vehicle)]
  }
}
