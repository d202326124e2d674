import LinearAlgebra

/// What follows from an elastic-net solution: errors given the columns and signs chosen, and the certificate.
struct ElasticNetInference {
  /// The design of the chosen columns, with their coefficients.
  let design: Design
  private let preparation: PathPreparation
  private let clusters: ClusterOrder?
  /// The objective at the solution, its gradient the subgradient nearest to 0.
  private let value: ObjectiveValue
  private let terms: PenaltyTerms
  /// Positions of the coefficients that are not 0, intercept first.
  private let active: [Int]
  private let factor: Cholesky
  private let inverse: Matrix
  private let sums: SandwichPass.Sums?

  /// Share of the greatest diagonal element that is added where the chosen columns depend on each other.
  private static let shift = 1e-10

  /// Goes over the rows once, and once more when clustered errors are asked for.
  ///
  /// - Throws: `ChurnModelError` (`dependentColumns`) when the chosen coefficients are not determined at all.
  init(
    _ preparation: PathPreparation, _ selection: PenaltySelection, clusters: ClusterOrder?
  ) throws(ChurnModelError) {
    self.preparation = preparation
    self.clusters = clusters
    let (data, options, whole) = (preparation.data, preparation.options, preparation.design)
    let point = selection.point
    let coefficients = [point.intercept] + point.coefficients
    let terms = PenaltyTerms(
      penalty: point.penalty, mixing: selection.path.mixing,
      factors: whole.penaltyFactors(data.features, options))
    self.terms = terms
    let smooth = ObjectivePass(
      expansion: Expansion(features: data.features, columns: whole.columns),
      data: data, penalties: terms.squared
    ).evaluate(coefficients, preparation.workspaces)
    value = ObjectiveValue(
      objective: point.objective, logLoss: smooth.logLoss,
      gradient: terms.nearestSubgradient(smooth.gradient, coefficients), hessian: smooth.hessian)
    let active = coefficients.indices.filter { $0 == 0 || coefficients[$0] != 0 }
    self.active = active
    let columns = active.dropFirst().map { $0 - 1 }
    let kept = whole.keeping(columns)
    design = Design(
      columns: zip(kept.columns, columns).map { column, position in
        var column = column
        column.coefficient = point.coefficients[position]
        return column
      }, correlations: kept.correlations)
    guard let factor = Self.factor(smooth.hessian.principal(active)) else {
      throw Undetermined(kept).singular(value)
    }
    self.factor = factor
    inverse = factor.inverse()
    guard clusters != nil || options.robustErrors else {
      sums = nil
      return
    }
    // Penalties whose products with the coefficients are the penalty's slopes.
    let slopes = active.map { index in
      index == 0 ? 0 : terms.squared[index] + terms.absolute[index] / coefficients[index].magnitude
    }
    let pass = SandwichPass(
      expansion: Expansion(features: data.features, columns: design.columns), data: data, penalties: slopes,
      clusters: clusters)
    sums = pass.run(active.map { coefficients[$0] }, parallel: options.parallel)
  }

  private static func factor(_ hessian: Matrix) -> Cholesky? {
    if let factor = try? Cholesky(hessian), factor.reciprocalCondition > Double.ulpOfOne { return factor }
    let greatest = (0..<hessian.rows).reduce(0) { max($0, hessian[$1, $1]) }
    var shifted = hessian
    for index in 0..<hessian.rows { shifted[index, index] += shift * greatest }
    return try? Cholesky(shifted)
  }

  /// Given the columns and signs chosen.
  var information: CoefficientInformation {
    CoefficientInformation(
      factor: factor, positions: Array(active.indices), totalWeight: preparation.data.totalWeight)
  }

  /// - Parameter model: of the chosen columns.
  func coefficients(_ model: LogisticModel) -> CoefficientTable {
    CoefficientTable(
      model: model,
      covariances: Covariances(
        inverse: inverse, factor: factor, totalWeight: preparation.data.totalWeight, sums: sums,
        clusters: clusters?.clusters),
      varianceInflation: design.varianceInflation(), clusters: clusters?.clusters, method: .elasticNet)
  }

  /// Trace of Ĥ⁻¹·(Ĥ − B) over the chosen coefficients, B the Hessian of the penalty: for the lasso their number and the
  /// intercept (Zou, Hastie and Tibshirani 2007, Annals of Statistics 35).
  var effectiveParameters: Double {
    Double(active.count) - active.indices.reduce(0) { $0 + terms.squared[active[$1]] * inverse[$1, $1] }
  }

  /// - Parameter passes: over all rows that the path took.
  func certificate(passes: Int) -> Certificate {
    let (data, options) = (preparation.data, preparation.options)
    let boundsReadAll = data.rows <= options.boundRows
    // The survey, the bounds, the path and the clustered errors read rows without the workspaces.
    let workspaces = preparation.workspaces
    let counted = Certificate.Passes(
      full: 1 + (boundsReadAll ? 1 : 0) + workspaces.fullPasses + passes + (sums == nil ? 0 : 1),
      evaluations: passes + 1, sample: (boundsReadAll ? 0 : 1) + workspaces.samplePasses)
    let greatest =
      [1]
      + preparation.design.columns.map {
        $0.greatestMagnitude(
          kind: data.features[$0.feature].kind, summary: preparation.summaries[$0.feature])
      }
    guard let whole = try? Cholesky(value.hessian), whole.reciprocalCondition > Double.ulpOfOne else {
      // Columns depend on each other: nothing is proven beyond the chosen ones.
      return Certificate(
        unproven: value, among: active, reciprocalCondition: factor.reciprocalCondition, inverse: inverse,
        passes: counted)
    }
    return Certificate(
      value: value, reciprocalCondition: whole.reciprocalCondition, inverse: whole.inverse(),
      greatest: greatest, returnedGradientNorm: value.gradientNorm, passes: counted, isLastStepMade: false)
  }
}

extension PenaltyTerms {
  /// The element of the objective's subdifferential that is nearest to 0.
  ///
  /// - Parameter gradient: of the objective without the absolute values.
  fileprivate func nearestSubgradient(_ gradient: [Double], _ coefficients: [Double]) -> [Double] {
    gradient.indices.map { index in
      let slope = gradient[index]
      if coefficients[index] != 0 {
        return slope + (coefficients[index] < 0 ? -absolute[index] : absolute[index])
      }
      let rest = max(slope.magnitude - absolute[index], 0)
      return slope < 0 ? -rest : rest
    }
  }
}
