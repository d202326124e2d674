/// What a worker, a provider or a person says of a task; the words of acknowledgements and receipts.
public enum Outcome: String, Sendable, CaseIterable, Codable {
  /// Sending begins now: from here on the customer may notice.
  case sent
  case delivered
  /// Delivered, and a person was spoken to.
  case reached
  /// Reached, and the customer promised to come.
  case promised
  /// Reached, and a visit was booked.
  case booked
  /// It did not reach the customer; a `FailReason` says why.
  case failed
  /// Given back untouched, before anything was sent.
  case released

  /// Whether the customer got it.
  public var isDelivery: Bool {
    switch self {
    case .delivered, .reached, .promised, .booked: true
    case .sent, .failed, .released: false
    }
  }
}

/// Why a task failed: the fixed codes of acknowledgements and receipts.
public enum FailReason: String, Sendable, CaseIterable, Codable {
  // Worth another attempt:
  case noAnswer = "no_answer"
  case busy
  /// Switched off or out of coverage.
  case unreachable
  /// The customer asked to be called at another time.
  case callBack = "call_back"
  case providerDown = "provider_down"
  case rateLimited = "rate_limited"

  // For good:
  case invalidAddress = "invalid_number"
  /// The address is somebody else's.
  case notOwner = "not_owner"
  /// The customer does not want this offer.
  case refused
  /// The customer wants nothing more on this channel.
  case optedOut = "opted_out"
  /// The customer wants nothing more at all.
  case doNotContact = "do_not_contact"
  case deceased
  /// Sold, scrapped or moved away.
  case vehicleGone = "vehicle_gone"
  /// The provider or the customer's device blocks the sender.
  case blocked
  case other

  /// Whether another attempt may come to something.
  public var isRetryable: Bool {
    switch self {
    case .noAnswer, .busy, .unreachable, .callBack, .providerDown, .rateLimited: true
    case .invalidAddress, .notOwner, .refused, .optedOut, .doNotContact, .deceased, .vehicleGone, .blocked,
      .other:
      false
    }
  }

  /// Whether the customer cannot have noticed: such an attempt is no contact that caps count.
  var isUnnoticed: Bool {
    switch self {
    case .unreachable, .providerDown, .rateLimited, .invalidAddress, .notOwner, .blocked: true
    case .noAnswer, .busy, .callBack, .refused, .optedOut, .doNotContact, .deceased, .vehicleGone, .other:
      false
    }
  }
}
