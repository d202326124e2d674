import Foundation
import Histories

/// The tickets above zero of all qualified visits.
struct OwnTickets: BitwiseCopyable {
  var count: Int
  /// Minor units, NaN for none.
  var median: Double
}

extension RelationWorkspace {
  /// Group C: what the customer paid.
  func writeMoney(_ peers: PeerRates, into row: FeatureRow) {
    let scale = facts.moneyScale
    var paid365: Int64 = 0
    var paid730: Int64 = 0
    var discount730: Int64 = 0
    var paidVisits730 = 0
    var visits730 = 0
    var known730 = 0
    for index in firstOf730..<visits.count {
      let visit = visits.base[index]
      visits730 += 1
      if visit.hasPayment { known730 += 1 }
      paid730 += visit.customerPaid
      discount730 += visit.discount
      if visit.isPaid { paidVisits730 += 1 }
      if index >= firstOf365 { paid365 += visit.customerPaid }
    }
    if visits730 == 0 || known730 > 0 {
      row[.cp365] = Double(paid365) / scale
      row[.cp730] = Double(paid730) / scale
      let typical = ticketMedian(peers)
      if typical > 0 {
        let before = Double(paid730 - paid365) / scale
        row[.cpTrend] = log((Double(paid365) / scale + typical) / (before + typical))
      }
      if paidVisits730 > 0 { row[.cpAvg730] = Double(paid730) / scale / Double(paidVisits730) }
    }
    if paid730 + discount730 > 0 {
      row[.discountRate730] = Double(discount730) / Double(paid730 + discount730)
    }
    let owed = total.owed
    if owed >= 0 { row[.arrears] = flag(owed > 0) }
    writeLastInvoice(into: row)
    writePackages(into: row)
  }

  /// The median ticket of the store of the last visit, else of the home store, else of all.
  private func ticketMedian(_ peers: PeerRates) -> Double {
    let last = visits.isEmpty ? -1 : visits[visits.count - 1].dealer
    let dealer = last >= 0 ? last : facts.homeDealers[customer]
    return dealer >= 0 ? peers.ticketMedians[Int(dealer)] : peers.ticketMedian
  }

  private func summariseTickets() -> OwnTickets {
    values.removeAll()
    for index in 0..<visits.count {
      let visit = visits.base[index]
      if visit.isQualified, visit.customerPaid > 0 { values.append(Double(visit.customerPaid)) }
    }
    return OwnTickets(count: values.count, median: values.median())
  }

  private func writeLastInvoice(into row: FeatureRow) {
    if lastQualified >= 0, visits[lastQualified].hasPayment {
      let ticket = Double(visits[lastQualified].customerPaid)
      row[.ticketLast] = ticket / facts.moneyScale
      let own = tickets ?? summariseTickets()
      tickets = own
      row[.billShock] = own.count >= 2 && ticket > 0 ? log(ticket / own.median) : 0
    }
    guard !visits.isEmpty else { return }
    let last = visits[visits.count - 1]
    if last.estimate > 0, last.hasPayment {
      let overrun = Double(last.customerPaid - last.estimate) / Double(last.estimate)
      row[.estimateOverrun] = min(max(overrun, -1), 2)
    }
  }

  private func writePackages(into row: FeatureRow) {
    let packages = facts.packages
    guard let starts = packages.starts else { return }
    var visitsLeft = 0.0
    var daysLeft = 0.0
    for package in Int(starts[vehicle])..<Int(starts[vehicle + 1]) {
      let bought = packages.boughtOn[package]
      let expires = packages.expiresOn[package]
      guard bought <= asOf, expires.isNone || expires > asOf else { continue }
      if !expires.isNone { daysLeft = max(daysLeft, Double(expires - asOf)) }
      var used = 0
      var index = visits.count - 1
      while index >= 0, visits.base[index].day >= bought {
        if visits.base[index].packagePaid > 0 { used += 1 }
        index -= 1
      }
      let total = packages.visits[package]
      visitsLeft += total >= 0 ? Double(max(0, Int(total) - used)) : .nan
    }
    row[.pkgVisitsLeft] = visitsLeft
    row[.pkgDaysLeft] = daysLeft
  }
}
