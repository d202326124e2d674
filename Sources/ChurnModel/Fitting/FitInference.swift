import LinearAlgebra

/// What follows from a solution: errors of the coefficients and the proof that they are the optimum.
struct FitInference {
  let data: TrainingData
  let options: LogisticOptions
  let clusters: ClusterOrder?
  let design: Design
  let solution: NewtonSolver.Solution
  /// λⱼ, one a coefficient, the intercept's 0 first.
  private let penalties: [Double]
  private let inverse: Matrix
  private let sums: SandwichPass.Sums?

  /// Goes over the rows once more when robust or clustered errors are asked for.
  init(
    data: TrainingData, options: LogisticOptions, clusters: ClusterOrder?, design: Design,
    expansion: Expansion,
    solution: NewtonSolver.Solution
  ) {
    self.data = data
    self.options = options
    self.clusters = clusters
    self.design = design
    self.solution = solution
    inverse = solution.factor.inverse()
    penalties = design.penalties(data.features, options)
    guard options.robustErrors || clusters != nil else {
      sums = nil
      return
    }
    let pass = SandwichPass(expansion: expansion, data: data, penalties: penalties, clusters: clusters)
    sums = pass.run(solution.coefficients, parallel: options.parallel)
  }

  var information: CoefficientInformation {
    CoefficientInformation(
      factor: solution.factor, positions: Array(0..<inverse.rows), totalWeight: data.totalWeight)
  }

  func coefficients(_ model: LogisticModel, method: EstimationMethod = .likelihood) -> CoefficientTable {
    let covariances = Covariances(
      inverse: inverse, factor: solution.factor, totalWeight: data.totalWeight, sums: sums,
      clusters: clusters?.clusters)
    return CoefficientTable(
      model: model, covariances: covariances, varianceInflation: design.varianceInflation(),
      clusters: clusters?.clusters, method: method)
  }

  /// Trace of Ĥ⁻¹·(Ĥ − Λ).
  var effectiveParameters: Double {
    Double(inverse.rows) - penalties.indices.reduce(0) { $0 + penalties[$1] * inverse[$1, $1] }
  }

  /// - Parameters:
  ///   - greatest: the greatest magnitude of each column, the intercept's 1 first.
  ///   - evaluations: passes over all rows that evaluated the objective.
  func certificate(
    greatest: [Double], prepared: DesignPreparation, workspaces: Workspaces, evaluations: Int
  ) -> Certificate {
    // The survey, the bounds and the robust errors read rows without the workspaces.
    let boundsReadAll = data.rows <= options.boundRows
    return Certificate(
      value: solution.value, reciprocalCondition: solution.factor.reciprocalCondition, inverse: inverse,
      greatest: greatest, step: solution.factor.solve(solution.value.gradient),
      returnedGradientNorm: sums?.gradient.reduce(0) { max($0, $1.magnitude) },
      passes: Certificate.Passes(
        full: prepared.surveyPasses + (boundsReadAll ? 1 : 0) + workspaces.fullPasses + (sums == nil ? 0 : 1),
        evaluations: evaluations, sample: (boundsReadAll ? 0 : 1) + workspaces.samplePasses))
  }
}
