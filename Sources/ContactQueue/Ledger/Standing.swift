public import Histories

/// What the ledger knows of one customer with one vehicle, for the policy to decide by.
public struct Standing: Sendable {
  /// What the customer granted and refused, statement by statement.
  public var consents: ConsentStanding
  /// The customer asked never to be contacted.
  public var doNotContact: Bool
  public var hasOpenComplaint: Bool
  /// The vehicle is in the workshop: an order is open.
  public var isInWorkshop: Bool
  /// The latest day for which a visit of the vehicle is booked.
  public var bookedFor: Day?
  /// Sold, scrapped, moved away, deceased: the relation ended by nature.
  public var hasEnded: Bool
  /// Channels whose address is there but cannot be one, or is a dummy.
  public var unusable: ChannelSet
  /// Channels for which there is an address.
  public var reachable: ChannelSet
  /// Past contacts in the order of time, as far back as the policy asks.
  public var touches: [Touch]

  public init(
    consents: ConsentStanding = ConsentStanding(), doNotContact: Bool = false,
    hasOpenComplaint: Bool = false, isInWorkshop: Bool = false, bookedFor: Day? = nil, hasEnded: Bool = false,
    unusable: ChannelSet = [], reachable: ChannelSet = [], touches: [Touch] = []
  ) {
    self.consents = consents
    self.doNotContact = doNotContact
    self.hasOpenComplaint = hasOpenComplaint
    self.isInWorkshop = isInWorkshop
    self.bookedFor = bookedFor
    self.hasEnded = hasEnded
    self.unusable = unusable
    self.reachable = reachable
    self.touches = touches
  }
}

/// One past contact of a customer: from the histories, or a task that was sent.
public struct Touch: Sendable, Hashable {
  public var at: Moment
  /// `nil` where the histories name a channel that the queue has not.
  public var channel: Channel?

  public init(at: Moment, channel: Channel?) {
    self.at = at
    self.channel = channel
  }
}
