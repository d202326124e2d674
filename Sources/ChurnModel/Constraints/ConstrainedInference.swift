import LinearAlgebra

/// What follows from an optimum within bounds: errors given that the held coefficients stay held, and the certificate.
struct ConstrainedInference {
  private let prepared: FitPreparation
  private let solution: BoundedNewton.Solution
  /// Positions of the coefficients that no bound holds, intercept first.
  private let free: [Int]
  private let factor: Cholesky
  private let inverse: Matrix
  private let sums: SandwichPass.Sums?

  /// - Parameter value: the objective at the solution's point.
  /// - Throws: `ChurnModelError` when the free coefficients are not determined.
  init(
    _ prepared: FitPreparation, value: ObjectiveValue, solution: BoundedNewton.Solution
  ) throws(ChurnModelError) {
    self.prepared = prepared
    self.solution = solution
    free = solution.held.indices.filter { solution.held[$0] == nil }
    do {
      factor = try Cholesky(value.hessian.principal(free))
    } catch {
      throw Undetermined(prepared.design).singular(value)
    }
    inverse = factor.inverse()
    guard prepared.options.robustErrors || prepared.clusters != nil else {
      sums = nil
      return
    }
    let pass = SandwichPass(
      expansion: prepared.expansion, data: prepared.data, penalties: prepared.penalties,
      clusters: prepared.clusters)
    sums = pass.run(solution.point, parallel: prepared.options.parallel)
  }

  /// Among the coefficients that no bound holds.
  var information: CoefficientInformation {
    CoefficientInformation(factor: factor, positions: free, totalWeight: prepared.data.totalWeight)
  }

  func coefficients(_ model: LogisticModel) -> CoefficientTable {
    let restricted = Covariances(
      inverse: inverse, factor: factor, totalWeight: prepared.data.totalWeight,
      sums: sums.map { sums in
        SandwichPass.Sums(
          gradient: free.map { sums.gradient[$0] }, robust: sums.robust.principal(free),
          clustered: sums.clustered?.principal(free))
      }, clusters: prepared.clusters?.clusters)
    let held = solution.held.indices.filter { solution.held[$0] != nil }.map { $0 - 1 }
    return CoefficientTable(
      model: model, covariances: restricted.embedded(at: free, order: solution.point.count),
      varianceInflation: prepared.design.varianceInflation(), clusters: prepared.clusters?.clusters,
      method: .bounded, held: Set(held))
  }

  /// Trace of Ĥ⁻¹·(Ĥ − λI₊) over the free coefficients.
  var effectiveParameters: Double {
    let penalties = prepared.penalties
    return Double(free.count) - free.indices.reduce(0) { $0 + penalties[free[$1]] * inverse[$1, $1] }
  }

  /// - Parameters:
  ///   - evaluations: passes over all rows that the solver made.
  ///   - stationarity: of the returned coefficients.
  func certificate(evaluations: Int, stationarity: Double) throws(ChurnModelError) -> Certificate {
    let last = solution.lastValue
    let value = ObjectiveValue(
      objective: last.objective, logLoss: last.objective, gradient: solution.projectedGradient,
      hessian: last.hessian)
    guard let whole = try? Cholesky(last.hessian) else {
      throw Undetermined(prepared.design).singular(value)
    }
    return Certificate(
      value: value, reciprocalCondition: whole.reciprocalCondition, inverse: whole.inverse(),
      greatest: prepared.greatestMagnitudes, returnedGradientNorm: stationarity,
      passes: prepared.passes(evaluations: evaluations, others: sums == nil ? 0 : 1))
  }
}

extension Covariances {
  /// The same among further coefficients that do not vary.
  ///
  /// - Parameter positions: of these coefficients, ascending.
  fileprivate func embedded(at positions: [Int], order: Int) -> Covariances {
    func embedded(_ matrix: Matrix) -> Matrix {
      Matrix(rows: order, columns: order) { elements in
        elements.update(repeating: 0)
        for (row, first) in positions.enumerated() {
          for (column, second) in positions.enumerated() {
            elements[first * order + second] = matrix[row, column]
          }
        }
      }
    }
    return Covariances(
      modelBased: embedded(modelBased), robust: robust.map(embedded), clustered: clustered.map(embedded))
  }
}
