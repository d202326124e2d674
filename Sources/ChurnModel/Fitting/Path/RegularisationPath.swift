internal import Foundation
public import LinearAlgebra

/// Lasso, elastic net or ridge logistic regression for many strengths λ of the penalty.
///
/// With the design columns, weights w, offsets o and penalty factors f of `LogisticRegression`, the coefficients at λ
/// minimise
///
///     (1/Σw)·Σ wᵢ·(log(1 + exp ηᵢ) − yᵢ·ηᵢ) + λ·Σⱼ fⱼ·(α·|βⱼ| + (1 − α)/2·βⱼ²),   ηᵢ = oᵢ + β₀ + xᵢ·β
///
/// over standardised columns; the intercept is not penalised. λ and α are glmnet's `lambda` and `alpha` of
/// `glmnet(family = "binomial", standardize = TRUE)`, which scales weights to the same mean. glmnet also scales its
/// penalty factors to a mean of 1 over the columns; here they are taken as they are, so that its λ is λ·f̄ and its
/// factors f/f̄. With α = 0, λ is `LogisticOptions.penalty`. Columns and their standardisation come from all rows with a
/// weight.
///
/// **Which λ.** Unless they are given, `Options.count` values spaced evenly in log λ from the least λ at which every
/// penalised coefficient is 0 (for α < 0.001 that of α = 0.001) down to it times `Options.leastRatio`, as glmnet does; no
/// λ is left out at the end of the path.
///
/// **Stopping rule and certificate.** Every solution is evaluated on all rows, and accepted when no condition of Karush,
/// Kuhn and Tucker is violated by more than `Options.tolerance`: |∂ⱼ| for the intercept, |∂ⱼ + λfⱼ((1 − α)βⱼ ± α)| for
/// βⱼ ≠ 0, max(|∂ⱼ| − λfⱼα, 0) for βⱼ = 0, ∂ the gradient of the first term. The violation of each solution is kept. With
/// more than 50,000 rows, unless the tolerance is below its default, it is measured as a change from a point nearby that was
/// evaluated in double precision, and the change in single precision: it is off by less than 4e-9 then, mostly by less than
/// 1e-9 (`KeptRows`). The same bits come out for any number of threads.
///
/// The method stands at `PathSolver`, `PathProblem` and `CoordinateDescent`.
public struct RegularisationPath: Sendable {
  /// How a path is chosen and solved.
  public struct Options: Sendable {
    /// α in 0...1: 1 is the lasso, 0 the ridge. Default 1.
    public var mixing = 1.0
    /// λ > 0 in any order; nil chooses them. Default nil.
    public var penalties: [Double]?
    /// Number of λ when they are chosen; at least 1. Default 100.
    public var count = 100
    /// Least over greatest λ when they are chosen, above 0 and below 1. Default nil: 1e-4 with more rows than columns,
    /// else 1e-2.
    public var leastRatio: Double?
    /// Greatest violation of the optimality conditions; greater than 0. Default 1e-8.
    public var tolerance = 1e-8
    /// Most evaluations of one λ before the path fails; at least 1. Default 200.
    public var maximumEvaluations = 200

    public init() {}

    func check() throws(ChurnModelError) {
      func require(_ holds: Bool, _ what: String) throws(ChurnModelError) {
        guard holds else {
          throw ChurnModelError(.invalidOption, "path option \(what); choose a value in that range")
        }
      }
      try require((0...1).contains(mixing), "mixing must be in 0...1")
      try require(count >= 1, "count must be at least 1")
      try require(leastRatio.map { $0 > 0 && $0 < 1 } ?? true, "leastRatio must be above 0 and below 1")
      try require(tolerance > 0, "tolerance must be greater than 0")
      try require(maximumEvaluations >= 1, "maximumEvaluations must be at least 1")
      guard let penalties else { return }
      try require(!penalties.isEmpty, "penalties must name one value at least")
      try require(
        penalties.allSatisfy { $0 > 0 && $0.isFinite }, "penalties must be finite and greater than 0")
    }
  }

  /// The solution at one λ.
  public struct Point: Sendable, Equatable {
    /// λ.
    public let penalty: Double
    /// Margin of the average row.
    public let intercept: Double
    /// One a design column, log-odds per standard deviation.
    public let coefficients: [Double]
    /// Weighted mean log loss of the training rows.
    public let logLoss: Double
    /// Log loss plus penalty.
    public let objective: Double
    /// Greatest violation of the optimality conditions, measured at these coefficients on all rows: the certificate.
    public let violation: Double
    /// Passes over all rows that evaluated this λ.
    public let evaluations: Int

    /// Number of coefficients that are not 0.
    public var nonzero: Int { coefficients.count { $0 != 0 } }
  }

  /// The solutions, λ falling.
  public let points: [Point]
  /// α.
  public let mixing: Double
  /// Names of the design columns.
  public var columns: [String] { design.columns.map(\.name) }
  /// Columns that the fits do without, and why.
  public let dropped: [DroppedFeature]
  /// Log loss of an intercept alone.
  public let nullLogLoss: Double
  /// Passes over all rows that evaluated solutions.
  public let passes: Int
  /// How long each phase took.
  public let phases: [LogisticFit.Phase]
  let design: Design
  private let data: TrainingSummary
  private let features: [FeatureColumn]

  /// −2 × log-likelihood of a solution, without penalty.
  public func deviance(_ index: Int) -> Double { 2 * data.totalWeight * points[index].logLoss }

  /// Share of the null deviance that the solution explains, as glmnet's `dev.ratio`.
  public func devianceRatio(_ index: Int) -> Double { 1 - points[index].logLoss / nullLogLoss }

  /// Fits a path.
  ///
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN where a value is missing.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 each. A weight of 0 leaves the row out.
  ///   - offsets: one a row, added to its margin; nil for 0 each.
  ///   - options: how columns are made, penalty factors and threads; its penalty and tolerance are not used.
  ///   - path: α, λ and tolerance.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  /// - Complexity: O(rows × columns × λ) a round, of which there are about four (two, and two more with a third of the λ,
  ///   without an L1 penalty), and O(rows × columns²) for each of some twelve Gram matrices.
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, options: LogisticOptions = LogisticOptions(), path: Options = Options()
  ) throws(ChurnModelError) -> RegularisationPath {
    var preparation = try PathPreparation(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      options: options, path: path)
    return try fit(&preparation)
  }

  static func fit(_ preparation: inout PathPreparation) throws(ChurnModelError) -> RegularisationPath {
    let solver = preparation.solver(GroupedRows(data: preparation.data))
    let solved = try solver.solve()
    preparation.clock.finish("path")
    return try RegularisationPath(solved.problem, preparation, passes: solver.pass.passes)
  }

  init(_ problem: PathProblem, _ preparation: PathPreparation, passes: Int) throws(ChurnModelError) {
    let null = try NullFit(preparation.data, preparation.options)
    points = zip(problem.penalties, problem.states).map { penalty, state in
      Point(
        penalty: penalty, intercept: state.coefficients[0],
        coefficients: Array(state.coefficients.dropFirst()), logLoss: state.accepted?.logLoss ?? .nan,
        objective: state.accepted?.objective ?? .nan, violation: state.accepted?.violation ?? .nan,
        evaluations: state.evaluations)
    }
    mixing = preparation.path.mixing
    dropped = preparation.dropped
    nullLogLoss = null.logLoss
    self.passes = passes
    phases = preparation.clock.phases
    design = preparation.design
    features = preparation.data.features
    data = TrainingSummary(
      rows: preparation.data.rowsUsed, positives: preparation.data.positives,
      totalWeight: preparation.data.totalWeight, logLoss: null.logLoss, nullLogLoss: null.logLoss,
      objective: null.logLoss, gradientNorm: 0, iterations: 0)
  }

  /// Key of α among the metadata of a model whose penalty is not a ridge alone.
  public static let mixingKey = "penalty_mixing"

  /// The model at one λ, to score and to explain with; columns whose coefficient is 0 stay in it.
  ///
  /// - Throws: `ChurnModelError` when the parts of the model contradict each other.
  public func model(
    at index: Int, metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticModel {
    let point = points[index]
    var metadata = metadata
    if mixing > 0 { metadata[Self.mixingKey] = "\(mixing)" }
    return try LogisticModel(
      features: features,
      columns: zip(design.columns, point.coefficients).map { column, coefficient in
        var column = column
        column.coefficient = coefficient
        return column
      },
      intercept: point.intercept, penalty: point.penalty,
      training: TrainingSummary(
        rows: data.rows, positives: data.positives, totalWeight: data.totalWeight, logLoss: point.logLoss,
        nullLogLoss: nullLogLoss, objective: point.objective, gradientNorm: point.violation,
        iterations: point.evaluations),
      dropped: dropped, metadata: metadata)
  }
}
