public import Histories

/// Whom a task is about and what for: what a receipt needs to become a contact in the histories. Holds personal data.
public struct TaskParty: Sendable, Hashable {
  public var customerID: String
  public var vin: String?
  public var channel: Channel
  public var purpose: ConsentPurpose
  public var campaign: String

  public init(customerID: String, vin: String?, channel: Channel, purpose: ConsentPurpose, campaign: String) {
    self.customerID = customerID
    self.vin = vin
    self.channel = channel
    self.purpose = purpose
    self.campaign = campaign
  }
}
