import Histories

// Rows as they are generated, before dirt and before they are written. Moments are days since 1970-01-01 with
// fractions, `key` is unique within a table and orders it, `vehicle` is an index into the group's vehicles.

struct CustomerRow {
  var key: Int64
  var ownerType: OwnerType
  var name: String
  var female: Bool?
  var birthDate: Day
  var phone: String
  var city: Int
  var district: Int
  var latitude: Double
  var longitude: Double
  var dealer: Int
  var preferredChannel: Channel
  var registered: Day
}

struct VehicleRow {
  var serial: Int
  var number: VehicleNumber
  var customer: Int64
  var model: Int
  var modelYear: Int
  var useType: UseType
  var delivered: Day
  var plate: String
}

struct OwnershipRow {
  var key: Int64
  var vehicle: Int
  var customer: Int64
  var from: Day
  var to: Day
  var reason: EndReason?
}

struct PurchaseRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var date: Day
  var price: Double
  var condition: PurchaseCondition
  var dealer: Int
  var loanEnds: Day
  var margin: Double
  var referredBy: Int64?
}

struct VisitRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var dealer: Int
  /// Minutes since 1970-01-01.
  var opened: Int64
  var closed: Int64?
  var promised: Int64?
  var status: OrderStatus
  var odometer: Int32?
  var classes: OrderClass
  var bill: Bill
  var adviser: Int?
  var booked: Bool
}

/// The money of one repair order, CNY net of VAT.
struct Bill {
  var labour = 0.0
  var parts = 0.0
  var discount = 0.0
  var customer = 0.0
  var warranty = 0.0
  var insurance = 0.0
  var package = 0.0
  var cost = 0.0
  var estimate: Double?
  var unpaid = 0.0
}

struct ItemRow {
  var visit: Int64
  var line: Int8
  var job: JobCategory
  var amount: Double
  var declined: Bool
}

struct SurveyRow {
  var key: Int64
  var customer: Int64
  var visit: Int64?
  var date: Day
  var kind: SurveyKind
  var item: SurveyItem
  var score: Int
  var invited: Day
}

struct ComplaintRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var opened: Day
  var closed: Day
  var severity: Int
  var reopened: Day
  var satisfied: Bool?
  var topic: Int
}

struct ContactRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var at: Int64
  var channel: Channel
  var purpose: ContactPurpose
  var outcome: ContactOutcome
  var promised: Day
}

struct ConsentRow {
  var key: Int64
  var customer: Int64
  var channel: Channel
  var purpose: ContactPurpose
  var granted: Bool
  var at: Day
}

struct AppointmentRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var booked: Int64
  var forDay: Day
  var state: AppointmentState
}

struct PackageRow {
  var key: Int64
  var vehicle: Int
  var bought: Day
  var visits: Int
  var expires: Day
  var price: Double
}

struct InsuranceRow {
  var key: Int64
  var vehicle: Int
  var starts: Day
  var ends: Day
  var soldHere: Bool
  var premium: Double
  var commission: Double
}

struct RecallRow {
  var key: Int64
  var vehicle: Int
  var campaign: Int
  var opened: Day
  var done: Day
}

/// Somebody who asked for a car.
struct ProspectRow {
  var key: Int64
  var source: ProspectSource
  /// Minutes since 1970-01-01.
  var created: Int64
  var phone: String
  var name: String
  /// A place among `ProspectWriting.cities`.
  var city: Int
  var district: Int?
  /// The model asked for.
  var model: Int
  /// Whole yuan.
  var budget: Int?
  /// Within how many months they mean to buy.
  var months: Int?
  /// A place among the group's models and the rivals after them.
  var currentCar: Int?
  /// Years.
  var currentAge: Double?
  var intent: ProspectIntent?
  var verified: Int64?
  var testDrive = Day.none
  var bought = Day.none
  var customer: Int64?
}

/// One relation's true probability at one date.
struct TruthRow {
  var key: Int64
  var customer: Int64
  var vehicle: Int
  var asOf: Day
  var due: Day
  var horizon: Int
  var probability: Double
  var probability180: Double
  var probability365: Double
  var defected: Bool
  /// Whether no qualified visit comes in the window, looking beyond the end of the data too.
  var lapsed: Bool
  var naturalLoss: Bool
}

/// The rows of one group of customers, who may sell cars to one another.
struct GroupRows {
  var customers: [CustomerRow] = []
  var vehicles: [VehicleRow] = []
  var ownerships: [OwnershipRow] = []
  var purchases: [PurchaseRow] = []
  var visits: [VisitRow] = []
  var items: [ItemRow] = []
  var surveys: [SurveyRow] = []
  var complaints: [ComplaintRow] = []
  var contacts: [ContactRow] = []
  var consents: [ConsentRow] = []
  var appointments: [AppointmentRow] = []
  var packages: [PackageRow] = []
  var insurance: [InsuranceRow] = []
  var recalls: [RecallRow] = []
  var prospects: [ProspectRow] = []
  var truths: [TruthRow] = []

  mutating func removeAll() {
    customers.removeAll(keepingCapacity: true)
    vehicles.removeAll(keepingCapacity: true)
    ownerships.removeAll(keepingCapacity: true)
    purchases.removeAll(keepingCapacity: true)
    visits.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    surveys.removeAll(keepingCapacity: true)
    complaints.removeAll(keepingCapacity: true)
    contacts.removeAll(keepingCapacity: true)
    consents.removeAll(keepingCapacity: true)
    appointments.removeAll(keepingCapacity: true)
    packages.removeAll(keepingCapacity: true)
    insurance.removeAll(keepingCapacity: true)
    recalls.removeAll(keepingCapacity: true)
    prospects.removeAll(keepingCapacity: true)
    truths.removeAll(keepingCapacity: true)
  }
}
