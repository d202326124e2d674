import DuckDB
import Histories

/// Appends generated rows to the temporary database; one writer per thread.
final class RowWriter {
  private let visits: Appender
  private let items: Appender
  private let surveys: Appender
  private let complaints: Appender
  private let contacts: Appender
  private let consents: Appender
  private let appointments: Appender
  private let vehicles: Appender
  private let ownerships: Appender
  private let purchases: Appender
  private let packages: Appender
  private let insurance: Appender
  private let recalls: Appender
  private let prospects: Appender
  private let truth: Appender
  private let customers: Appender

  init(connection: Connection) throws(DuckDBError) {
    func open(_ table: TableLayout) throws(DuckDBError) -> Appender {
      try Appender(connection: connection, table: table.name, types: table.columns.map(\.type))
    }
    visits = try open(.visits)
    items = try open(.items)
    surveys = try open(.surveys)
    complaints = try open(.complaints)
    contacts = try open(.contacts)
    consents = try open(.consents)
    appointments = try open(.appointments)
    vehicles = try open(.vehicles)
    ownerships = try open(.ownerships)
    purchases = try open(.purchases)
    packages = try open(.packages)
    insurance = try open(.insurance)
    recalls = try open(.recalls)
    prospects = try open(.prospects)
    truth = try open(.truth)
    customers = try open(.customers)
  }

  func finish() throws(DuckDBError) {
    for appender in [
      visits, items, surveys, complaints, contacts, consents, appointments, vehicles, ownerships, purchases,
      packages, insurance, recalls, prospects, truth, customers,
    ] {
      try appender.finish()
    }
  }

  func write(_ rows: GroupRows, blemishes: Blemishes) throws(DuckDBError) {
    try writeCustomers(rows)
    try writeVehicles(rows)
    try writeVisits(rows, blemishes)
    try writeVoices(rows, blemishes)
    try writeContacts(rows)
    try writeProspects(rows, blemishes)
    try writeTruth(rows)
  }

  // MARK: People and cars

  private func writeCustomers(_ rows: GroupRows) throws(DuckDBError) {
    for row in rows.customers {
      customers.set(0, row.key)
      customers.set(1, row.ownerType.rawValue)
      customers.set(2, text: row.name)
      customers.set(3, row.female)
      set(customers, 4, row.birthDate)
      customers.set(5, text: row.phone)
      customers.set(6, Int8(row.city))
      customers.set(7, Int8(row.district))
      customers.set(8, row.latitude)
      customers.set(9, row.longitude)
      customers.set(10, Int16(row.dealer))
      customers.set(11, row.preferredChannel.rawValue)
      set(customers, 12, row.registered)
      try customers.endRow()
    }
    for row in rows.consents {
      consents.set(0, row.key)
      consents.set(1, row.customer)
      consents.set(2, row.channel.rawValue)
      consents.set(3, row.purpose.rawValue)
      consents.set(4, row.granted)
      set(consents, 5, row.at)
      try consents.endRow()
    }
  }

  private func writeVehicles(_ rows: GroupRows) throws(DuckDBError) {
    for row in rows.vehicles {
      vehicles.set(0, Int64(row.serial))
      set(vehicles, 1, row.number)
      vehicles.set(2, row.customer)
      vehicles.set(3, Int8(row.model))
      vehicles.set(4, Int16(row.modelYear))
      vehicles.set(5, row.useType.rawValue)
      set(vehicles, 6, row.delivered)
      vehicles.set(7, text: row.plate)
      try vehicles.endRow()
    }
    for row in rows.ownerships {
      ownerships.set(0, row.key)
      set(ownerships, 1, rows.vehicles[row.vehicle].number)
      ownerships.set(2, row.customer)
      set(ownerships, 3, row.from)
      set(ownerships, 4, row.to)
      ownerships.set(5, row.reason?.rawValue)
      try ownerships.endRow()
    }
    for row in rows.purchases {
      purchases.set(0, row.key)
      purchases.set(1, row.customer)
      set(purchases, 2, rows.vehicles[row.vehicle].number)
      set(purchases, 3, row.date)
      purchases.set(4, row.price)
      purchases.set(5, row.condition.rawValue)
      purchases.set(6, Int16(row.dealer))
      set(purchases, 7, row.loanEnds)
      purchases.set(8, row.margin)
      purchases.set(9, row.referredBy)
      try purchases.endRow()
    }
    for row in rows.packages {
      packages.set(0, row.key)
      set(packages, 1, rows.vehicles[row.vehicle].number)
      set(packages, 2, row.bought)
      packages.set(3, Int16(row.visits))
      set(packages, 4, row.expires)
      packages.set(5, row.price)
      try packages.endRow()
    }
    for row in rows.insurance {
      insurance.set(0, row.key)
      set(insurance, 1, rows.vehicles[row.vehicle].number)
      set(insurance, 2, row.starts)
      set(insurance, 3, row.ends)
      insurance.set(4, row.soldHere)
      insurance.set(5, row.premium)
      insurance.set(6, row.commission)
      try insurance.endRow()
    }
    for row in rows.recalls {
      recalls.set(0, row.key)
      set(recalls, 1, rows.vehicles[row.vehicle].number)
      recalls.set(2, Int16(row.campaign))
      set(recalls, 3, row.opened)
      set(recalls, 4, row.done)
      try recalls.endRow()
    }
  }

  // MARK: The workshop

  private func writeVisits(_ rows: GroupRows, _ blemishes: Blemishes) throws(DuckDBError) {
    for (index, row) in rows.visits.enumerated() {
      let blemish = blemishes.visits.isEmpty ? VisitBlemish() : blemishes.visits[index]
      visits.set(0, row.key)
      visits.set(1, Int32(row.customer))
      set(visits, 2, blemish.number ?? rows.vehicles[row.vehicle].number)
      visits.set(3, Int16(row.dealer))
      visits.set(4, Int32(row.opened))
      visits.set(5, text: blemish.openedText)
      visits.set(6, row.closed.map { Int32($0) })
      visits.set(7, row.status.rawValue)
      visits.set(8, row.odometer)
      visits.set(9, text: blemish.odometerText)
      visits.set(10, row.classes.rawValue)
      setMoney(visits, 11, row.bill.customer)
      setMoney(visits, 12, row.bill.warranty)
      setMoney(visits, 13, row.bill.insurance)
      setMoney(visits, 14, row.bill.package)
      setMoney(visits, 15, row.bill.labour)
      setMoney(visits, 16, row.bill.parts)
      setMoney(visits, 17, row.bill.discount)
      setMoney(visits, 18, row.bill.cost)
      setMoney(visits, 19, row.bill.estimate)
      setMoney(visits, 20, row.bill.unpaid)
      visits.set(21, row.adviser.map { Int32($0) })
      visits.set(22, row.booked)
      visits.set(23, row.promised.map { Int32($0) })
      try visits.endRow()
    }
    for row in rows.items {
      items.set(0, row.visit)
      items.set(1, row.line)
      items.set(2, row.job.rawValue)
      setMoney(items, 3, row.amount)
      items.set(4, row.declined)
      try items.endRow()
    }
  }

  private func writeVoices(_ rows: GroupRows, _ blemishes: Blemishes) throws(DuckDBError) {
    for (index, row) in rows.surveys.enumerated() {
      surveys.set(0, row.key)
      surveys.set(1, row.customer)
      surveys.set(2, row.visit)
      set(surveys, 3, row.date)
      surveys.set(4, row.kind.rawValue)
      surveys.set(5, row.item.rawValue)
      surveys.set(6, Int16(row.score))
      surveys.set(7, text: blemishes.scores.isEmpty ? nil : blemishes.scores[index])
      set(surveys, 8, row.invited)
      try surveys.endRow()
    }
    for row in rows.complaints {
      complaints.set(0, row.key)
      complaints.set(1, row.customer)
      set(complaints, 2, rows.vehicles[row.vehicle].number)
      set(complaints, 3, row.opened)
      set(complaints, 4, row.closed)
      complaints.set(5, Int8(row.severity))
      set(complaints, 6, row.reopened)
      complaints.set(7, row.satisfied)
      complaints.set(8, Int8(row.topic))
      try complaints.endRow()
    }
  }

  private func writeContacts(_ rows: GroupRows) throws(DuckDBError) {
    for row in rows.contacts {
      contacts.set(0, row.key)
      contacts.set(1, row.customer)
      set(contacts, 2, rows.vehicles[row.vehicle].number)
      contacts.set(3, Int32(row.at))
      contacts.set(4, row.channel.rawValue)
      contacts.set(5, row.purpose.rawValue)
      contacts.set(6, Int8(row.outcome.rawValue))
      set(contacts, 7, row.promised)
      try contacts.endRow()
    }
    for row in rows.appointments {
      appointments.set(0, row.key)
      appointments.set(1, row.customer)
      set(appointments, 2, rows.vehicles[row.vehicle].number)
      appointments.set(3, Int32(row.booked))
      set(appointments, 4, row.forDay)
      appointments.set(5, row.state.rawValue)
      try appointments.endRow()
    }
  }

  private func writeProspects(_ rows: GroupRows, _ blemishes: Blemishes) throws(DuckDBError) {
    for (index, row) in rows.prospects.enumerated() {
      let blemish = blemishes.prospects.isEmpty ? ProspectBlemish() : blemishes.prospects[index]
      prospects.set(0, row.key)
      prospects.set(1, row.source.rawValue)
      prospects.set(2, Int32(row.created))
      prospects.set(3, text: blemish.createdText)
      prospects.set(4, text: row.phone)
      prospects.set(5, text: row.name)
      prospects.set(6, Int8(row.city))
      prospects.set(7, row.district.map { Int8($0) })
      prospects.set(8, Int8(row.model))
      prospects.set(9, row.budget.map { Int32($0) })
      prospects.set(10, text: blemish.budgetText)
      prospects.set(11, row.months.map { Int8($0) })
      prospects.set(12, row.currentCar.map { Int8($0) })
      prospects.set(13, row.currentAge)
      prospects.set(14, row.intent?.rawValue)
      prospects.set(15, row.verified.map { Int32($0) })
      set(prospects, 16, row.testDrive)
      set(prospects, 17, row.bought)
      prospects.set(18, row.customer)
      try prospects.endRow()
    }
  }

  private func writeTruth(_ rows: GroupRows) throws(DuckDBError) {
    for row in rows.truths {
      truth.set(0, row.key)
      truth.set(1, row.customer)
      set(truth, 2, rows.vehicles[row.vehicle].number)
      set(truth, 3, row.asOf)
      set(truth, 4, row.due)
      truth.set(5, Int16(row.horizon))
      truth.set(6, row.probability)
      truth.set(7, row.probability180)
      truth.set(8, row.probability365)
      truth.set(9, row.defected)
      truth.set(10, row.lapsed)
      truth.set(11, row.naturalLoss)
      try truth.endRow()
    }
  }

  // MARK: Cells

  private func set(_ appender: Appender, _ column: Int, _ day: Day) {
    appender.set(column, day.isNone ? nil : day.number)
  }

  /// Money goes as cents.
  private func setMoney(_ appender: Appender, _ column: Int, _ amount: Double?) {
    appender.set(column, amount.map { Int32(($0 * 100).rounded()) })
  }

  private func set(_ appender: Appender, _ column: Int, _ number: VehicleNumber) {
    number.withBytes { appender.set(column, bytes: $0) }
  }
}
