import Histories

/// Raw pointers into the columns that contact, place and records are judged by; see `FactColumns`.
struct ContactColumns {
  let homes: UnsafePointer<HomeCell>
  let cities: UnsafePointer<Int32>
  let channels: UnsafePointer<ChannelSet>
  let plateHeads: UnsafePointer<Int32>
  let storeLatitudes: UnsafePointer<Double>
  let storeLongitudes: UnsafePointer<Double>
  let contacts: ContactEventColumns
  let appointments: AppointmentColumns
  let consents: ConsentColumns
  let items: ItemScoreColumns
  let addresses: AddressColumns

  init(_ histories: Histories) {
    let customers = histories.customers
    homes = UnsafePointer(customers.homes.base)
    cities = UnsafePointer(customers.cities.base)
    channels = UnsafePointer(customers.channels.base)
    plateHeads = UnsafePointer(histories.vehicles.plateHeads.base)
    storeLatitudes = UnsafePointer(histories.stores.latitudes.base)
    storeLongitudes = UnsafePointer(histories.stores.longitudes.base)
    contacts = ContactEventColumns(histories.contacts)
    appointments = AppointmentColumns(histories.appointments)
    consents = ConsentColumns(histories.consents)
    items = ItemScoreColumns(histories.surveys.items)
    addresses = AddressColumns(customers.addresses)
  }
}

/// Contacts by customer.
struct ContactEventColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let outcomes: UnsafePointer<UInt8>
  let channels: UnsafePointer<UInt8>
  let purposes: UnsafePointer<UInt8>
  let promisedOn: UnsafePointer<Day>
  let vehicles: UnsafePointer<Int32>

  init(_ contacts: Contacts) {
    starts = contacts.starts.ifPresent
    days = UnsafePointer(contacts.days.base)
    outcomes = UnsafePointer(contacts.outcomes.base)
    channels = UnsafePointer(contacts.channels.base)
    purposes = UnsafePointer(contacts.purposes.base)
    promisedOn = UnsafePointer(contacts.promisedOn.base)
    vehicles = UnsafePointer(contacts.vehicles.base)
  }
}

/// Booked visits by customer.
struct AppointmentColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let bookedOn: UnsafePointer<Day>
  let forDays: UnsafePointer<Day>
  let states: UnsafePointer<UInt8>
  let vehicles: UnsafePointer<Int32>

  init(_ appointments: Appointments) {
    starts = appointments.starts.ifPresent
    bookedOn = UnsafePointer(appointments.bookedOn.base)
    forDays = UnsafePointer(appointments.forDays.base)
    states = UnsafePointer(appointments.states.base)
    vehicles = UnsafePointer(appointments.vehicles.base)
  }
}

/// Statements on consent by customer.
struct ConsentColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let statements: UnsafePointer<ConsentStatement>

  init(_ consents: Consents) {
    starts = consents.starts.ifPresent
    days = UnsafePointer(consents.days.base)
    statements = UnsafePointer(consents.statements.base)
  }
}

/// Survey answers on single items by customer.
struct ItemScoreColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let scores: UnsafePointer<Float>

  init(_ items: SurveyItems) {
    starts = items.starts.ifPresent
    days = UnsafePointer(items.days.base)
    scores = UnsafePointer(items.scores.base)
  }
}

/// Addresses of people who were entered several times, by customer.
struct AddressColumns {
  /// `nil` when there is nobody.
  let starts: UnsafePointer<Int32>?
  let registeredOn: UnsafePointer<Day>
  let places: UnsafePointer<UInt64>

  init(_ addresses: Addresses) {
    starts = addresses.starts.ifPresent
    registeredOn = UnsafePointer(addresses.registeredOn.base)
    places = UnsafePointer(addresses.places.base)
  }
}
