import LinearAlgebra
import Statistics

/// Coefficients with standard errors: model-based, and on request robust and clustered.
///
/// - Model-based: the covariance is the inverse of the objective's Hessian at the optimum over Σw. Without a penalty
///   these are the standard errors of the classical model; with a penalty they are those of the penalised estimate (the
///   Gaussian approximation of the posterior whose prior the penalty is).
/// - Robust (`LogisticOptions.robustErrors`): HC0, right for the probabilities' own variance even where the model is
///   wrong. Clustered (`clusters` of the fit): rows of one customer may depend on each other; G clusters, factor
///   G/(G − 1). The formulas stand at `SandwichPass`. With a penalty both describe how the penalised estimate varies
///   around the coefficients that it aims at, not their distance to unpenalised ones: intervals and tests are then about
///   the shrunk coefficients.
///
/// - Firth's estimates (`FirthRegression`): model-based errors are those of the information without Firth's term, at the
///   estimates (Heinze and Schemper 2002, section 2); robust and clustered ones take each row's ordinary score there.
/// - Coefficients within bounds (`ConstrainedRegression`): errors are those given that the held coefficients stay held.
/// - Elastic nets (`ElasticNetRegression`): errors are those given the columns and signs that the penalty chose. Choosing
///   looked at the same labels, so p values and intervals by these errors would promise too much: see `areTested`.
///
/// Weights count as repeated rows. The Hessian is the one of the solver's last evaluation, before its last step: errors
/// are exact to about the length of that step, 1e-7 of their value or better with the standard tolerance, and 1e-5 or
/// better for more than 50,000 rows, where the solver stops one evaluation earlier.
public struct CoefficientTable: Codable, Sendable, Equatable {
  /// Under which assumptions an error is measured.
  public enum ErrorKind: String, Codable, Sendable, CaseIterable {
    case modelBased, robust, clustered
  }

  /// One coefficient.
  public struct Row: Codable, Sendable, Equatable {
    /// Name of the design column, or `(intercept)`.
    public let name: String
    /// Log-odds per unit of the transformed but unstandardised value.
    public let estimate: Double
    /// Model-based standard error of `estimate`.
    public let standardError: Double
    /// `estimate` in standard errors.
    public let z: Double
    /// Two-sided p value of no effect, by Wald's test.
    public let pValue: Double
    /// Log-odds per standard deviation; the intercept's is the margin of the average training row.
    public let standardisedEstimate: Double
    /// Standard error of `standardisedEstimate`.
    public let standardisedError: Double
    /// Robust standard error of `estimate`; nil when not asked for.
    public let robustError: Double?
    /// Clustered standard error of `estimate`; nil without clusters.
    public let clusteredError: Double?
    /// How many times the other columns enlarge the variance of a linear regression's coefficient: 1/(1 − R²) of the
    /// column on all others, rows weighted by their weights only; nil for the intercept and for columns that depend
    /// on each other.
    public let varianceInflation: Double?
    /// Whether a bound holds the coefficient: its errors and z are 0 then, its p value 1, for nothing was estimated.
    public let isHeld: Bool
  }

  /// The intercept first, then the design columns in their order.
  public let rows: [Row]
  /// Ridge penalty λ of the fit: above 0, all errors are those of shrunk coefficients.
  public let penalty: Double
  /// Number of clusters with a weight; nil without clusters.
  public let clusters: Int?
  /// How the coefficients were estimated.
  public let method: EstimationMethod

  /// Whether p values and intervals mean what they say: not where the same labels chose the columns.
  public var areTested: Bool { method != .elasticNet }

  /// The row of a column by its name.
  public subscript(name: String) -> Row? { rows.first { $0.name == name } }

  /// - Parameters:
  ///   - covariances: in standardised units, intercept first.
  ///   - varianceInflation: one a design column.
  ///   - held: positions of the design columns whose coefficients are held by a bound.
  init(
    model: LogisticModel, covariances: Covariances, varianceInflation: [Double?], clusters: Int?,
    method: EstimationMethod = .likelihood, held: Set<Int> = []
  ) {
    let modelBased = OriginalErrors(covariances.modelBased, model)
    let robust = covariances.robust.map { OriginalErrors($0, model) }
    let clustered = covariances.clustered.map { OriginalErrors($0, model) }
    // Original intercept = standardised intercept − Σ coefficient·mean/scale.
    var originalIntercept = model.intercept
    for column in model.columns { originalIntercept -= column.coefficient * column.mean / column.scale }
    let names = ["(intercept)"] + model.columns.map(\.name)
    let estimates = [originalIntercept] + model.columns.map { $0.coefficient / $0.scale }
    let standardised = [model.intercept] + model.columns.map(\.coefficient)
    let inflation = [nil] + varianceInflation
    rows = names.indices.map { index in
      let isHeld = held.contains(index - 1)
      let z = isHeld ? 0 : estimates[index] / modelBased.errors[index]
      return Row(
        name: names[index], estimate: estimates[index], standardError: modelBased.errors[index], z: z,
        pValue: NormalDistribution.twoSidedPValue(z), standardisedEstimate: standardised[index],
        standardisedError: covariances.modelBased[index, index].squareRoot(),
        robustError: robust?.errors[index], clusteredError: clustered?.errors[index],
        varianceInflation: inflation[index], isHeld: isHeld)
    }
    penalty = model.penalty
    self.clusters = clusters
    self.method = method
  }
}

/// Standard errors in original units from a covariance in standardised ones.
private struct OriginalErrors {
  /// Intercept first.
  let errors: [Double]

  init(_ covariance: Matrix, _ model: LogisticModel) {
    let columns = model.columns
    let shifts = [1] + columns.map { -$0.mean / $0.scale }
    var interceptVariance = 0.0
    for row in shifts.indices {
      var inner = 0.0
      for column in shifts.indices { inner += covariance[row, column] * shifts[column] }
      interceptVariance += shifts[row] * inner
    }
    errors =
      [max(interceptVariance, 0).squareRoot()]
      + columns.enumerated().map { position, column in
        max(covariance[position + 1, position + 1], 0).squareRoot() / column.scale
      }
  }
}
