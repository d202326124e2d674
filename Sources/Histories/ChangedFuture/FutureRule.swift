/// What of a table happens when, and what is known before it ends.
struct FutureRule {
  /// Something about a row that turns out on a day of its own.
  struct Ending {
    let column: String
    /// What is known from that day on.
    var outcomes: [String] = []
    /// Whether the row is there without the day.
    var isOptional = true
  }

  let table: String
  /// When a row happens; `nil` for rows that are always there.
  var date: String?
  /// Other days on which the row may already be known: it is of later only when these are, too.
  var earlierDates: [String] = []
  var id: String?
  var endings: [Ending] = []

  /// Columns that say whose a row is: never changed.
  static let keys: Set = ["customer_id", "vin", "visit_id"]

  static let all: [FutureRule] = [
    FutureRule(
      table: "ownerships", date: "from", endings: [Ending(column: "to", outcomes: ["end_reason"])]),
    FutureRule(table: "purchases", date: "date", id: "purchase_id"),
    FutureRule(
      table: "surveys", date: "date", earlierDates: ["invited_on"], id: "survey_id",
      endings: [Ending(column: "date", outcomes: ["score"], isOptional: false)]),
    FutureRule(
      table: "complaints", date: "opened_on", id: "complaint_id",
      endings: [Ending(column: "closed_on", outcomes: ["satisfied"]), Ending(column: "reopened_on")]),
    FutureRule(table: "contacts", date: "at", id: "contact_id"),
    FutureRule(table: "consents", date: "at"),
    FutureRule(table: "appointments", date: "booked_at", id: "appointment_id"),
    FutureRule(table: "packages", date: "bought_on"),
    FutureRule(table: "insurance", date: "starts_on"),
    FutureRule(table: "recalls", date: "opened_on", endings: [Ending(column: "done_on")]),
    FutureRule(table: "advisers", endings: [Ending(column: "active_to")]),
    FutureRule(
      table: "prospects", date: "created_at", id: "prospect_id",
      endings: [
        Ending(column: "verified_at", outcomes: ["intent"]), Ending(column: "test_drive_on"),
        Ending(column: "bought_on"),
      ]),
  ]
}
