extension CanonicalTable {
  /// Every canonical table, in the order of the schema page.
  public static let all: [CanonicalTable] = [
    CanonicalTable(
      name: "customers", purpose: "people and companies that own vehicles",
      columns: [
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(
          name: "owner_type", type: .text, isRequired: false, note: "person, company, government, rental"),
        CanonicalColumn(name: "name", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "gender", type: .text, isRequired: false, note: "F, M"),
        CanonicalColumn(name: "birth_date", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "phone", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "id_number", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "email", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "wechat", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "province", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "city", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "district", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "address", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "latitude", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "longitude", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "dealer_id", type: .text, isRequired: false, note: "home store"),
        CanonicalColumn(
          name: "preferred_channel", type: .text, isRequired: false,
          note: "phone, sms, wechat, email, post, app"),
        CanonicalColumn(name: "registered_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "language", type: .text, isRequired: false, note: ""),
      ], isRequired: true),
    CanonicalTable(
      name: "vehicles", purpose: "the vehicles and their present owners",
      columns: [
        CanonicalColumn(name: "vin", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: "present owner"),
        CanonicalColumn(name: "brand", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "model", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "model_year", type: .whole, isRequired: false, note: ""),
        CanonicalColumn(name: "powertrain", type: .text, isRequired: false, note: "ICE, HEV, PHEV, BEV"),
        CanonicalColumn(
          name: "use_type", type: .text, isRequired: false, note: "private, commercial, ride_hailing, taxi"),
        CanonicalColumn(name: "delivered_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "list_price", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "plate", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "warranty_ends_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "warranty_km", type: .whole, isRequired: false, note: ""),
        CanonicalColumn(name: "extended_warranty_ends_on", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "ownerships", purpose: "who owned which vehicle from when to when, and why it ended",
      columns: [
        CanonicalColumn(name: "vin", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "from", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "to", type: .day, isRequired: false, note: ""),
        CanonicalColumn(
          name: "end_reason", type: .text, isRequired: false,
          note: "sold, scrapped, stolen, total_loss, moved_away, deceased, fleet_ended"),
      ], isRequired: false),
    CanonicalTable(
      name: "purchases", purpose: "vehicles bought",
      columns: [
        CanonicalColumn(name: "purchase_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "vin", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "date", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "price", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "condition", type: .text, isRequired: false, note: "new, certified_used, used"),
        CanonicalColumn(name: "dealer_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "loan_ends_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "gross_margin", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "referred_by", type: .text, isRequired: false, note: "customer_id"),
        CanonicalColumn(name: "traded_in_vin", type: .text, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "visits", purpose: "repair orders of the workshop",
      columns: [
        CanonicalColumn(name: "visit_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "vin", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "dealer_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "opened_at", type: .time, isRequired: true, note: ""),
        CanonicalColumn(name: "closed_at", type: .time, isRequired: false, note: ""),
        CanonicalColumn(name: "status", type: .text, isRequired: false, note: "open, settled, void"),
        CanonicalColumn(name: "odometer_km", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "odometer_replaced", type: .truth, isRequired: false, note: "bool"),
        CanonicalColumn(
          name: "classes", type: .text, isRequired: false,
          note:
            "one or several of first_service, maintenance, repair, accident, warranty, recall, rework, accessory, inspection, presale, internal, counter_sale; separated by |"
        ),
        CanonicalColumn(name: "customer_paid", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "warranty_paid", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "insurance_paid", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "package_paid", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "labour", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "parts", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "discount", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "cost", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "estimate", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "unpaid", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "adviser_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "booked", type: .truth, isRequired: false, note: "bool"),
        CanonicalColumn(name: "promised_at", type: .time, isRequired: false, note: ""),
        CanonicalColumn(name: "brought_in_by", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "brought_in_phone", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "recorded_at", type: .time, isRequired: false, note: ""),
      ], isRequired: true),
    CanonicalTable(
      name: "visit_items", purpose: "what was done or declined in a repair order",
      columns: [
        CanonicalColumn(name: "visit_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(
          name: "job_category", type: .text, isRequired: true,
          note: "oil, filter, tyre, brake, battery, wiper, air_con, body, engine, gearbox, electrical, other"),
        CanonicalColumn(name: "amount", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "declined", type: .truth, isRequired: false, note: "bool"),
        CanonicalColumn(name: "description", type: .text, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "surveys", purpose: "answers to satisfaction surveys",
      columns: [
        CanonicalColumn(name: "survey_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "visit_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "date", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "kind", type: .text, isRequired: false, note: "csi, ssi, nps"),
        CanonicalColumn(name: "score", type: .number, isRequired: true, note: ""),
        CanonicalColumn(name: "scale_min", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "scale_max", type: .number, isRequired: false, note: ""),
        CanonicalColumn(
          name: "item", type: .text, isRequired: false,
          note: "overall, price, quality, time, adviser, facility"),
        CanonicalColumn(name: "invited_on", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "complaints", purpose: "complaints and how they ended",
      columns: [
        CanonicalColumn(name: "complaint_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "vin", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "opened_on", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "closed_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "severity", type: .whole, isRequired: false, note: "1 to 4"),
        CanonicalColumn(name: "reopened_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "satisfied", type: .truth, isRequired: false, note: "bool"),
        CanonicalColumn(name: "topic", type: .text, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "contacts", purpose: "calls and messages to customers",
      columns: [
        CanonicalColumn(name: "contact_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "vin", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "at", type: .time, isRequired: true, note: ""),
        CanonicalColumn(name: "channel", type: .text, isRequired: false, note: ""),
        CanonicalColumn(
          name: "purpose", type: .text, isRequired: false, note: "marketing, service, survey, care"),
        CanonicalColumn(name: "campaign_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(
          name: "outcome", type: .text, isRequired: false,
          note: "reached, no_answer, refused, promised, booked, invalid, delivered, failed"),
        CanonicalColumn(name: "promised_on", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "consents", purpose: "what a customer allowed or refused",
      columns: [
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "channel", type: .text, isRequired: true, note: ""),
        CanonicalColumn(
          name: "purpose", type: .text, isRequired: true, note: "marketing, profiling, service, care"),
        CanonicalColumn(name: "granted", type: .truth, isRequired: true, note: "bool"),
        CanonicalColumn(name: "at", type: .time, isRequired: true, note: ""),
        CanonicalColumn(name: "source", type: .text, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "appointments", purpose: "booked workshop visits",
      columns: [
        CanonicalColumn(name: "appointment_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "vin", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "booked_at", type: .time, isRequired: true, note: ""),
        CanonicalColumn(name: "for_date", type: .day, isRequired: true, note: ""),
        CanonicalColumn(
          name: "state", type: .text, isRequired: false, note: "booked, kept, no_show, cancelled"),
      ], isRequired: false),
    CanonicalTable(
      name: "schedules", purpose: "maintenance intervals of a model",
      columns: [
        CanonicalColumn(name: "model", type: .text, isRequired: false, note: "or *"),
        CanonicalColumn(name: "powertrain", type: .text, isRequired: false, note: "or *"),
        CanonicalColumn(name: "first_service_months", type: .whole, isRequired: true, note: ""),
        CanonicalColumn(name: "first_service_km", type: .whole, isRequired: true, note: ""),
        CanonicalColumn(name: "months", type: .whole, isRequired: true, note: ""),
        CanonicalColumn(name: "km", type: .whole, isRequired: true, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "packages", purpose: "prepaid maintenance",
      columns: [
        CanonicalColumn(name: "vin", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "bought_on", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "visits_total", type: .whole, isRequired: false, note: ""),
        CanonicalColumn(name: "expires_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "price", type: .number, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "insurance", purpose: "insurance policies",
      columns: [
        CanonicalColumn(name: "vin", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "starts_on", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "ends_on", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "sold_here", type: .truth, isRequired: false, note: "bool"),
        CanonicalColumn(name: "premium", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "commission", type: .number, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "recalls", purpose: "recall campaigns by vehicle",
      columns: [
        CanonicalColumn(name: "vin", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "campaign", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "opened_on", type: .day, isRequired: true, note: ""),
        CanonicalColumn(name: "done_on", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "advisers", purpose: "service advisers",
      columns: [
        CanonicalColumn(name: "adviser_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "dealer_id", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "active_from", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "active_to", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "dealers", purpose: "the stores of the group",
      columns: [
        CanonicalColumn(name: "dealer_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "name", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "city", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "latitude", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "longitude", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "daily_service_capacity", type: .whole, isRequired: false, note: ""),
        CanonicalColumn(name: "opens_on", type: .day, isRequired: false, note: ""),
      ], isRequired: false),
    CanonicalTable(
      name: "prospects", purpose: "people who asked about a vehicle",
      columns: [
        CanonicalColumn(name: "prospect_id", type: .text, isRequired: true, note: ""),
        CanonicalColumn(name: "source", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "created_at", type: .time, isRequired: true, note: ""),
        CanonicalColumn(name: "phone", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "name", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "city", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "district", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "interest_model", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "budget", type: .number, isRequired: false, note: ""),
        CanonicalColumn(name: "intends_within_months", type: .whole, isRequired: false, note: ""),
        CanonicalColumn(name: "current_brand", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "current_model", type: .text, isRequired: false, note: ""),
        CanonicalColumn(name: "current_age_years", type: .number, isRequired: false, note: ""),
        CanonicalColumn(
          name: "intent", type: .text, isRequired: false, note: "interested, hesitating, not_now, never"),
        CanonicalColumn(name: "verified_at", type: .time, isRequired: false, note: ""),
        CanonicalColumn(name: "test_drive_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "bought_on", type: .day, isRequired: false, note: ""),
        CanonicalColumn(name: "customer_id", type: .text, isRequired: false, note: ""),
      ], isRequired: false),
  ]
}
