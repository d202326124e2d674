import Foundation
import Histories

/// Lives through one relation: decisions, visits, calls and its end, as docs/simulation.md derives.
struct RelationSimulator {
  let world: World
  let traits: RelationTraits
  /// One counter per customer gives all rows their keys.
  var nextKey: Int64
  var random: RandomStream

  var state: RelationState
  var defected = false
  /// The moment of the planned maintenance, drawn at the last one.
  private var planned = 0.0
  private(set) var ends: (at: Double, reason: EndReason)

  var satisfaction: Double
  var desk: Int
  var adviser: Int?
  var usualLogTicket: Double?
  var hasVisited = false
  var packageLeft = 0
  var packageExpires = Day.none

  init(world: World, traits: RelationTraits, nextKey: Int64, random: RandomStream) {
    self.world = world
    self.traits = traits
    self.nextKey = nextKey
    self.random = random
    satisfaction = traits.satisfaction
    desk = 0
    ends = (.infinity, .sold)
    let dealer = world.dealers[traits.dealer]
    state = RelationState(
      decidedAt: traits.start, plannedFrom: traits.start,
      interval: traits.interval(first: traits.isNewCar), adherence: traits.adherence,
      regularity: traits.regularity, defection: 0, repairRate: 0, accidentRate: 0, warrantyRate: 0,
      warrantyEnds: traits.warrantyEnds,
      callProbability: traits.mayCall ? dealer.callProbability : 0)
    ends = traits.naturalLoss(&self.random)
    desk = self.random.index(World.advisersPerDealer)
  }

  /// The day after the last one: nothing that happens later is written.
  private var horizonEnd: Double { Double(world.until.number) + 1 }

  mutating func takeKey() -> Int64 {
    nextKey += 1
    return nextKey
  }

  mutating func run(into rows: inout GroupRows) {
    begin(into: &rows)
    var cycle = 0
    while cycle < Self.mostCycles {
      cycle += 1
      let next = nextEvent()
      let known = min(next.at, ends.at, horizonEnd)
      let contactBefore = next.contact.flatMap { $0.at < known ? $0 : nil }
      let others = otherVisits(until: known, into: &rows)
      if let contactBefore { record(contactBefore, into: &rows) }
      captureTruth(next: next.at, contact: contactBefore, others: others, into: &rows)
      guard next.at < ends.at, next.at < horizonEnd else { break }
      qualifiedVisit(at: next.at, isRepair: next.isRepair, into: &rows)
    }
    incidentals(into: &rows)
  }

  /// A guard against a relation without end; the busiest taxi stays far below it.
  private static let mostCycles = 600

  private mutating func begin(into rows: inout GroupRows) {
    if traits.startsWithVisit {
      qualifiedVisit(at: traits.start, isRepair: random.chance(0.3), into: &rows)
    } else {
      sale(into: &rows)
      decide(at: traits.start, visit: nil)
      drawPlan()
    }
  }

  // MARK: The process

  private struct NextEvent {
    var at: Double
    var isRepair = false
    var contact: ContactMade?
  }

  /// What ends the current cycle, and the call on the way to it.
  private mutating func nextEvent() -> NextEvent {
    let clock = world.clock
    var event = NextEvent(at: .infinity)
    if defected {
      event.at = state.decidedAt + random.exponential(mean: 1 / TrueLapse.returnRate)
    } else {
      event.at = planned
      let wait = random.exponential(mean: 1 / state.repairRate)
      let repair = clock.moment(clock.operational(state.decidedAt) + wait)
      if repair < planned {
        event.at = repair
        event.isRepair = true
      }
    }
    guard random.chance(state.callProbability) else { return event }
    let callAt =
      max(state.due, state.decidedAt) + random.exponential(mean: TrueLapse.meanDaysToCall)
    guard callAt < event.at else { return event }
    guard random.chance(TrueLapse.reachedProbability) else {
      event.contact = ContactMade(at: callAt, outcome: random.chance(0.93) ? .noAnswer : .invalid)
      return event
    }
    var situation = defected ? ContactOutcome.Situation.lost : .loyal
    if defected, random.chance(TrueLapse.rescueProbability) {
      situation = .rescued
      event.at = min(event.at, callAt + random.exponential(mean: TrueLapse.meanDaysToRescuedVisit))
    }
    let outcome = random.choice(ContactOutcome.probabilities[situation.rawValue])
    event.contact = ContactMade(at: callAt, outcome: ContactOutcome.whenReached[outcome])
    return event
  }

  /// Draws the gap to the next maintenance in operational time.
  private mutating func drawPlan() {
    let gap = random.lognormal(median: state.adherence * state.interval, sigma: state.regularity)
    planned = world.clock.moment(world.clock.operational(state.plannedFrom) + gap)
  }

  private static let repairsPerYear = 0.32
  private static let repairAgeing = 0.18
  private static let accidentsPerYear = 0.09
  private static let warrantyVisitsPerYear = 0.3

  /// Decides defection and sets the rates that hold until the next decision.
  private mutating func decide(at moment: Double, visit: VisitExperience?) {
    let ageYears = (moment - traits.delivered) / 365.25
    let usageFactor = (traits.kmPerDay / LapseModel.usualKmPerDay).squareRoot()
    var drivers = LapseDrivers()
    drivers.satisfaction = satisfaction
    drivers.distanceKm = traits.distanceKm
    drivers.priceSensitivity = traits.priceSensitivity
    drivers.billShock = visit?.billShock ?? 0
    drivers.unresolvedComplaint = visit?.unresolvedComplaint ?? false
    drivers.adviserChanged = visit?.adviserChanged ?? false
    drivers.tenureYears = (moment - traits.start) / 365.25
    drivers.kmPerDay = traits.kmPerDay
    drivers.boughtHere = traits.boughtHere
    drivers.packageLeft = packageLeft > 0 && packageExpires > Day(Int32(moment))
    drivers.powertrain = traits.model.powertrain
    drivers.ownerType = traits.ownerType
    drivers.secondOwner = traits.secondOwner
    drivers.vehicleAgeYears = ageYears
    drivers.warrantyDaysLeft = traits.warrantyEnds - moment
    drivers.interval = state.interval
    drivers.atDelivery = visit == nil
    state.decidedAt = moment
    state.defection = LapseModel.probability(drivers)
    state.repairRate = Self.repairsPerYear / 365.25 * (1 + Self.repairAgeing * ageYears) * usageFactor
    state.accidentRate = Self.accidentsPerYear / 365.25 * usageFactor
    state.warrantyRate = Self.warrantyVisitsPerYear / 365.25 * usageFactor
    state.contact = nil
    state.otherVisits = 0
    defected = random.chance(state.defection)
  }

  private mutating func qualifiedVisit(at moment: Double, isRepair: Bool, into rows: inout GroupRows) {
    let experience = receive(at: moment, isRepair: isRepair, into: &rows)
    if !isRepair || !hasVisited {
      state.plannedFrom = moment
      state.interval = traits.interval(first: false)
    }
    hasVisited = true
    decide(at: moment, visit: experience)
    if state.plannedFrom == moment { drawPlan() }
  }

  /// Accident and warranty visits of this cycle, rarer once the relation has defected.
  private mutating func otherVisits(until end: Double, into rows: inout GroupRows) -> [Double] {
    let share = defected ? TrueLapse.otherVisitsAfterDefection : 1
    var moments: [Double] = []
    for (rate, last, kind) in [
      (state.accidentRate, end, OrderClass.accident),
      (state.warrantyRate, min(end, state.warrantyEnds), OrderClass.warranty),
    ] {
      var moment = state.decidedAt
      while true {
        moment += random.exponential(mean: 1 / (rate * share))
        guard moment < last else { break }
        moments.append(moment)
        otherVisit(at: moment, kind, into: &rows)
      }
    }
    return moments
  }

  // MARK: The truth

  static let newRelationDays = 274.0
  static let newRelationOverdueDays = 180.0
  static let shortestHorizon = 180
  static let longestHorizon = 540

  private mutating func captureTruth(
    next: Double, contact: ContactMade?, others: [Double], into rows: inout GroupRows
  ) {
    for asOf in world.options.asOf {
      let moment = Double(asOf.number) + 1
      guard state.decidedAt < moment, moment <= min(next, ends.at) else { continue }
      let sinceLast = moment - state.decidedAt
      let isActive =
        hasVisited
        ? sinceLast <= max(365, 1.5 * state.interval)
        : sinceLast <= Self.newRelationDays && moment < state.due + Self.newRelationOverdueDays
      guard isActive else { continue }
      var seen = state
      seen.contact = contact.flatMap { $0.at < moment ? $0 : nil }
      seen.otherVisits = others.count { $0 < moment }
      let due = state.due.rounded(.down)
      let wait = max(0, due - Double(asOf.number)) + max(90, state.interval / 2)
      let horizon = min(max(Self.shortestHorizon, Int(wait.rounded(.up))), Self.longestHorizon)
      func probability(_ days: Int) -> Double {
        TrueLapse.probability(seen, at: moment, horizon: Double(days), clock: world.clock)
      }
      let end = moment + Double(horizon)
      rows.truths.append(
        TruthRow(
          key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, asOf: asOf,
          due: Day(Int32(due)), horizon: horizon, probability: probability(horizon),
          probability180: probability(180), probability365: probability(365), defected: defected,
          lapsed: next >= end, naturalLoss: ends.at < end))
    }
  }
}
