import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("True probability of lapse")
struct TruthTests {
  private static let customers = 9000

  /// One as-of date, so that each relation counts once and outcomes are independent; without natural losses.
  private static let truths: [TruthRow] = {
    let until = Day(year: 2026, month: 6, day: 30)
    let options = SimulationOptions(customers: customers, seed: 31, until: until, asOf: [until - 400])
    var truths: [TruthRow] = []
    forEachGroup(options) { rows in truths += rows.truths.filter { !$0.naturalLoss } }
    return truths
  }()

  /// Expects the share of lapses within 3.5 binomial standard errors of the mean truth.
  private func expectCalibrated(_ truths: some Collection<TruthRow>) {
    let count = Double(truths.count)
    let expected = truths.reduce(0) { $0 + $1.probability } / count
    let observed = Double(truths.count { $0.lapsed }) / count
    let variance = truths.reduce(0) { $0 + $1.probability * (1 - $1.probability) } / (count * count)
    #expect(
      abs(observed - expected) < 3.5 * variance.squareRoot(), "expected \(expected), observed \(observed)")
  }

  @Test("in every tenth of the truth, the share of lapses is the mean truth")
  func calibration() {
    let sorted = Self.truths.sorted { $0.probability < $1.probability }
    #expect(sorted.count > 3000)
    for decile in 0..<10 {
      expectCalibrated(sorted[(decile * sorted.count / 10)..<((decile + 1) * sorted.count / 10)])
    }
    expectCalibrated(sorted)
  }

  @Test("the best possible ranking has an AUC of 0.80 to 0.88, and a quarter to nearly half lapse")
  func difficulty() {
    let sorted = Self.truths.sorted { $0.probability < $1.probability }
    var rankSum = 0.0
    for (rank, truth) in sorted.enumerated() where truth.lapsed { rankSum += Double(rank + 1) }
    let lapsed = Double(sorted.count { $0.lapsed })
    let kept = Double(sorted.count) - lapsed
    let auc = (rankSum - lapsed * (lapsed + 1) / 2) / (lapsed * kept)
    #expect((0.80...0.88).contains(auc), "AUC \(auc)")
    let share = lapsed / Double(sorted.count)
    #expect((0.25...0.45).contains(share), "share \(share)")
  }

  @Test("a closed form agrees with playing the same cycle many times from the same state")
  func monteCarlo() {
    let clock = SeasonalClock(from: Day(18_000), to: Day(22_000))
    var random = RandomStream(seed: 5, stream: 6)
    var state = RelationState(
      decidedAt: 19_000, plannedFrom: 18_950, interval: 182, adherence: 1.05, regularity: 0.3,
      defection: 0.35,
      repairRate: 0.0009, accidentRate: 0.0006, warrantyRate: 0.0008, warrantyEnds: 19_090,
      callProbability: 0.7)
    let asOf = 19_200.3
    let horizon = 240.0
    // What was seen so far: by outcome of the call (nil without one) and number of other visits.
    struct Seen: Hashable {
      var outcome: ContactOutcome?
      var others: Int
    }
    var counts: [Seen: (played: Int, lapsed: Int, expected: Double)] = [:]
    for _ in 0..<60_000 {
      let play = Play(state, clock, &random)
      guard play.next >= asOf else { continue }
      let contact = play.contact.flatMap { $0.at < asOf ? $0 : nil }
      let seen = Seen(outcome: contact?.outcome, others: play.others.count { $0 < asOf })
      state.contact = contact
      state.otherVisits = seen.others
      let truth = TrueLapse.probability(state, at: asOf, horizon: horizon, clock: clock)
      state.contact = nil
      var count = counts[seen] ?? (0, 0, 0)
      count.played += 1
      count.lapsed += play.next >= asOf + horizon ? 1 : 0
      count.expected += truth
      counts[seen] = count
    }
    var checked = 0
    for (seen, count) in counts where count.played >= 150 {
      let played = Double(count.played)
      let expected = count.expected / played
      let error = (expected * (1 - expected) / played).squareRoot()
      let observed = Double(count.lapsed) / played
      #expect(abs(observed - expected) < 4 * error, "\(seen): expected \(expected), observed \(observed)")
      checked += 1
    }
    #expect(checked >= 8)
  }
}

/// One cycle played out, written apart from `RelationSimulator` and as plainly as the documentation puts it.
private struct Play {
  var next: Double
  var contact: ContactMade?
  var others: [Double] = []

  init(_ state: RelationState, _ clock: SeasonalClock, _ random: inout RandomStream) {
    let defects = random.chance(state.defection)
    let decided = clock.operational(state.decidedAt)
    if defects {
      next = state.decidedAt + random.exponential(mean: 1 / TrueLapse.returnRate)
    } else {
      // The plan was drawn at the last maintenance and is known to be later than the decision.
      var plan = 0.0
      repeat {
        plan =
          clock.operational(state.plannedFrom)
          + random.lognormal(median: state.adherence * state.interval, sigma: state.regularity)
      } while plan <= decided
      next = clock.moment(min(plan, decided + random.exponential(mean: 1 / state.repairRate)))
    }
    let callAt = max(state.due, state.decidedAt) + random.exponential(mean: TrueLapse.meanDaysToCall)
    if random.chance(state.callProbability), callAt < next {
      if random.chance(TrueLapse.reachedProbability) {
        let isRescued = defects && random.chance(TrueLapse.rescueProbability)
        if isRescued {
          next = min(next, callAt + random.exponential(mean: TrueLapse.meanDaysToRescuedVisit))
        }
        let row = isRescued ? 2 : defects ? 1 : 0
        let outcome = random.choice(ContactOutcome.probabilities[row])
        contact = ContactMade(at: callAt, outcome: ContactOutcome.whenReached[outcome])
      } else {
        contact = ContactMade(at: callAt, outcome: .noAnswer)
      }
    }
    let share = defects ? TrueLapse.otherVisitsAfterDefection : 1
    for (rate, end) in [(state.accidentRate, next), (state.warrantyRate, min(next, state.warrantyEnds))] {
      let count = random.poisson(mean: max(0, rate * share * (end - state.decidedAt)))
      for _ in 0..<count { others.append(random.uniform(state.decidedAt, end)) }
    }
  }
}
