import CustomerValue
import Histories
import Retention

/// One row of the page's table.
struct AtRiskPageRow {
  let row: AtRiskRow
  private let language: Language
  private let currency: String

  init(row: AtRiskRow, list: AtRiskList) {
    self.row = row
    language = list.language
    currency = list.currency
  }

  var text: String {
    """
    <tr>
    <td class="rank">\(row.rank)</td>
    \(customer)
    \(vehicle)
    \(risk)
    \(value)
    \(overdue)
    \(dates)
    \(reasons)
    \(notes)
    </tr>

    """
  }

  private var customer: String {
    // Most customers are persons: only what is out of the ordinary is said.
    let kind = row.ownerType.flatMap { $0 == "person" ? nil : AtRiskWords.ownerType($0)[language] }
    return cell(
      AtRiskWords.customer, strong: row.name ?? row.customerID,
      small: [row.phone, row.name == nil ? nil : row.customerID, kind], style: "customer")
  }

  private var vehicle: String {
    let age = row.ageYears.map { "\(NumberText.years($0)) \(AtRiskWords.years[language])" }
    return cell(
      AtRiskWords.vehicle, strong: row.model ?? row.vin,
      small: [joined(row.plate, age), row.model == nil ? nil : row.vin],
      style: "vehicle")
  }

  private var risk: String {
    let percent = row.probability.isFinite ? Int((min(max(row.probability, 0), 1) * 100).rounded()) : 0
    return """
      <td class="risk \(row.riskTier.rawValue)" data-label="\(AtRiskWords.probabilityLong[language])">\
      <div><b>\(NumberText.percent(row.probability))</b> <span class="badge">\(row.riskTier.label[language])</span></div>\
      <div class="bar"><i style="width:\(percent)%"></i></div></td>
      """
  }

  private var value: String {
    """
    <td class="number" data-label="\(AtRiskWords.atStake[language])">\
    <div><b>\(NumberText.amount(row.valueAtStake))</b></div>\
    <div class="small"><span class="badge \(row.valueTier.rawValue)">\(row.valueTier.label[language])</span></div>\
    <div class="small">\(AtRiskWords.paid730[language]) \(NumberText.amount(row.paid730))</div>\
    \(worth)</td>
    """
  }

  /// What is lost if the relation lapses, and below it the parts that it is the probability of; those that are not known
  /// or next to nothing are left out.
  private var worth: String {
    let parts: [(Bilingual, Double?)] = [
      (AtRiskWords.valueAtRisk, row.valueAtRisk), (AtRiskWords.service36, row.worth.service),
      (AtRiskWords.insurance, row.worth.insurance), (AtRiskWords.tradeIn, row.worth.tradeIn),
      (AtRiskWords.referral, row.worth.referral),
    ]
    return parts.enumerated().compactMap { place, part in
      guard let value = part.1, place == 0 || value.rounded() != 0 else { return nil }
      let text = "\(part.0[language]) \(NumberText.amount(value))"
      return "<div class=\"small\">\(place == 0 ? "<b>\(text)</b>" : text)</div>"
    }.joined()
  }

  private var overdue: String {
    let days = row.daysOverdue.map { days in
      days >= 0
        ? "<div><b>\(NumberText.grouped(days))</b> \(AtRiskWords.days[language])</div>"
        : "<div class=\"small\">\(AtRiskWords.notYetDue[language]) \(NumberText.grouped(-days)) \(AtRiskWords.days[language])</div>"
    }
    let km = row.kmOverdue.flatMap { km in
      km > 0 ? "<div class=\"small\">\(NumberText.grouped(km)) \(AtRiskWords.km[language])</div>" : nil
    }
    return
      "<td class=\"number\" data-label=\"\(AtRiskWords.overdue[language])\">\((days ?? "–") + (km ?? ""))</td>"
  }

  private var dates: String {
    let due = row.nextDueOn.map { "\(AtRiskWords.nextDue[language]) \($0)" }
    return cell(
      AtRiskWords.lastVisit, strong: row.lastVisitOn?.description ?? "–", small: [due], style: "dates")
  }

  private var reasons: String {
    let items = row.reasons.prefix(AtRiskList.reasonsInFiles).map { "<li>\(HTMLText.escaped($0))</li>" }
    return
      "<td class=\"reasons\" data-label=\"\(AtRiskWords.reasons[language])\"><ol>\(items.joined())</ol></td>"
  }

  private var notes: String {
    var lines: [String] = []
    if row.openComplaint == true {
      lines.append("<span class=\"badge complaint\">\(AtRiskWords.openComplaint[language])</span>")
    }
    if let day = row.lastContactOn {
      let outcome = row.lastContactOutcome.map { AtRiskWords.contactOutcome($0)[language] }
      let contact = ["\(AtRiskWords.lastContact[language]) \(day)", outcome]
      lines.append(HTMLText.escaped(contact.compactMap { $0 }.joined(separator: " · ")))
    }
    if let adviser = row.lastAdviser {
      lines.append(HTMLText.escaped("\(AtRiskWords.adviser[language]) \(adviser)"))
    }
    if let day = row.warrantyEndsOn { lines.append("\(AtRiskWords.warrantyUntil[language]) \(day)") }
    if let boughtHere = row.boughtHere {
      lines.append((boughtHere ? AtRiskWords.boughtHere : AtRiskWords.boughtElsewhere)[language])
    }
    if let segment = row.segment, segment != SegmentRules.ten.others.name {
      lines.append(
        HTMLText.escaped("\(AtRiskWords.segment[language]) \(AtRiskWords.segmentLabel(segment)[language])"))
    }
    let items = lines.map { "<div>\($0)</div>" }.joined()
    return "<td class=\"notes small\" data-label=\"\(AtRiskWords.notes[language])\"><div>\(items)</div></td>"
  }

  private func joined(_ parts: String?...) -> String {
    parts.compactMap { $0 }.joined(separator: " · ")
  }

  private func cell(_ label: Bilingual, strong: String, small: [String?], style: String) -> String {
    let lines = small.compactMap { $0 }.filter { !$0.isEmpty }
      .map { "<div class=\"small\">\(HTMLText.escaped($0))</div>" }
    return
      "<td class=\"\(style)\" data-label=\"\(label[language])\"><div><b>\(HTMLText.escaped(strong))</b>\(lines.joined())</div></td>"
  }
}
