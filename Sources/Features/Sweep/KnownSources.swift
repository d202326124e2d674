import Histories

/// Which optional columns the data have: features of absent ones are missing, never zero.
struct KnownSources {
  let hasPhones: Bool
  let hasContacts: Bool
  let hasContactPurposes: Bool
  let hasContactOutcomes: Bool
  let hasAppointments: Bool
  let hasAppointmentStates: Bool
  let hasConsents: Bool
  let hasSurveys: Bool

  init(_ histories: Histories) {
    let tables = histories.presentTables
    let columns = histories.presentColumns
    hasPhones = columns.contains("customers.phone")
    hasContacts = tables.contains("contacts")
    hasContactPurposes = columns.contains("contacts.purpose")
    hasContactOutcomes = columns.contains("contacts.outcome")
    hasAppointments = tables.contains("appointments")
    hasAppointmentStates = columns.contains("appointments.state")
    hasConsents = tables.contains("consents")
    hasSurveys = tables.contains("surveys")
  }
}
