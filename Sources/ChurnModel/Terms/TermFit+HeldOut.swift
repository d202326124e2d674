internal import CVectorLoops
package import LinearAlgebra

extension TermFit {
  /// Margins of rows by coefficients that have not seen them, for judging and calibrating.
  ///
  /// Knots, pairs and penalties stay as they were found; the coefficients are fitted anew to all other folds, from those of
  /// the whole on. That takes a few Newton steps a fold instead of a search for penalties and pairs.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - folds: one a row.
  /// - Throws: `ChurnModelError`, such as when the other folds of one hold one class only.
  /// - Complexity: O(folds × steps × rows × terms²)
  package func heldOutMargins(
    values: Matrix, labels: [Bool], weights: [Double]?, folds: [Int], options: TermOptions
  ) throws(ChurnModelError) -> [Double] {
    guard let solution else { preconditionFailure("the solution was dropped") }
    let data = try TrainingData(features: model.features, values: values, labels: labels, weights: weights)
    var margins = [Double](repeating: 0, count: data.rows)
    for fold in Set(folds).sorted() {
      let inside = (0..<data.rows).filter { folds[$0] != fold && data.weights[$0] > 0 }.map(Int32.init)
      let outside = (0..<data.rows).filter { folds[$0] == fold }.map(Int32.init)
      guard Set(inside.map { data.outcomes[Int($0)] }).count == 2 else {
        throw ChurnModelError(
          .oneClass, "the rows outside of a fold are of one class, so nothing can be learned from them")
      }
      let own =
        try levels?.replaced(data, folds: folds, heldOut: fold, parallel: options.parallel) ?? data
      let state = try solution.state(
        fittedTo: solution.objective(own, rows: inside, options),
        tolerance: max(options.tolerance, Self.heldOutTolerance), maximumIterations: options.maximumIterations
      )
      let found = solution.objective(own, rows: outside, options).margins(state)
      for (position, row) in outside.enumerated() { margins[Int(row)] = found[position] }
    }
    return margins
  }

  /// Held-out margins need few digits: what the folds' rows leave open is far greater.
  private static let heldOutTolerance = 1e-6
}

extension TermSolution {
  /// The optimum for other rows with the same penalties and directions.
  fileprivate func state(
    fittedTo objective: TermObjective, tolerance: Double, maximumIterations: Int
  ) throws(ChurnModelError) -> TermState {
    guard factor == nil else {
      var solver = TermSolver(objective, state: state)
      return try solver.converge(tolerance: tolerance, maximumIterations: maximumIterations).state
    }
    var solver = try DirectedTermSolver(objective, state: state)
    return try solver.converge(tolerance: tolerance, maximumIterations: maximumIterations).state
  }

  fileprivate func objective(_ data: TrainingData, rows: [Int32], _ options: TermOptions) -> TermObjective {
    var placed = PlacedRows(data, rows: rows, layout: layout, parallel: options.parallel)
    placed.scaleWeights(by: power)
    return TermObjective(layout: layout, rows: placed, parallel: options.parallel)
  }
}

extension TermObjective {
  /// The margin of every row.
  fileprivate func margins(_ state: TermState) -> [Double] {
    var margins = [Double](repeating: state.intercept, count: rows.count)
    for (term, shape) in layout.shapes.enumerated() {
      let values = shape.values(state.coefficients[layout.columns[term]])
      withUnsafePointer(to: rows.termRows(term, shape)) {
        term_add_margins($0, values, 0, rows.count, &margins)
      }
    }
    return margins
  }
}
