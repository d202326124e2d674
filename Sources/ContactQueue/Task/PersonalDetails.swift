/// Who a customer is and how to reach them: personal data that lies in a table apart.
public struct ContactDetails: Sendable, Hashable, Codable {
  public var customerID: String
  public var name: String?
  /// Mobile or landline as the histories hold it, folded.
  public var phone: String?
  public var wechat: String?
  public var email: String?
  public var language: String?

  public init(
    customerID: String, name: String? = nil, phone: String? = nil, wechat: String? = nil,
    email: String? = nil,
    language: String? = nil
  ) {
    self.customerID = customerID
    self.name = name
    self.phone = phone
    self.wechat = wechat
    self.email = email
    self.language = language
  }

  /// What stands in the place of an erased customer's.
  public static let erased = ContactDetails(customerID: "erased")

  public var isErased: Bool { self == .erased }
}

/// What whoever works a task must know of vehicle and reason: kept beside `ContactDetails`, apart from the queue.
public struct TaskDetails: Sendable, Hashable, Codable {
  public var vin: String?
  public var plate: String?
  public var model: String?
  public var dealerID: String?
  public var adviser: String?
  /// ISO days.
  public var lastVisitOn: String?
  public var nextDueOn: String?
  /// Sentences in the list's language, the strongest first.
  public var reasons: [String]
  /// What to suggest to the customer, in words.
  public var play: String?

  public init(
    vin: String? = nil, plate: String? = nil, model: String? = nil, dealerID: String? = nil,
    adviser: String? = nil, lastVisitOn: String? = nil, nextDueOn: String? = nil, reasons: [String] = [],
    play: String? = nil
  ) {
    self.vin = vin
    self.plate = plate
    self.model = model
    self.dealerID = dealerID
    self.adviser = adviser
    self.lastVisitOn = lastVisitOn
    self.nextDueOn = nextDueOn
    self.reasons = reasons
    self.play = play
  }
}
