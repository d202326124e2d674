public import ChurnModel
public import CustomerValue
public import Features
public import Histories
import Statistics

/// Makes the at-risk list: scores every active relation, values it, ranks by probability × value, and says why.
public struct AtRiskBuilder: Sendable {
  /// Which rows are wanted.
  public struct Filter: Sendable {
    /// Only relations of this store (home store of the customer, else store of the last visit).
    public var dealerID: String?
    public var tier: ValueTier?
    /// At most this many rows; `nil` for all.
    public var limit: Int?
    /// What comes first.
    public var ranking: AtRiskRanking

    public init(
      dealerID: String? = nil, tier: ValueTier? = nil, limit: Int? = nil, ranking: AtRiskRanking = .amount
    ) {
      self.dealerID = dealerID
      self.tier = tier
      self.limit = limit
      self.ranking = ranking
    }
  }

  private let view: AsOfView
  private let model: AnyModel
  private let modelName: String
  private let language: Language
  private var histories: Histories { view.histories }

  /// - Parameter view: for every feature, so that worth and segments are known.
  public init(view: AsOfView, model: AnyModel, modelName: String, language: Language) {
    self.view = view
    self.model = model
    self.modelName = modelName
    self.language = language
  }

  /// - Throws: `RetentionError` when nothing is active at the date, or the store is unknown.
  /// - Complexity: O(orders + active relations log active relations); features are kept for listed rows only.
  public func build(_ filter: Filter) throws(RetentionError) -> AtRiskList {
    let dealer = try dealerCode(filter.dealerID)
    let scored = ScoredRelations(view: view, model: model)
    guard scored.count > 0 else {
      throw RetentionError(
        .nobodyActive,
        "No relation is active at \(view.asOf). The data reach to \(histories.dataEnd); choose a date with --as-of."
      )
    }
    let value = RelationValue(histories: histories, scored: scored)

    var chosen = Array(0..<scored.count)
    if let dealer { chosen = chosen.filter { home(of: Int(scored.relations[$0])) == dealer } }
    if let tier = filter.tier { chosen = chosen.filter { value.tiers[$0] == tier } }
    let matching = chosen.count
    let listed = Self.first(filter.limit ?? matching, of: chosen) { row in
      switch filter.ranking {
      case .amount: scored.probability[row] * value.atStake[row]
      case .risk: scored.probability[row]
      case .value: scored.valueAtRisk[row]
      }
    }

    return AtRiskList(
      dealerGroup: histories.dealerGroup, asOf: view.asOf, model: modelName, currency: histories.currency,
      language: language, activeRelations: scored.count, matchingRelations: matching,
      rows: rows(listed, scored, value), ranking: filter.ranking)
  }

  /// The rows of the highest priorities, falling; of equal ones the earlier row comes first.
  ///
  /// - Complexity: O(rows + limit log limit) on average.
  private static func first(_ limit: Int, of rows: [Int], priority: (Int) -> Double) -> [Int] {
    var ranked = rows.map { (row: $0, priority: priority($0)) }
    if limit > 0, limit < ranked.count {
      var priorities = ranked.map(\.priority)
      let least = priorities.withUnsafeMutableBufferPointer { Selection.select($0.count - limit, in: $0) }
      ranked.removeAll { $0.priority < least }
    }
    ranked.sort { $0.priority != $1.priority ? $0.priority > $1.priority : $0.row < $1.row }
    return ranked.prefix(limit).map(\.row)
  }

  private func dealerCode(_ id: String?) throws(RetentionError) -> Int32? {
    guard let id else { return nil }
    guard let code = histories.dealers.code(of: id) else {
      let known = (0..<histories.dealers.count).map { histories.dealers.texts[$0] }
      throw RetentionError(
        .unknownDealer,
        "There is no store \(id). Known stores: \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", …" : "")."
      )
    }
    return code
  }

  private func home(of relation: Int) -> Int32 {
    let home = histories.customers.dealers[Int(histories.relations.customers[relation])]
    return home >= 0 ? home : view.facts(of: relation).dealer
  }

  // MARK: Rows

  private func rows(_ listed: [Int], _ scored: ScoredRelations, _ value: RelationValue) -> [AtRiskRow] {
    let finder = ReasonFinder(model: model)
    let text = ReasonText(language: language, currency: histories.currency)
    let rowsPerBlock = 4096
    var result: [AtRiskRow] = []
    result.reserveCapacity(listed.count)
    for first in stride(from: 0, to: listed.count, by: rowsPerBlock) {
      let block = Array(listed[first..<min(first + rowsPerBlock, listed.count)])
      let features = view.features(of: block.map { scored.relations[$0] })
      for (offset, index) in block.enumerated() {
        features.withUnsafeRows(offset..<offset + 1) { values in
          var row = AtRiskRow(
            rank: first + offset + 1, customerID: "", vin: "", probability: scored.probability[index],
            riskTier: RiskTier(probability: scored.probability[index]), valueTier: value.tiers[index],
            paid730: scored.paid730[index].isNaN ? 0 : scored.paid730[index],
            valueAtStake: value.atStake[index],
            priority: scored.probability[index] * value.atStake[index],
            reasons: finder.reasons(row: values).map(text.sentence))
          row.segment = SegmentRules.ten.segments[Int(scored.segments[index])].name
          if let base = values.baseAddress {
            row.worth = RelationWorth(
              features: base, unitMargin: view.unitMargin(of: Int(scored.relations[index])))
          }
          fill(&row, relation: Int(scored.relations[index]), values)
          result.append(row)
          histories.relieveMemory()
        }
      }
    }
    return result
  }

  private func fill(_ row: inout AtRiskRow, relation: Int, _ values: UnsafeBufferPointer<Double>) {
    let customer = Int(histories.relations.customers[relation])
    let vehicle = Int(histories.relations.vehicles[relation])
    let facts = view.facts(of: relation)
    func whole(_ feature: Feature) -> Int? {
      let value = values[feature.rawValue]
      return value.isFinite ? Int(value.rounded()) : nil
    }
    func truth(_ feature: Feature) -> Bool? {
      let value = values[feature.rawValue]
      return value.isNaN ? nil : value > 0
    }
    row.customerID = histories.customers.ids.texts[customer]
    row.name = histories.customers.names.value(customer).map(Masking.name)
    row.phone = histories.customers.phones.value(customer).map(Masking.phone)
    row.ownerType = Vocabularies.ownerType.word(histories.customers.ownerTypes[customer])
    let home = histories.customers.dealers[customer]
    let dealer = home >= 0 ? home : facts.dealer
    row.dealerID = dealer >= 0 ? histories.dealers.texts[Int(dealer)] : nil
    row.vin = histories.vehicles.vins.texts[vehicle]
    row.plate = histories.vehicles.plates.value(vehicle).map(Masking.plate)
    let model = histories.vehicles.models[vehicle]
    row.model = model >= 0 ? histories.vehicles.modelNames.texts[Int(model)] : nil
    let months = values[Feature.ageMonths.rawValue]
    row.ageYears = months.isNaN ? nil : months / 12
    row.lastVisitOn = facts.lastQualifiedVisitOn
    row.nextDueOn = facts.dueOn
    row.daysOverdue = whole(.daysOverDue)
    row.kmOverdue = whole(.kmOver)
    let warranty = histories.vehicles.warrantyEndsOn[vehicle]
    row.warrantyEndsOn = warranty.isNone ? nil : warranty
    row.boughtHere = truth(.boughtHere)
    row.lastAdviser = facts.lastAdviser.map { histories.advisers.ids.texts[Int($0)] }
    row.openComplaint = truth(.cmpOpen)
    let contact = lastContact(of: customer)
    row.lastContactOn = contact?.day
    row.lastContactOutcome = contact?.outcome
  }

  private func lastContact(of customer: Int) -> (day: Day, outcome: String?)? {
    let contacts = histories.contacts
    guard contacts.starts.count > 0 else { return nil }
    let run = Int(contacts.starts[customer])..<Int(contacts.starts[customer + 1])
    guard let last = run.last(where: { contacts.days[$0] <= view.asOf }) else { return nil }
    return (contacts.days[last], Vocabularies.contactOutcome.word(contacts.outcomes[last]))
  }
}

/// Why no list could be made.
public struct RetentionError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    case nobodyActive
    case unknownDealer
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
