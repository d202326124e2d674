/// What was said to customers, and what they said about being contacted.
extension LoadContext {
  /// Reads calls and messages.
  func loadContacts() throws(HistoriesError) -> Contacts {
    let contacts = settled(Contacts())
    let readers = try readers(
      "contacts", ["customer_id", "at", "outcome", "channel", "purpose", "promised_on", "vin"])
    guard !readers.isEmpty else { return contacts }
    let owners: Buffer<Int32> = column()
    let vins: Buffer<UInt64> = column()
    let take = { (rows: borrowing Rows, report: inout LoadReport) throws(HistoriesError) -> Int in
      let found = self.customers(rows.text(0), count: rows.count)
      let times = rows.times(1)
      let outcomes = rows.text(2)
      let channels = rows.text(3)
      let purposes = rows.text(4)
      let promised = rows.days(5)
      let vinCells = rows.text(6)
      let columns = (
        days: contacts.days, outcomes: contacts.outcomes, channels: contacts.channels,
        purposes: contacts.purposes, promisedOn: contacts.promisedOn
      )
      let contactOutcomeWords = Vocabularies.contactOutcome
      let channelWords = Vocabularies.channel
      let contactPurposeWords = Vocabularies.contactPurpose
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        guard let customer = self.owner(found[row], "contacts", rows, row, &report) else { continue }
        guard let time = times[row] else {
          report.count("contacts", "at is missing", .dropped, at: rows.place(row, "at"))
          continue
        }
        owners.append(customer)
        columns.days.append(Day(microseconds: time))
        columns.outcomes.append(contactOutcomeWords.code(outcomes[row]))
        columns.channels.append(channelWords.code(channels[row]))
        columns.purposes.append(contactPurposeWords.code(purposes[row]))
        columns.promisedOn.append(promised[row])
        vins.append(VehicleLookup.key(vinCells[row]))
        used += 1
      }
      return used
    }
    for reader in readers { try reader.read(report: &report, take) }
    let runs = EventRuns(owners: owners, days: contacts.days, ownerCount: customers.count)
    contacts.starts = runs.starts
    contacts.days = runs.moved(contacts.days)
    contacts.outcomes = runs.moved(contacts.outcomes)
    contacts.channels = runs.moved(contacts.channels)
    contacts.purposes = runs.moved(contacts.purposes)
    contacts.promisedOn = runs.moved(contacts.promisedOn)
    vehicleLookups.append(
      VehicleLookup(table: "contacts", keys: runs.moved(vins), vehicles: contacts.vehicles))
    return contacts
  }

  /// Reads booked visits.
  func loadAppointments() throws(HistoriesError) -> Appointments {
    let table = "appointments"
    let appointments = settled(Appointments())
    guard let reader = try reader(table, ["customer_id", "booked_at", "for_date", "state", "vin"]) else {
      return appointments
    }
    let owners: Buffer<Int32> = column()
    let vins: Buffer<UInt64> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.customers(rows.text(0), count: rows.count)
      let booked = rows.times(1)
      let wanted = rows.days(2)
      let states = rows.text(3)
      let vinCells = rows.text(4)
      let columns = (
        bookedOn: appointments.bookedOn, forDays: appointments.forDays, states: appointments.states
      )
      let appointmentStateWords = Vocabularies.appointmentState
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        guard let customer = self.owner(found[row], table, rows, row, &report) else { continue }
        guard let bookedAt = booked[row], !wanted[row].isNone else {
          report.count(
            table, "booked_at or for_date is missing", .dropped, at: rows.place(row, "booked_at"))
          continue
        }
        let bookedOn = Day(microseconds: bookedAt)
        guard bookedOn <= wanted[row] else {
          report.count(table, "booked after its own day", .dropped, at: rows.place(row, "for_date"))
          continue
        }
        let state = appointmentStateWords.code(states[row])
        if state == Vocabulary.none, !KeyText.isBlank(states[row]) {
          report.count(table, "state: unknown", .missing, at: rows.place(row, "state"))
        }
        owners.append(customer)
        columns.bookedOn.append(bookedOn)
        columns.forDays.append(wanted[row])
        columns.states.append(state)
        vins.append(VehicleLookup.key(vinCells[row]))
        used += 1
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: appointments.bookedOn, ownerCount: customers.count)
    appointments.starts = runs.starts
    appointments.bookedOn = runs.moved(appointments.bookedOn)
    appointments.forDays = runs.moved(appointments.forDays)
    appointments.states = runs.moved(appointments.states)
    vehicleLookups.append(
      VehicleLookup(table: table, keys: runs.moved(vins), vehicles: appointments.vehicles))
    return appointments
  }

  /// Reads statements of consent. What cannot be understood never grants: it refuses, as far as it goes.
  func loadConsents() throws(HistoriesError) -> Consents {
    let consents = settled(Consents())
    let readers = try readers("consents", ["customer_id", "at", "granted", "channel", "purpose"])
    guard !readers.isEmpty else { return consents }
    let owners: Buffer<Int32> = column()
    // Twice the microseconds, plus 1 for refusals: of two statements at one moment the refusal comes last.
    let order: Buffer<Int64> = column()
    let take = { (rows: borrowing Rows, report: inout LoadReport) throws(HistoriesError) -> Int in
      let found = self.customers(rows.text(0), count: rows.count)
      let times = rows.times(1)
      let granted = rows.truths(2)
      let channels = rows.text(3)
      let purposes = rows.text(4)
      let columns = (days: consents.days, statements: consents.statements)
      var used = 0
      for row in 0..<rows.count {
        let isLost = rows.isLost(row)
        guard found[row] >= 0, let time = times[row] else {
          if !isLost {
            report.count(
              "consents", "customer_id or at: missing or unknown", .dropped,
              at: rows.place(row, "customer_id"))
          }
          continue
        }
        guard let statement = Self.statement(channels[row], purposes[row], granted[row]) else {
          report.count(
            "consents", "channel or purpose: unknown, grants nothing", .dropped,
            at: rows.place(row, "channel"))
          continue
        }
        owners.append(found[row])
        columns.days.append(Day(microseconds: time))
        columns.statements.append(statement)
        order.append(2 * time + (statement.isGranted ? 0 : 1))
        // The reader has counted a lost row as dropped: what it said is not used, that it may be a refusal is.
        if isLost { continue }
        if granted[row] == nil {
          report.count(
            "consents", "granted: missing, taken as refused", .mended, at: rows.place(row, "granted"))
        }
        used += 1
      }
      return used
    }
    for reader in readers { try reader.read(report: &report, take) }
    let runs = EventRuns(owners: owners, days: order, ownerCount: customers.count)
    consents.starts = runs.starts
    consents.days = runs.moved(consents.days)
    consents.statements = runs.moved(consents.statements)
    return consents
  }

  /// A refusal of an unknown channel or purpose refuses all of them; a grant of one is `nil`.
  private static func statement(
    _ channel: UnsafeRawBufferPointer, _ purpose: UnsafeRawBufferPointer, _ granted: Bool?
  ) -> ConsentStatement? {
    let isGranted = granted == true
    let channelCode = Vocabularies.consentChannel.code(channel)
    let isNamed = channelCode < Vocabularies.channel.words.count
    guard let known = ConsentPurpose(rawValue: Vocabularies.consentPurpose.code(purpose)) else {
      return isGranted ? nil : ConsentStatement(scope: .everything, isGranted: false)
    }
    if channelCode == Vocabulary.none, isGranted { return nil }
    return ConsentStatement(
      scope: ConsentScope(channel: isNamed ? channelCode : nil, purpose: known), isGranted: isGranted)
  }
}
