import ContactQueue
public import Histories
import LinearAlgebra

/// Takes a list through the policy.
public struct Planner: Sendable {
  /// A campaign's hold-out.
  public struct Experiment: Sendable {
    public var campaign: String
    public var wave: Int
    /// Share of customers held out, 0 to 1.
    public var share: Double
    public var earlier: EarlierWaves

    public init(campaign: String, wave: Int, share: Double, earlier: EarlierWaves = .none) {
      self.campaign = campaign
      self.wave = wave
      self.share = share
      self.earlier = earlier
    }
  }

  let ledger: Ledger
  let policy: ContactPolicy
  let purpose: ConsentPurpose
  private let parallel: Parallel
  private static let blockSize = 1 << 12

  /// - Parameter threads: `nil` for all cores.
  public init(ledger: Ledger, policy: ContactPolicy, purpose: ConsentPurpose, threads: Int? = nil) {
    self.ledger = ledger
    self.policy = policy
    self.purpose = purpose
    parallel = threads.map(Parallel.init(threads:)) ?? .standard
  }

  /// The plan of a list; the lines' order and the number of threads do not matter.
  ///
  /// One line a customer is contacted: of those that the policy allows the one of the highest priority, of equal ones the
  /// first VIN.
  ///
  /// - Parameter experiment: `nil` for none.
  /// - Complexity: O(lines + what happened to their customers)
  public func plan(_ list: ContactList, experiment: Experiment? = nil) -> OutreachPlan {
    let relations = self.relations(of: list)
    let channels = ChannelOrders(list, policy)
    var lines = [OutreachPlan.Line](unsafeUninitializedCapacity: list.count) { buffer, count in
      nonisolated(unsafe) let lines = buffer
      parallel.forEachBlock(count: list.count, blockSize: Self.blockSize) { block in
        var judge = LineJudge(self, channels)
        for row in block.range {
          lines.initializeElement(
            at: row,
            to: judge.line(relation: Int(relations[row]), tier: list.tiers?.codes[row] ?? -1))
        }
      }
      count = list.count
    }
    let best = chooseOnePerCustomer(&lines, list)
    if let experiment { holdOut(experiment, among: best, &lines, list) }
    return OutreachPlan(list: list, lines: lines)
  }

  /// The relation of every line, −1 for an unknown one.
  private func relations(of list: ContactList) -> [Int32] {
    let histories = ledger.histories
    let (customers, vehicles) = (list.customers.dictionary, list.vehicles.dictionary)
    let customerRows = (0..<customers.count).map { histories.customer(id: customers.texts.bytes($0)) ?? -1 }
    let vehicleRows = (0..<vehicles.count).map { histories.vehicle(vin: vehicles.texts.bytes($0)) ?? -1 }
    return (0..<list.count).map { row in
      let (customer, vehicle) = (list.customers.codes[row], list.vehicles.codes[row])
      guard customer >= 0, vehicle >= 0, customerRows[Int(customer)] >= 0, vehicleRows[Int(vehicle)] >= 0
      else { return -1 }
      return ledger.relation(customer: customerRows[Int(customer)], vehicle: vehicleRows[Int(vehicle)])
        .map { Int32($0) } ?? -1
    }
  }

  // MARK: One line a customer

  /// Keeps the best line of every customer that may be contacted.
  ///
  /// - Returns: their rows, by customer.
  private func chooseOnePerCustomer(_ lines: inout [OutreachPlan.Line], _ list: ContactList) -> [Int32] {
    let owners = ledger.histories.relations.customers
    var bestLine = [Int32](repeating: -1, count: ledger.histories.customers.count)
    var bestOfRelation: [Int32: Int32] = [:]
    bestOfRelation.reserveCapacity(list.count)
    for row in lines.indices {
      guard let relation = lines[row].relation else { continue }
      if let other = bestOfRelation[relation] {
        let isBetter = list.priorities[row] > list.priorities[Int(other)]
        lines[isBetter ? Int(other) : row].isRepeated = true
        if isBetter { bestOfRelation[relation] = Int32(row) }
      } else {
        bestOfRelation[relation] = Int32(row)
      }
    }
    for row in lines.indices {
      guard case .contact = lines[row].decision, let relation = lines[row].relation else { continue }
      guard !lines[row].isRepeated else {
        lines[row].suppress(.duplicateCustomer)
        continue
      }
      let customer = Int(owners[Int(relation)])
      let other = bestLine[customer]
      if other < 0 {
        bestLine[customer] = Int32(row)
      } else if goesBefore(row, Int(other), lines, list) {
        lines[Int(other)].suppress(.duplicateCustomer)
        bestLine[customer] = Int32(row)
      } else {
        lines[row].suppress(.duplicateCustomer)
      }
    }
    return bestLine.filter { $0 >= 0 }
  }

  /// Whether a line of a customer goes before another one of the same customer.
  private func goesBefore(
    _ row: Int, _ other: Int, _ lines: [OutreachPlan.Line], _ list: ContactList
  ) -> Bool {
    if list.priorities[row] != list.priorities[other] { return list.priorities[row] > list.priorities[other] }
    return (list.vehicles[row] ?? "") < (list.vehicles[other] ?? "")
  }

  // MARK: Hold-out

  private func holdOut(
    _ experiment: Experiment, among rows: [Int32], _ lines: inout [OutreachPlan.Line], _ list: ContactList
  ) {
    let histories = ledger.histories
    let holdOut = HoldOut(campaign: experiment.campaign, wave: experiment.wave, share: experiment.share)
    func customer(_ row: Int32) -> Int {
      lines[Int(row)].relation.map { Int(histories.relations.customers[Int($0)]) } ?? 0
    }
    func vehicle(_ row: Int32) -> Int {
      lines[Int(row)].relation.map { Int(histories.relations.vehicles[Int($0)]) } ?? 0
    }
    let strata = Strata(list)
    var members = [[(row: Int32, hash: UInt64)]](repeating: [], count: strata.count)
    for row in rows {
      let customer = customer(row)
      if let part = experiment.earlier.part(of: { histories.customers.ids.texts[customer] }) {
        let vin = histories.vehicles.vins.texts[vehicle(row)]
        lines[Int(row)].keep(part) { experiment.earlier.isSame($0, vehicle: vin) }
      } else if experiment.share > 0 {
        let hash = holdOut.hash(customer: histories.customers.ids.texts.bytes(customer))
        members[strata.place(Int(row))].append((row, hash))
      }
    }
    for (place, members) in members.enumerated() where !members.isEmpty {
      let name = strata.name(place)
      for row in holdOut.chosen(members, stratum: name) { lines[Int(row)].holdOut(name) }
    }
  }
}

extension OutreachPlan.Line {
  mutating func suppress(_ reason: SuppressionReason) {
    decision = .suppressed(reason)
    delay = nil
    goesFirst = false
  }

  mutating func holdOut(_ stratum: String) {
    decision = .heldOut(stratum: stratum)
    delay = nil
    goesFirst = false
  }

  /// Stays what the campaign has made of the customer before: who was held out is, who was contacted may be again, and who
  /// has a task of this wave keeps it as it is, so that enqueueing again adds nothing.
  mutating func keep(_ part: CampaignPart, isSameVehicle: (CampaignPart.Task) -> Bool) {
    if let stratum = part.stratum {
      holdOut(stratum)
    } else if let task = part.task, case .contact(_, let due) = decision {
      if isSameVehicle(task) {
        decision = .contact(task.channel, due: due)
      } else {
        suppress(.duplicateCustomer)
      }
    }
  }
}
