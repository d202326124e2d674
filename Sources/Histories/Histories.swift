/// A dealer group's histories in memory: columns, with one contiguous run of events per relation or customer.
///
/// Immutable once loaded, and therefore shared freely between threads.
public final class Histories: @unchecked Sendable {
  public let dealerGroup: String?
  /// Name of the zone in which facts without a zone were written, such as `Asia/Shanghai`.
  public let timeZone: String
  /// ISO 4217 code of all amounts.
  public let currency: String
  /// Minor units of money per unit of the currency.
  public let moneyScale: Double
  /// The last day with a believable number of visits: nothing later is used.
  public let dataEnd: Day
  public let customers: Customers
  public let vehicles: Vehicles
  public let relations: Relations
  public let orders: Orders
  public let surveys: Surveys
  public let complaints: Complaints
  public let contacts: Contacts
  public let appointments: Appointments
  public let consents: Consents
  public let packages: Packages
  public let items: OrderItems
  public let policies: Policies
  public let recalls: Recalls
  public let purchases: Purchases
  public let referrals: Referrals
  public let advisers: Advisers
  /// Store codes.
  public let dealers: TextDictionary
  /// What is known of the stores, by code.
  public let stores: Stores
  /// Optional tables that are there; features of absent ones are missing.
  public let presentTables: Set<String>
  /// The columns read, such as `contacts.purpose`; features of absent ones are missing.
  public let presentColumns: Set<String>
  public let report: LoadReport
  /// Declared targets that were asked for, by name; set once, while loading.
  public internal(set) var targets: [String: DeclaredTarget] = [:]
  /// Hashes of the orders' ids, where they were asked for; set once, while loading.
  public internal(set) var orderIdentities: Buffer<UInt64>?
  /// Where columns of events lie; `nil` for memory.
  private let store: ColumnStore?

  init(
    dealerGroup: String?, timeZone: String, currency: String, dataEnd: Day, customers: Customers,
    vehicles: Vehicles,
    relations: Relations, orders: Orders, items: OrderItems, surveys: Surveys, complaints: Complaints,
    contacts: Contacts, appointments: Appointments, consents: Consents, packages: Packages,
    policies: Policies,
    recalls: Recalls, purchases: Purchases, referrals: Referrals, advisers: Advisers, dealers: TextDictionary,
    stores: Stores, presentTables: Set<String>, presentColumns: Set<String>,
    report: LoadReport, store: ColumnStore?
  ) {
    self.dealerGroup = dealerGroup
    self.timeZone = timeZone
    self.currency = currency
    moneyScale = Money.scale(of: currency)
    self.dataEnd = dataEnd
    self.customers = customers
    self.vehicles = vehicles
    self.relations = relations
    self.orders = orders
    self.items = items
    self.surveys = surveys
    self.complaints = complaints
    self.contacts = contacts
    self.appointments = appointments
    self.consents = consents
    self.packages = packages
    self.policies = policies
    self.recalls = recalls
    self.purchases = purchases
    self.referrals = referrals
    self.advisers = advisers
    self.dealers = dealers
    self.stores = stores
    self.presentTables = presentTables
    self.presentColumns = presentColumns
    self.report = report
    self.store = store
  }

  /// Gives memory back when it is bounded and running short. To be called after every block of relations by whoever
  /// goes through all of them.
  public func relieveMemory() { store?.relieve() }

  /// The bound on memory in bytes; `nil` without one.
  public var memoryLimit: Int? { store?.limit }

  /// Why the bound on memory could not be kept, in whole sentences; empty when it was, or none was asked for.
  public var memoryRemarks: [String] { store?.remarks ?? [] }
}

/// The owners, one row each; rows that stand for the same person point to one golden row.
public final class Customers {
  public let ids = TextDictionary()
  public let names = TextColumn()
  /// Mobile or fixed line as exported, folded; empty when missing or a dummy.
  public internal(set) var phones = TextColumn()
  /// Codes of `Vocabularies.ownerType`.
  public let ownerTypes = Buffer<UInt8>()
  /// Home store, −1 when unknown.
  public let dealers = Buffer<Int32>()
  /// The row that stands for the person: itself, but for duplicates.
  public let golden = Buffer<Int32>()
  public let homes = Buffer<HomeCell>()
  public let cityNames = TextDictionary()
  /// Codes of `cityNames`, −1 when unknown.
  public let cities = Buffer<Int32>()
  /// Codes of `Vocabularies.channel`.
  public let preferredChannels = Buffer<UInt8>()
  /// Channels with an address that looks valid: a phone number, an identifier, or the customer's own preference.
  public let channels = Buffer<ChannelSet>()
  public internal(set) var addresses = Addresses()
  /// `nil` unless it was asked for.
  public internal(set) var contact: ContactAddresses?

  public var count: Int { ids.count }
}

/// The vehicles, one row each.
public final class Vehicles {
  public let vins = TextDictionary()
  public let plates = TextColumn()
  public let plateHeadNames = TextDictionary()
  /// Codes of `plateHeadNames` (province and authority of Chinese plates), −1 for others.
  public let plateHeads = Buffer<Int32>()
  public let modelNames = TextDictionary()
  /// Codes of `modelNames`, −1 when unknown.
  public let models = Buffer<Int32>()
  public let powertrains = Buffer<UInt8>()
  public let useTypes = Buffer<UInt8>()
  public let deliveredOn = Buffer<Day>()
  public let listPrices = Buffer<Double>()
  public let warrantyEndsOn = Buffer<Day>()
  /// Kilometres, −1 when unknown.
  public let warrantyKm = Buffer<Int32>()
  public let extendedWarrantyEndsOn = Buffer<Day>()
  /// 0 when unknown.
  public let modelYears = Buffer<Int16>()
  /// Index into `scheduleList` of each vehicle.
  public let schedules = Buffer<UInt16>()
  public internal(set) var scheduleList: [ServiceSchedule] = []

  public var count: Int { vins.count }

  public func schedule(_ vehicle: Int) -> ServiceSchedule {
    scheduleList[Int(schedules[vehicle])]
  }
}

/// Relations: one customer with one vehicle.
public final class Relations {
  /// Golden customer rows.
  public let customers = Buffer<Int32>()
  public let vehicles = Buffer<Int32>()
  /// First day of the relation: ownership, else purchase, else delivery, else first order.
  public let startsOn = Buffer<Day>()
  /// Day on which the ownership ended, `Day.none` while it lasts.
  public let endsOn = Buffer<Day>()
  /// Codes of `Vocabularies.endReason`.
  public let endReasons = Buffer<UInt8>()
  /// 1 for the first owner; 0 when ownerships are unknown.
  public let ownerSequence = Buffer<UInt8>()
  /// Day on which the vehicle was bought from the group, `Day.none` when it was not; what is known of the purchase
  /// counts from that day on.
  public let boughtOn = Buffer<Day>()
  /// Codes of `Vocabularies.condition` at purchase.
  public let conditions = Buffer<UInt8>()
  public let loanEndsOn = Buffer<Day>()
  /// Times between two ownerships of one customer, when the vehicle was somebody else's.
  public internal(set) var interruptions = Interruptions()

  public var count: Int { customers.count }
}

/// Repair orders, one contiguous run per relation, sorted by day; presale, internal, counter-sale and void ones are
/// left out.
public final class Orders: @unchecked Sendable {
  /// Run of relation r: `starts[r] ..< starts[r + 1]`.
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var openedOn = Buffer<Day>()
  /// Day of settlement; far in the future while the order is open.
  public internal(set) var closedOn = Buffer<Day>()
  /// Day on which the group's system knew of the order.
  public internal(set) var knownOn = Buffer<Day>()
  /// Kilometres, −1 when missing or not believable.
  public internal(set) var odometers = Buffer<Int32>()
  public internal(set) var classes = Buffer<VisitClasses>()
  public internal(set) var flags = Buffer<OrderFlags>()
  /// Hours between opening and closing, `UInt16.max` when unknown.
  public internal(set) var hours = Buffer<UInt16>()
  /// Store and adviser codes, −1 when unknown.
  public internal(set) var dealers = Buffer<Int32>()
  public internal(set) var advisers = Buffer<Int32>()
  /// Money in minor units; `Money.none` when missing.
  public internal(set) var customerPaid = Buffer<Int32>()
  public internal(set) var packagePaid = Buffer<Int32>()
  public internal(set) var discounts = Buffer<Int32>()
  public internal(set) var estimates = Buffer<Int32>()
  public internal(set) var unpaid = Buffer<Int32>()
  /// What customer, package, warranty and insurer paid minus what the work cost; `Money.none` when the customer's
  /// payment or the cost is missing.
  public internal(set) var margins = Buffer<Int32>()

  public var count: Int { openedOn.count }
  /// The `closedOn` of an order that is not settled yet.
  @inlinable public static var notClosed: Day { Day(Int32.max) }
}

/// Yes-or-no facts of a repair order.
public struct OrderFlags: OptionSet, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A completion time was promised.
  @inlinable public static var promised: OrderFlags { OrderFlags(rawValue: 1 << 0) }
  /// The order was closed after the promised time.
  @inlinable public static var promiseMissed: OrderFlags { OrderFlags(rawValue: 1 << 1) }
  @inlinable public static var booked: OrderFlags { OrderFlags(rawValue: 1 << 2) }
  /// The odometer was replaced at this order: the reading may be lower than before.
  @inlinable public static var odometerReplaced: OrderFlags { OrderFlags(rawValue: 1 << 3) }
  /// Not to be used: a duplicate, before the vehicle's delivery, or after the data's end.
  @inlinable public static var unusable: OrderFlags { OrderFlags(rawValue: 1 << 4) }
  /// The order held a reading that is not believed: lower than before, or too high a jump.
  @inlinable public static var odometerConflict: OrderFlags { OrderFlags(rawValue: 1 << 5) }
}

/// Survey answers, one contiguous run per golden customer, sorted by day; overall scores only.
public final class Surveys {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  /// Score on its own scale, 0 to 1.
  public internal(set) var scores = Buffer<Float>()
  /// Codes of `Vocabularies.surveyKind`.
  public internal(set) var kinds = Buffer<UInt8>()
  /// The answers on single items, apart from the overall ones.
  public let items = SurveyItems()
}

/// Survey answers on one item (price, quality, …), one contiguous run per golden customer, sorted by day.
public final class SurveyItems {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  /// Score on its own scale, 0 to 1.
  public internal(set) var scores = Buffer<Float>()
}

/// Complaints, one contiguous run per golden customer, sorted by the day of opening.
public final class Complaints {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var openedOn = Buffer<Day>()
  public internal(set) var closedOn = Buffer<Day>()
  public internal(set) var reopenedOn = Buffer<Day>()
  /// 1 to 4, 0 when unknown.
  public internal(set) var severities = Buffer<UInt8>()
  /// 0 dissatisfied, 1 satisfied, 2 unknown; known from the day of closing.
  public internal(set) var satisfied = Buffer<UInt8>()
}

/// Contacts, one contiguous run per golden customer, sorted by day.
public final class Contacts {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  /// Codes of `Vocabularies.contactOutcome`.
  public internal(set) var outcomes = Buffer<UInt8>()
  /// Codes of `Vocabularies.channel`.
  public internal(set) var channels = Buffer<UInt8>()
  /// Codes of `Vocabularies.contactPurpose`.
  public internal(set) var purposes = Buffer<UInt8>()
  /// Day for which the customer promised to come, `Day.none` without one.
  public internal(set) var promisedOn = Buffer<Day>()
  /// The vehicle it was about, −1 when it is not said.
  public internal(set) var vehicles = Buffer<Int32>()
}

/// Prepaid maintenance, one contiguous run per vehicle, sorted by the day bought.
public final class Packages {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var boughtOn = Buffer<Day>()
  public internal(set) var expiresOn = Buffer<Day>()
  /// Visits in the package, −1 when unknown.
  public internal(set) var visits = Buffer<Int32>()
}

/// Service advisers by code.
public final class Advisers {
  public let ids = TextDictionary()
  /// Last active day, `Day.none` while active or unknown.
  public let activeTo = Buffer<Day>()
}
