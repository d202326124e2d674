import Histories
import Retention

/// The columns of the list in files, in order; the names are the same in every language and format.
enum AtRiskColumn: String, CaseIterable {
  case rank, customer_id, vin, dealer_id, name, phone, owner_type, plate, model, age_years
  case last_visit_on, next_due_on, days_overdue, km_overdue
  case probability, risk_tier, value_tier, segment, paid_730, value_at_stake, priority
  case clv_36, ins_potential, trade_potential, referral_potential, value_at_risk
  case reason_1, reason_2, reason_3
  case warranty_ends_on, bought_here, last_adviser, open_complaint
  case last_contact_on, last_contact_outcome
}

/// What takes the cells of a row, one after the other in the order of `AtRiskColumn`.
protocol CellSink: ~Copyable {
  mutating func integer(_ value: Int?)
  /// A number that is shown with the given decimals where the format is text.
  mutating func number(_ value: Double?, decimals: Int)
  mutating func text(_ value: String?)
  mutating func day(_ value: Day?)
  mutating func flag(_ value: Bool?)
}

extension AtRiskRow {
  private static let probabilityDecimals = 6
  private static let amountDecimals = 2
  private static let yearDecimals = 2

  /// Hands every cell to the sink: the one place that ties columns to fields, for all file formats.
  func emitCells<Sink: CellSink & ~Copyable>(to sink: inout Sink) {
    sink.integer(rank)
    sink.text(customerID)
    sink.text(vin)
    sink.text(dealerID)
    sink.text(name)
    sink.text(phone)
    sink.text(ownerType)
    sink.text(plate)
    sink.text(model)
    sink.number(ageYears, decimals: Self.yearDecimals)
    sink.day(lastVisitOn)
    sink.day(nextDueOn)
    sink.integer(daysOverdue)
    sink.integer(kmOverdue)
    sink.number(probability, decimals: Self.probabilityDecimals)
    sink.text(riskTier.rawValue)
    sink.text(valueTier.rawValue)
    sink.text(segment)
    sink.number(paid730, decimals: Self.amountDecimals)
    sink.number(valueAtStake, decimals: Self.amountDecimals)
    sink.number(priority, decimals: Self.amountDecimals)
    for part in [worth.service, worth.insurance, worth.tradeIn, worth.referral, valueAtRisk] {
      sink.number(part, decimals: Self.amountDecimals)
    }
    for index in 0..<AtRiskList.reasonsInFiles {
      sink.text(index < reasons.count ? reasons[index] : nil)
    }
    sink.day(warrantyEndsOn)
    sink.flag(boughtHere)
    sink.text(lastAdviser)
    sink.flag(openComplaint)
    sink.day(lastContactOn)
    sink.text(lastContactOutcome)
  }
}

extension AtRiskList {
  static let reasonsInFiles = 3
}

extension ByteWriter {
  /// A day as `YYYY-MM-DD`.
  @inline(__always)
  mutating func day(_ value: Day) {
    let (year, month, day) = value.civil
    digits(UInt(max(0, year)), atLeast: 4)
    byte(UInt8(ascii: "-"))
    digits(UInt(month), atLeast: 2)
    byte(UInt8(ascii: "-"))
    digits(UInt(day), atLeast: 2)
  }
}
