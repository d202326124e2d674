import DuckDB

/// The tables of the temporary database: what is appended, and how it reads in an export.
struct TableLayout: Sendable {
  struct Column: Sendable {
    let name: String
    let type: ColumnType

    init(_ name: String, _ type: ColumnType) {
      self.name = name
      self.type = type
    }

    var sqlType: String {
      switch type {
      case .boolean: "BOOLEAN"
      case .tinyInt: "TINYINT"
      case .smallInt: "SMALLINT"
      case .integer: "INTEGER"
      case .bigInt: "BIGINT"
      case .double: "DOUBLE"
      case .timestamp: "TIMESTAMP"
      case .date: "DATE"
      default: "VARCHAR"
      }
    }
  }

  let name: String
  let columns: [Column]
  /// The canonical export: select list and order, which no two rows share.
  let select: String
  let order: String

  var createStatement: String {
    "CREATE TABLE \(name) (\(columns.map { "\"\($0.name)\" \($0.sqlType)" }.joined(separator: ", ")))"
  }
}

extension TableLayout {
  static let customerIdentifier = "'C' || (10000000 + customer)"
  static let visitIdentifier = "'R' || (10000000000 + key)"

  /// A word for a code, by DuckDB's list indexing (from 1).
  static func word(_ column: String, _ words: [String]) -> String {
    "[" + words.map { "'\($0)'" }.joined(separator: ", ") + "][\(column) + 1]"
  }

  private static let customer = customerIdentifier + " AS customer_id"
  private static func identifier(_ letter: String, _ name: String) -> String {
    "'\(letter)' || (10000000000 + key) AS \(name)"
  }
  static let dealerIdentifier = "'D' || (1000 + dealer)"
  static let adviserIdentifier = "'A' || (100000 + adviser)"

  /// All tables; `key`-like columns come first.
  static let all: [TableLayout] = [
    visits, items, surveys, complaints, contacts, consents, appointments, vehicles, ownerships, purchases,
    packages, insurance, recalls, schedules, advisers, dealers, prospects, truth, customers,
  ]

  static let customers = TableLayout(
    name: "customers",
    columns: [
      Column("customer", .bigInt), Column("owner_type", .tinyInt), Column("name", .text),
      Column("female", .boolean), Column("birth_date", .date), Column("phone", .text),
      Column("city", .tinyInt),
      Column("district", .tinyInt), Column("latitude", .double), Column("longitude", .double),
      Column("dealer", .smallInt), Column("preferred_channel", .tinyInt), Column("registered_on", .date),
    ],
    select: """
      \(customer), \(word("owner_type", CodeWords.ownerType)) AS owner_type, name,
      CASE WHEN female THEN 'F' WHEN NOT female THEN 'M' END AS gender, birth_date, phone,
      \(word("city", Places.cities.map(\.province))) AS province, \(word("city", Places.cities.map(\.name))) AS city,
      \(word("district", Places.districts)) AS district, round(latitude, 4) AS latitude,
      round(longitude, 4) AS longitude, \(dealerIdentifier) AS dealer_id,
      \(word("preferred_channel", CodeWords.channel)) AS preferred_channel, registered_on, 'zh' AS language
      """,
    order: "customer")

  static let vehicles = TableLayout(
    name: "vehicles",
    columns: [
      Column("key", .bigInt), Column("vin", .text), Column("customer", .bigInt), Column("model", .tinyInt),
      Column("model_year", .smallInt), Column("use_type", .tinyInt), Column("delivered_on", .date),
      Column("plate", .text),
    ],
    select: """
      vin, \(customer), \(word("model", VehicleCatalogue.models.map(\.brand))) AS brand,
      \(word("model", VehicleCatalogue.models.map(\.name))) AS model, model_year,
      \(word("model", VehicleCatalogue.models.map { CodeWords.powertrain[Int($0.powertrain.rawValue)] })) AS powertrain,
      \(word("use_type", CodeWords.useType)) AS use_type, delivered_on,
      [\(VehicleCatalogue.models.map { "\($0.listPrice)" }.joined(separator: ", "))][model + 1]::DOUBLE AS list_price,
      plate, (delivered_on + INTERVAL \(VehicleCatalogue.warrantyMonths) MONTH)::DATE AS warranty_ends_on,
      \(Int(VehicleCatalogue.warrantyKilometres)) AS warranty_km
      """,
    order: "key")

  static let ownerships = TableLayout(
    name: "ownerships",
    columns: [
      Column("key", .bigInt), Column("vin", .text), Column("customer", .bigInt), Column("from_day", .date),
      Column("to_day", .date), Column("reason", .tinyInt),
    ],
    select: """
      vin, \(customer), from_day AS "from", to_day AS "to", \(word("reason", CodeWords.endReason)) AS end_reason
      """,
    order: "key")

  static let purchases = TableLayout(
    name: "purchases",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("vin", .text), Column("date", .date),
      Column("price", .double), Column("condition", .tinyInt), Column("dealer", .smallInt),
      Column("loan_ends_on", .date), Column("gross_margin", .double), Column("referrer", .bigInt),
    ],
    select: """
      \(identifier("P", "purchase_id")), \(customer), vin, date, price,
      \(word("condition", CodeWords.condition)) AS condition, \(dealerIdentifier) AS dealer_id, loan_ends_on,
      gross_margin, 'C' || (10000000 + referrer) AS referred_by
      """,
    order: "date, key")

  // Times are kept as minutes and money as cents, in four bytes each: the sort of the visits is the costliest step of
  // an export, and it moves every byte.
  static let visits = TableLayout(
    name: "visits",
    columns: [
      Column("key", .bigInt), Column("customer", .integer), Column("vin", .text), Column("dealer", .smallInt),
      Column("opened", .integer), Column("opened_text", .text), Column("closed", .integer),
      Column("status", .tinyInt), Column("odometer", .integer), Column("odometer_text", .text),
      Column("classes", .tinyInt), Column("customer_paid", .integer), Column("warranty_paid", .integer),
      Column("insurance_paid", .integer), Column("package_paid", .integer), Column("labour", .integer),
      Column("parts", .integer), Column("discount", .integer), Column("cost", .integer),
      Column("estimate", .integer), Column("unpaid", .integer), Column("adviser", .integer),
      Column("booked", .boolean), Column("promised", .integer),
    ],
    select: """
      \(identifier("R", "visit_id")), \(customer), vin, \(dealerIdentifier) AS dealer_id, \(openedAt) AS opened_at,
      \(moment("closed")) AS closed_at, \(word("status", CodeWords.status)) AS status, \(odometer) AS odometer_km,
      false AS odometer_replaced, \(word("classes", CodeWords.classes)) AS classes,
      \(visitMoney.map { "\(money($0)) AS \($0)" }.joined(separator: ", ")),
      \(adviserIdentifier) AS adviser_id, booked, \(moment("promised")) AS promised_at
      """,
    order: "opened, key")

  static let openedAt = moment("opened")
  static let odometer = "odometer"

  private static let visitMoney = [
    "customer_paid", "warranty_paid", "insurance_paid", "package_paid", "labour", "parts", "discount", "cost",
    "estimate", "unpaid",
  ]

  /// Minutes since 1970-01-01 as a timestamp.
  static func moment(_ column: String) -> String { "make_timestamp(\(column)::BIGINT * 60000000)" }

  /// Cents as currency units.
  static func money(_ column: String) -> String { "\(column) / 100" }

  static let items = TableLayout(
    name: "visit_items",
    columns: [
      Column("key", .bigInt), Column("line", .tinyInt), Column("job", .tinyInt), Column("amount", .integer),
      Column("declined", .boolean),
    ],
    select: """
      \(identifier("R", "visit_id")), \(word("job", CodeWords.job)) AS job_category, \(money("amount")) AS amount,
      declined
      """,
    order: "key, line")

  static let surveys = TableLayout(
    name: "surveys",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("visit", .bigInt), Column("date", .date),
      Column("kind", .tinyInt), Column("item", .tinyInt), Column("score", .smallInt),
      Column("score_text", .text),
      Column("invited_on", .date),
    ],
    select: """
      \(identifier("S", "survey_id")), \(customer), 'R' || (10000000000 + visit) AS visit_id, date,
      \(word("kind", CodeWords.surveyKind)) AS kind, score, CASE WHEN kind = 2 THEN 0 ELSE 1 END AS scale_min,
      10 AS scale_max, \(word("item", CodeWords.surveyItem)) AS item, invited_on
      """,
    order: "date, key")

  static let complaints = TableLayout(
    name: "complaints",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("vin", .text), Column("opened_on", .date),
      Column("closed_on", .date), Column("severity", .tinyInt), Column("reopened_on", .date),
      Column("satisfied", .boolean), Column("topic", .tinyInt),
    ],
    select: """
      \(identifier("K", "complaint_id")), \(customer), vin, opened_on, closed_on, severity, reopened_on, satisfied,
      \(word("topic", CodeWords.topic)) AS topic
      """,
    order: "opened_on, key")

  static let contacts = TableLayout(
    name: "contacts",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("vin", .text), Column("at", .integer),
      Column("channel", .tinyInt), Column("purpose", .tinyInt), Column("outcome", .tinyInt),
      Column("promised_on", .date),
    ],
    select: """
      \(identifier("T", "contact_id")), \(customer), vin, \(moment("\"at\"")) AS "at", \(word("channel", CodeWords.channel)) AS channel,
      \(word("purpose", CodeWords.purpose)) AS purpose, \(word("outcome", CodeWords.outcome)) AS outcome, promised_on
      """,
    order: "\"at\", key")

  static let consents = TableLayout(
    name: "consents",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("channel", .tinyInt),
      Column("purpose", .tinyInt), Column("granted", .boolean), Column("at", .date),
    ],
    select: """
      \(customer), \(word("channel", CodeWords.channel)) AS channel, \(word("purpose", CodeWords.purpose)) AS purpose,
      granted, "at", 'contract' AS source
      """,
    order: "key")

  static let appointments = TableLayout(
    name: "appointments",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("vin", .text),
      Column("booked", .integer),
      Column("for_date", .date), Column("state", .tinyInt),
    ],
    select: """
      \(identifier("B", "appointment_id")), \(customer), vin, \(moment("booked")) AS booked_at, for_date,
      \(word("state", CodeWords.appointment)) AS state
      """,
    order: "booked, key")

  static let packages = TableLayout(
    name: "packages",
    columns: [
      Column("key", .bigInt), Column("vin", .text), Column("bought_on", .date),
      Column("visits_total", .smallInt),
      Column("expires_on", .date), Column("price", .double),
    ],
    select: "vin, bought_on, visits_total, expires_on, price", order: "bought_on, key")

  static let insurance = TableLayout(
    name: "insurance",
    columns: [
      Column("key", .bigInt), Column("vin", .text), Column("starts_on", .date), Column("ends_on", .date),
      Column("sold_here", .boolean), Column("premium", .double), Column("commission", .double),
    ],
    select: "vin, starts_on, ends_on, sold_here, premium, commission", order: "starts_on, key")

  static let recalls = TableLayout(
    name: "recalls",
    columns: [
      Column("key", .bigInt), Column("vin", .text), Column("campaign", .smallInt), Column("opened_on", .date),
      Column("done_on", .date),
    ],
    select: "vin, 'RC' || (campaign + 1) AS campaign, opened_on, done_on", order: "opened_on, key")

  static let schedules = TableLayout(
    name: "schedules",
    columns: [
      Column("powertrain", .tinyInt), Column("first_service_months", .integer),
      Column("first_service_km", .integer), Column("months", .integer), Column("km", .integer),
    ],
    select: """
      '*' AS model, \(word("powertrain", CodeWords.powertrain)) AS powertrain, first_service_months, first_service_km,
      months, km
      """,
    order: "schedules.powertrain")

  static let advisers = TableLayout(
    name: "advisers",
    columns: [
      Column("adviser", .integer), Column("dealer", .smallInt), Column("active_from", .date),
      Column("active_to", .date),
    ],
    select: "\(adviserIdentifier) AS adviser_id, \(dealerIdentifier) AS dealer_id, active_from, active_to",
    order: "adviser")

  static let dealers = TableLayout(
    name: "dealers",
    columns: [
      Column("dealer", .smallInt), Column("city", .tinyInt), Column("latitude", .double),
      Column("longitude", .double), Column("daily_service_capacity", .integer), Column("opens_on", .date),
    ],
    select: """
      \(dealerIdentifier) AS dealer_id, 'Lakeside ' || (dealer + 1) AS name,
      \(word("city", Places.cities.map(\.name))) AS city, round(latitude, 4) AS latitude,
      round(longitude, 4) AS longitude, daily_service_capacity, opens_on
      """,
    order: "dealer")

  static let prospects = TableLayout(
    name: "prospects",
    columns: [
      Column("key", .bigInt), Column("source", .tinyInt), Column("created", .integer),
      Column("created_text", .text), Column("phone", .text), Column("name", .text), Column("city", .tinyInt),
      Column("district", .tinyInt), Column("model", .tinyInt), Column("budget", .integer),
      Column("budget_text", .text), Column("months", .tinyInt), Column("car", .tinyInt),
      Column("age", .double), Column("intent", .tinyInt), Column("verified", .integer),
      Column("test_drive_on", .date), Column("bought_on", .date), Column("customer", .bigInt),
    ],
    select: """
      \(identifier("L", "prospect_id")), \(word("source", CodeWords.prospectSource)) AS source,
      \(createdAt) AS created_at, phone, name, \(word("city", ProspectWriting.cities)) AS city,
      \(word("district", Places.districts)) AS district,
      \(word("model", VehicleCatalogue.models.map(\.name))) AS interest_model, budget,
      months AS intends_within_months, \(currentBrand) AS current_brand, \(currentModel) AS current_model,
      age AS current_age_years, \(word("intent", CodeWords.intent)) AS intent,
      \(moment("verified")) AS verified_at, test_drive_on, bought_on, \(customer)
      """,
    order: "created, key")

  static let createdAt = moment("created")
  static let currentBrand = word(
    "car", VehicleCatalogue.models.map(\.brand) + VehicleCatalogue.rivals.map(\.brand))
  static let currentModel = word(
    "car", VehicleCatalogue.models.map(\.name) + VehicleCatalogue.rivals.map(\.name))

  static let truth = TableLayout(
    name: "truth",
    columns: [
      Column("key", .bigInt), Column("customer", .bigInt), Column("vin", .text), Column("as_of", .date),
      Column("due_on", .date), Column("horizon_days", .smallInt), Column("probability", .double),
      Column("probability_180", .double), Column("probability_365", .double), Column("defected", .boolean),
      Column("lapsed", .boolean), Column("natural_loss", .boolean),
    ],
    select: """
      \(customer), vin, as_of, due_on, horizon_days, probability, probability_180, probability_365, defected, lapsed,
      natural_loss
      """,
    order: "as_of, key")
}
