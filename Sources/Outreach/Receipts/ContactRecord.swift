internal import ContactQueue
internal import Histories

/// A row of `outreach/contacts.csv`: one contact that a receipt told of.
struct ContactRecord: Sendable, Equatable {
  var id: String
  var customerID: String
  var vin: String
  /// ISO 8601, UTC.
  var at: String
  var channel: String
  var purpose: String
  var campaign: String
  var outcome: String
  /// ISO day, or empty.
  var promisedOn: String

  static let columns = [
    "contact_id", "customer_id", "vin", "at", "channel", "purpose", "campaign_id", "outcome", "promised_on",
  ]

  var cells: [String] { [id, customerID, vin, at, channel, purpose, campaign, outcome, promisedOn] }

  init?(cells: [String]) {
    guard cells.count == Self.columns.count else { return nil }
    (id, customerID, vin, at, channel) = (cells[0], cells[1], cells[2], cells[3], cells[4])
    (purpose, campaign, outcome, promisedOn) = (cells[5], cells[6], cells[7], cells[8])
  }

  /// - Returns: `nil` for a receipt that tells of no contact.
  init?(_ line: ReceiptFile.Line, _ task: TaskParty) {
    guard let word = Self.word(line.receipt) else { return nil }
    let time = line.receipt.at.iso
    // A call is a contact of its own; a message stays one contact, whatever is heard of it.
    let isCall = task.channel == .phone || task.channel == .adviser
    id = isCall ? "\(line.receipt.task.text)-\(time.filter(\.isNumber))" : line.receipt.task.text
    customerID = task.customerID
    vin = task.vin ?? ""
    at = time
    channel = task.channel == .adviser ? Channel.phone.rawValue : task.channel.rawValue
    purpose = Vocabularies.contactPurpose.words.contains(task.purpose.word) ? task.purpose.word : ""
    campaign = task.campaign
    outcome = word
    promisedOn = line.promisedOn?.description ?? ""
  }

  /// The outcome as the table `contacts` calls it.
  private static func word(_ receipt: Receipt) -> String? {
    switch receipt.outcome {
    case .sent, .released: return nil
    case .delivered: return "delivered"
    case .reached: return "reached"
    case .promised: return "promised"
    case .booked: return "booked"
    case .failed: break
    }
    switch receipt.reason {
    case .noAnswer, .busy, .unreachable: return "no_answer"
    case .callBack, .deceased, .vehicleGone: return "reached"
    case .refused, .optedOut, .doNotContact: return "refused"
    case .invalidAddress, .notOwner: return "invalid"
    case .providerDown, .rateLimited, .blocked, .other, nil: return "failed"
    }
  }

  private static let ranks = [
    "no_answer", "failed", "invalid", "delivered", "reached", "promised", "booked", "refused",
  ]

  /// Which of two rows of one contact holds: the later one; of one moment the one that says more.
  func isBefore(_ other: ContactRecord) -> Bool {
    let (own, its) = (Self.ranks.firstIndex(of: outcome) ?? 0, Self.ranks.firstIndex(of: other.outcome) ?? 0)
    return (at, own, promisedOn) < (other.at, its, other.promisedOn)
  }
}

/// A row of `outreach/consents.csv`: what a customer refused by a receipt.
struct ConsentRecord: Sendable, Hashable {
  var customerID: String
  var channel: String
  var purpose: String
  var granted: String
  var at: String
  var source: String

  static let columns = ["customer_id", "channel", "purpose", "granted", "at", "source"]

  var cells: [String] { [customerID, channel, purpose, granted, at, source] }

  init?(cells: [String]) {
    guard cells.count == Self.columns.count else { return nil }
    (customerID, channel, purpose) = (cells[0], cells[1], cells[2])
    (granted, at, source) = (cells[3], cells[4], cells[5])
  }

  private init(_ customerID: String, channel: String, purpose: String, at: String, source: String) {
    (self.customerID, self.channel, self.purpose) = (customerID, channel, purpose)
    (granted, self.at, self.source) = ("false", at, source)
  }

  /// What a receipt refuses: an opt-out the channel, whatever for; a wish for no contact, or a death, every channel and
  /// purpose.
  static func refusals(_ receipt: Receipt, _ task: TaskParty) -> [ConsentRecord] {
    let purposes: [ConsentPurpose]
    let channel: String
    switch receipt.reason {
    case .optedOut:
      purposes = [.marketing, .service, .care]
      channel = task.channel == .adviser ? Channel.phone.rawValue : task.channel.rawValue
    case .doNotContact, .deceased:
      purposes = ConsentPurpose.allCases
      channel = "all"
    default: return []
    }
    return purposes.map { purpose in
      ConsentRecord(
        task.customerID, channel: channel, purpose: purpose.word, at: receipt.at.iso,
        source: "outreach-\(receipt.task.text)")
    }
  }
}
