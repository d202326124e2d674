internal import ContactQueue

/// What may stand in the outcome column of a receipt: the queue's outcomes, and its reasons of failure as outcomes of
/// their own, as call lists and the table `contacts` have them.
public enum ReceiptWord: String, Sendable, CaseIterable {
  case sent, delivered, reached, promised, booked, failed
  case noAnswer = "no_answer"
  case busy, unreachable
  case callBack = "call_back"
  case refused
  case invalid
  case notOwner = "not_owner"
  case optedOut = "opted_out"
  case doNotContact = "do_not_contact"
  case deceased
  case vehicleGone = "vehicle_gone"
  case blocked

  /// What a call list offers.
  static let offered: [ReceiptWord] = [
    .reached, .promised, .booked, .noAnswer, .busy, .unreachable, .callBack, .refused, .invalid, .notOwner,
    .optedOut,
    .doNotContact, .deceased, .vehicleGone,
  ]

  /// The outcome as the queue knows it, and the reason that the word itself gives.
  var meaning: (outcome: Outcome, reason: FailReason?) {
    switch self {
    case .sent: (.sent, nil)
    case .delivered: (.delivered, nil)
    case .reached: (.reached, nil)
    case .promised: (.promised, nil)
    case .booked: (.booked, nil)
    case .failed: (.failed, nil)
    case .noAnswer: (.failed, .noAnswer)
    case .busy: (.failed, .busy)
    case .unreachable: (.failed, .unreachable)
    case .callBack: (.failed, .callBack)
    case .refused: (.failed, .refused)
    case .invalid: (.failed, .invalidAddress)
    case .notOwner: (.failed, .notOwner)
    case .optedOut: (.failed, .optedOut)
    case .doNotContact: (.failed, .doNotContact)
    case .deceased: (.failed, .deceased)
    case .vehicleGone: (.failed, .vehicleGone)
    case .blocked: (.failed, .blocked)
    }
  }
}
