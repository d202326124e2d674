/// Why a customer is not contacted, or not yet; the words that files and JSON use.
public enum SuppressionReason: String, Sendable, CaseIterable, Codable {
  // Never by this task:
  /// Nobody recorded a consent for channel and purpose.
  case noConsent = "no_consent"
  case consentRefused = "consent_refused"
  /// The customer objected to being chosen by a profile, which is what a ranked list is.
  case profilingRefused = "profiling_refused"
  case doNotContact = "do_not_contact"
  case erased
  case relationEnded = "relation_ended"
  case complaintOpen = "complaint_open"
  case inWorkshop = "in_workshop"
  case visitBooked = "visit_booked"
  case noAddress = "no_address"
  case invalidAddress = "invalid_address"
  case dummyAddress = "dummy_address"
  /// In the hold-out of the campaign.
  case heldOut = "held_out"
  /// The histories know no such customer, or none with such a vehicle.
  case unknownCustomer = "unknown_customer"
  /// The policy does not use the channel, or not for the customer's value tier.
  case channelNotUsed = "channel_not_used"
  /// Another line of the list contacts the customer already.
  case duplicateCustomer = "duplicate_customer"

  // Not now:
  case quietHours = "quiet_hours"
  case holiday
  case customerCap = "customer_cap"
  case minimumGap = "minimum_gap"
  case channelCap = "channel_cap"
  case otherTaskLive = "other_task_live"
  case paused
}
