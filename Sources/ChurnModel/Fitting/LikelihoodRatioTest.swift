public import LinearAlgebra
import Statistics

/// The likelihood-ratio test of a fit against one without some of its terms.
///
/// Without a penalty the statistic is the difference of the deviances and follows a χ² distribution with as many degrees
/// of freedom as design columns were left out, if they have no effect (Wilks 1938). With a penalty it is the difference
/// of the penalised deviances 2·W·f, f the objective; the χ² distribution is then a conservative approximation, for
/// shrunk columns use up less than a degree of freedom each.
public struct LikelihoodRatioTest: Codable, Sendable, Equatable {
  /// The features or design columns that were left out.
  public let terms: [String]
  /// At least 0 up to rounding.
  public let statistic: Double
  /// Design columns left out.
  public let degreesOfFreedom: Int
  /// P(χ² ≥ statistic); 1 without any column.
  public let pValue: Double
  /// Whether the statistic is one of penalised fits.
  public let isPenalised: Bool

  init(terms: [String], statistic: Double, degreesOfFreedom: Int, isPenalised: Bool) {
    self.terms = terms
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.isPenalised = isPenalised
    pValue =
      degreesOfFreedom > 0
      ? ChiSquaredDistribution.pValue(max(statistic, 0), degreesOfFreedom: Double(degreesOfFreedom)) : 1
  }
}

extension LogisticFit {
  /// The test of all columns together, against a model that knows the share of positives only.
  ///
  /// Of Firth's fits it is that of the likelihood without Firth's term, at estimates that are not its maximum; of fits
  /// within bounds the degrees of freedom count held columns, too. Both make it conservative.
  public var wholeModelTest: LikelihoodRatioTest {
    let training = model.training
    return LikelihoodRatioTest(
      terms: model.columns.map(\.name),
      statistic: 2 * training.totalWeight * (training.nullLogLoss - predictedObjective),
      degreesOfFreedom: model.columns.count, isPenalised: model.penalty > 0)
  }

  /// Tests every feature by a fit without it and keeps the tests in `featureTests`; fits whose terms cannot be tested
  /// so (see `likelihoodRatioTest`) keep none.
  ///
  /// The parameters are those of `likelihoodRatioTest`.
  ///
  /// - Throws: `ChurnModelError` as `likelihoodRatioTest` does.
  /// - Complexity: a warm-started fit for each feature.
  public mutating func testFeatures(
    values: Matrix, labels: [Bool], weights: [Double]? = nil, offsets: [Double]? = nil
  ) throws(ChurnModelError) {
    guard coefficients.method == .likelihood else { return }
    let used = Set(model.columns.map(\.feature)).sorted()
    var tests: [LikelihoodRatioTest] = []
    for feature in used {
      tests.append(
        try likelihoodRatioTest(
          without: [model.features[feature].name], values: values, labels: labels, weights: weights,
          offsets: offsets))
    }
    featureTests = tests
  }

  /// Tests terms by a fit without them; all other columns stay as they were prepared.
  ///
  /// - Parameters:
  ///   - terms: names of features (all their design columns) or of design columns.
  ///   - values: the rows of the fit.
  ///   - labels: those of the fit.
  ///   - weights: those of the fit.
  ///   - offsets: those of the fit.
  /// - Throws: `ChurnModelError`: `invalidOption` for Firth's fits, elastic nets and fits within bounds, `invalidFeatures` when a term
  ///   has no column in the model, `lengthMismatch` when the rows
  ///   cannot be those of the fit, and what the solver throws.
  /// - Complexity: that of a warm-started fit with fewer columns.
  public func likelihoodRatioTest(
    without terms: [String], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil
  ) throws(ChurnModelError) -> LikelihoodRatioTest {
    guard coefficients.method == .likelihood else {
      throw ChurnModelError(
        .invalidOption,
        "terms are tested by likelihood for fits without Firth's term, bounds and choice of columns; ask Firth's fit for "
          + "profiles, and fit without bounds or with a ridge to test a term of theirs")
    }
    let data = try TrainingData(
      features: model.features, values: values, labels: labels, weights: weights, offsets: offsets)
    let training = model.training
    guard data.rowsUsed == training.rows, data.positives == training.positives,
      data.totalWeight == training.totalWeight
    else {
      throw ChurnModelError(
        .lengthMismatch,
        "these are not the rows of the fit; test terms on the rows that the model was fitted to")
    }
    var left: Set<Int> = []
    for term in terms {
      let found = model.columns.indices.filter {
        model.columns[$0].name == term || model.features[model.columns[$0].feature].name == term
      }
      guard !found.isEmpty else {
        throw ChurnModelError(
          .invalidFeatures,
          "the model has no column of the term \"\(term)\"; name one of its features or columns")
      }
      left.formUnion(found)
    }
    let kept = design.keeping(model.columns.indices.filter { !left.contains($0) })
    let workspaces = Workspaces(parallel: options.parallel)
    let solver = NewtonSolver(
      objective: ObjectivePass(
        expansion: Expansion(features: model.features, columns: kept.columns),
        data: data, penalties: kept.penalties(model.features, options)),
      workspaces: workspaces, maximumIterations: options.maximumIterations, undetermined: Undetermined(kept))
    let start = [model.intercept] + kept.columns.map(\.coefficient)
    let reduced = try solver.minimise(from: start, tolerance: options.tolerance)
    return LikelihoodRatioTest(
      terms: terms, statistic: 2 * data.totalWeight * (reduced.predictedObjective - predictedObjective),
      degreesOfFreedom: left.count, isPenalised: model.penalty > 0)
  }
}
