import Foundation

/// A dealer's call after the due date, as known afterwards.
struct ContactMade: Sendable {
  /// Days since 1970-01-01.
  var at: Double
  var outcome: ContactOutcome
}

/// Everything that decides a relation's future at a moment, apart from whether it has defected: that is what
/// `TrueLapse` integrates out. Moments are days since 1970-01-01 with fractions.
struct RelationState: Sendable {
  /// The last decision: the last qualified visit, or the beginning of the relation.
  var decidedAt: Double
  /// The last maintenance, or the beginning of the relation: where the current plan began.
  var plannedFrom: Double
  /// Days from `plannedFrom` to the due date, with the true usage.
  var interval: Double
  /// Adherence: median of the plan's gap as a multiple of `interval`, in operational time.
  var adherence: Double
  /// Deviation of the logarithm of the plan's gap.
  var regularity: Double
  /// The probability with which the relation defected at `decidedAt`.
  var defection: Double
  /// Customer-paid repairs per operational day while not defected.
  var repairRate: Double
  /// Accident visits per day while not defected.
  var accidentRate: Double
  /// Warranty visits per day while not defected, until `warrantyEnds`.
  var warrantyRate: Double
  var warrantyEnds: Double
  /// Accident and warranty visits since `decidedAt`.
  var otherVisits = 0
  /// The probability that the dealer calls in this cycle.
  var callProbability: Double
  /// The call of this cycle, when it has taken place.
  var contact: ContactMade?

  var due: Double { plannedFrom + interval }
}

/// The true probability of lapse: no qualified visit in (T0, T0 + H], given no natural loss in the window.
///
/// The derivation stands in docs/simulation.md. Three cases remain possible while nothing is heard of a relation:
/// it has not defected and its plan or the next repair is still to come; it has defected; it has defected, was
/// won back by a call and will come within days. Each case has a weight (its probability times the likelihood of
/// what was seen since the last decision) and its own closed-form survival.
enum TrueLapse {
  /// Share of accident and warranty visits that a defected relation still brings.
  static let otherVisitsAfterDefection = 0.4
  /// Defected relations come back of themselves at this rate per day.
  static let returnRate = 1.0 / 1200
  /// Days from the due date to the dealer's call, on average.
  static let meanDaysToCall = 30.0
  static let reachedProbability = 0.6
  /// Probability that a call that reaches a defected relation wins it back.
  static let rescueProbability = 0.35
  /// Days from the call to the visit of a relation won back, on average.
  static let meanDaysToRescuedVisit = 20.0

  /// - Parameters:
  ///   - state: the relation's state at `moment`.
  ///   - moment: the end of the as-of day.
  ///   - horizon: H in days.
  static func probability(
    _ state: RelationState, at moment: Double, horizon: Double, clock: SeasonalClock
  ) -> Double {
    let elapsed = moment - state.decidedAt
    let end = moment + horizon
    let rescueRate = 1 / meanDaysToRescuedVisit

    let planStart = clock.operational(state.plannedFrom)
    let decided = clock.operational(state.decidedAt)
    let now = clock.operational(moment)
    let later = clock.operational(end)
    func planSurvival(_ operational: Double) -> Double {
      max(survival(operational - planStart, state), .leastNormalMagnitude)
    }
    let survivedSoFar =
      planSurvival(now) / planSurvival(decided) * exp(-state.repairRate * (now - decided))
    let survivesWindow = planSurvival(later) / planSurvival(now) * exp(-state.repairRate * (later - now))

    // What a defected relation's rarer accident and warranty visits say, against one that is not.
    let expectedOther =
      state.accidentRate * elapsed
      + state.warrantyRate * max(0, min(moment, state.warrantyEnds) - state.decidedAt)
    let otherLikelihood =
      pow(otherVisitsAfterDefection, Double(state.otherVisits))
      * exp((1 - otherVisitsAfterDefection) * expectedOther)
    let stayedAway = state.defection * otherLikelihood * exp(-returnRate * elapsed)

    var loyal = (1 - state.defection) * survivedSoFar
    var lost = stayedAway
    var rescued = 0.0
    var lostSurvival = exp(-returnRate * horizon)
    if let contact = state.contact {
      if contact.outcome.isReached {
        loyal *= contact.outcome.probability(.loyal)
        lost *= (1 - rescueProbability) * contact.outcome.probability(.lost)
        rescued =
          stayedAway * rescueProbability * contact.outcome.probability(.rescued)
          * exp(-rescueRate * (moment - contact.at))
      }
    } else {
      lostSurvival *= 1 - rescueWithin(state, from: moment, to: end)
    }
    let rescuedSurvival = exp(-(returnRate + rescueRate) * horizon)
    return (loyal * survivesWindow + lost * lostSurvival + rescued * rescuedSurvival)
      / (loyal + lost + rescued)
  }

  /// The probability that a defected relation, not called so far, is called, won back and comes before `end`.
  private static func rescueWithin(_ state: RelationState, from moment: Double, to end: Double) -> Double {
    let callsFrom = max(state.due, state.decidedAt)
    let callRate = 1 / meanDaysToCall
    let stillSilent = state.callProbability * exp(-callRate * max(0, moment - callsFrom))
    let called = stillSilent / (1 - state.callProbability + stillSilent)
    let span = end - max(moment, callsFrom)
    guard span > 0 else { return 0 }
    // The sum of two exponential waits, for the call and for the visit.
    let visitRate = 1 / meanDaysToRescuedVisit
    let within =
      1 - (visitRate * exp(-callRate * span) - callRate * exp(-visitRate * span)) / (visitRate - callRate)
    return called * reachedProbability * rescueProbability * within
  }

  /// The probability that the plan's gap exceeds `elapsed` operational days.
  private static func survival(_ elapsed: Double, _ state: RelationState) -> Double {
    guard elapsed > 0 else { return 1 }
    let z = (log(elapsed) - log(state.adherence * state.interval)) / state.regularity
    return 0.5 * erfc(z / 2.0.squareRoot())
  }
}

/// How a call after the due date ends.
enum ContactOutcome: Int, Sendable, CaseIterable {
  case reached, noAnswer, refused, promised, booked, invalid, delivered, failed

  /// The state of the relation that is called.
  enum Situation: Int { case loyal, lost, rescued }

  /// The outcomes of calls that reach the customer.
  static let whenReached: [ContactOutcome] = [.reached, .refused, .promised, .booked]

  /// Probabilities in the order of `whenReached`: relations that meant to come anyway, that are lost, that are won back.
  static let probabilities: [[Double]] = [
    [0.35, 0.05, 0.35, 0.25], [0.50, 0.28, 0.20, 0.02], [0.10, 0.00, 0.40, 0.50],
  ]

  var isReached: Bool { Self.whenReached.contains(self) }

  /// The probability of this outcome, given that the customer was reached.
  func probability(_ situation: Situation) -> Double {
    guard let index = Self.whenReached.firstIndex(of: self) else { return 0 }
    return Self.probabilities[situation.rawValue][index]
  }
}
