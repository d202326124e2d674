import Histories

/// Which optional columns the data have: features of absent ones are missing, never zero. Absent tables have no runs.
struct KnownSources {
  let hasPhones: Bool
  let hasContactPurposes: Bool
  let hasContactOutcomes: Bool
  let hasAppointmentStates: Bool

  init(_ histories: Histories) {
    let columns = histories.presentColumns
    hasPhones = columns.contains("customers.phone")
    hasContactPurposes = columns.contains("contacts.purpose")
    hasContactOutcomes = columns.contains("contacts.outcome")
    hasAppointmentStates = columns.contains("appointments.state")
  }
}
