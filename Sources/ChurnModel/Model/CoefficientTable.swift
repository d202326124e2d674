import LinearAlgebra
import Statistics

/// Coefficients with model-based standard errors.
///
/// The covariance is the inverse of the objective's Hessian at the optimum over Σw. Without a penalty these are the
/// standard errors of the classical model; with a penalty they are those of the penalised estimate (the Gaussian
/// approximation of the posterior whose prior the penalty is). Weights count as repeated rows.
public struct CoefficientTable: Codable, Sendable, Equatable {
  /// One coefficient.
  public struct Row: Codable, Sendable, Equatable {
    /// Name of the design column, or `(intercept)`.
    public let name: String
    /// Log-odds per unit of the transformed but unstandardised value.
    public let estimate: Double
    /// Standard error of `estimate`.
    public let standardError: Double
    /// `estimate` in standard errors.
    public let z: Double
    /// Two-sided p value of no effect.
    public let pValue: Double
    /// Log-odds per standard deviation; the intercept's is the margin of the average training row.
    public let standardisedEstimate: Double
    /// Standard error of `standardisedEstimate`.
    public let standardisedError: Double
  }

  /// The intercept first, then the design columns in their order.
  public let rows: [Row]

  /// The row of a column by its name.
  public subscript(name: String) -> Row? { rows.first { $0.name == name } }

  /// - Parameters:
  ///   - covariance: inverse Hessian of the objective in standardised units, intercept first.
  ///   - totalWeight: Σw.
  init(model: LogisticModel, covariance: Matrix, totalWeight: Double) {
    let columns = model.columns
    // Original intercept = standardised intercept − Σ coefficient·mean/scale.
    let shifts = [1] + columns.map { -$0.mean / $0.scale }
    var originalIntercept = model.intercept
    for column in columns { originalIntercept -= column.coefficient * column.mean / column.scale }
    var interceptVariance = 0.0
    for row in shifts.indices {
      var inner = 0.0
      for column in shifts.indices { inner += covariance[row, column] * shifts[column] }
      interceptVariance += shifts[row] * inner
    }
    let error = { (position: Int) in (covariance[position, position] / totalWeight).squareRoot() }
    var rows = [
      Row(
        name: "(intercept)", estimate: originalIntercept,
        standardError: (max(interceptVariance, 0) / totalWeight).squareRoot(),
        standardisedEstimate: model.intercept, standardisedError: error(0))
    ]
    for (position, column) in columns.enumerated() {
      rows.append(
        Row(
          name: column.name, estimate: column.coefficient / column.scale,
          standardError: error(position + 1) / column.scale, standardisedEstimate: column.coefficient,
          standardisedError: error(position + 1)))
    }
    self.rows = rows
  }
}

extension CoefficientTable.Row {
  fileprivate init(
    name: String, estimate: Double, standardError: Double, standardisedEstimate: Double,
    standardisedError: Double
  ) {
    self.name = name
    self.estimate = estimate
    self.standardError = standardError
    self.z = estimate / standardError
    self.pValue = NormalDistribution.twoSidedPValue(estimate / standardError)
    self.standardisedEstimate = standardisedEstimate
    self.standardisedError = standardisedError
  }
}
