import ChurnModel
import Evaluation
import Features
import Statistics
import Testing

@Suite("Calibrated training on histories")
struct CalibratedTrainingTests {
  private static func trained(
    _ rule: CalibrationRule, estimator: ChurnEstimator = .ridge
  ) throws -> ChurnTraining.Result {
    var training = ChurnTraining()
    training.testShare = 0.4
    training.options.penalty = 0.1
    training.choosesPenalty = false
    training.calibration = rule
    training.estimator = estimator
    return try training.run(TrainedSet.histories, dates: TrainedSet.dates)
  }

  private static let plain = Result { try trained(.none) }
  private static let calibrated = Result { try trained(.beta) }

  @Test("the calibrator leaves margins and order alone, and the test judges what it makes of them")
  func judged() throws {
    let (plain, calibrated) = (try Self.plain.get(), try Self.calibrated.get())
    #expect(plain.fit.model.link == .logistic)
    var bare = calibrated.fit.model
    bare.link = .logistic
    #expect(try bare.json() == plain.fit.model.json())
    let choice = try #require(calibrated.fit.model.link.calibration)
    #expect(choice.calibrator.kind == .beta && choice.wanted == .beta)
    let (before, after) = (try #require(plain.test), try #require(calibrated.test))
    #expect(after.relations == before.relations)
    #expect(after.probabilities == before.probabilities.map(choice.calibrator.probability))
    #expect(abs(after.model.auc - before.model.auc) < 1e-12)
  }

  @Test("relations get the same probabilities with intervals as without")
  func intervals() throws {
    let fit = try Self.calibrated.get().fit
    let view = AsOfView(histories: TrainedSet.histories, asOf: TrainedSet.testDate)
    let relations = view.population().relations
    let scorer = try IntervalScorer(fit.model, covariance: #require(fit.covariance))
    let found = RelationScores.intervals(scorer, view: view, relations: relations)
    #expect(found.probabilities == RelationScores.probabilities(fit.model, view: view, relations: relations))
    for row in relations.indices {
      #expect(found.lower[row] < found.probabilities[row] && found.probabilities[row] < found.upper[row])
    }
  }

  @Test("Firth's estimates are calibrated like others")
  func firth() throws {
    let model = try Self.trained(.auto, estimator: .firth(.none)).fit.model
    #expect(model.link.calibration?.candidates.map(\.kind) == Calibrator.Kind.allCases)
  }
}
