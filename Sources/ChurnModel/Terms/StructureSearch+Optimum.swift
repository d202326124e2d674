import LinearAlgebra

extension StructureSearch {
  /// The exact optimum on all rows; nil when it does not keep the directions that it is not held to.
  mutating func finish(metadata: [String: String]) throws(ChurnModelError) -> TermFit? {
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    if used.count != rows.count {
      rows = PlacedRows(data, rows: used, layout: layout, parallel: options.parallel)
      _ = weighGroups()
    }
    let objective = objective
    let optimum = try optimum(objective)
    clock.finish("coefficients")
    guard holdsDirections || keepsDirections(optimum.state) else { return nil }
    let report = TermReport(
      data: data, objective: objective, optimum: optimum, samplePasses: passes,
      isSampled: used.count != foldOfRow.count)
    let terms = report.terms()
    let dropped = candidates.dropped + report.constants(terms)
    let model = try TermModel(
      features: data.features, intercept: optimum.state.intercept, terms: terms, training: report.training,
      dropped: dropped + idle(terms, except: dropped), metadata: metadata)
    let certificate = report.certificate
    clock.finish("errors")
    // Of some pairs nothing is left with the last penalties.
    let left = Set(terms.map(\.name))
    return TermFit(
      model: model, certificate: certificate,
      pairs: pairs.map { (name($0), $0.gain) }.filter { left.contains($0.0) }, phases: clock.phases,
      directions: report.conditions ?? keptConditions(objective, optimum),
      solution: TermSolution(
        layout: layout, state: optimum.state, active: optimum.active, power: rows.power,
        factor: optimum.directed == nil ? optimum.factor : nil))
  }

  /// Features whose terms the penalties leave nothing of.
  private func idle(_ terms: [TermModel.Term], except dropped: [DroppedFeature]) -> [DroppedFeature] {
    let named = Set(dropped.map(\.feature))
    let used = Set(terms.flatMap(\.features))
    return data.features.enumerated().compactMap { index, feature in
      guard feature.kind != .unused, !used.contains(index), !named.contains(feature.name) else { return nil }
      return DroppedFeature(
        feature: feature.name, column: feature.name,
        reason: "these rows do not show that it tells anything beside the other columns")
    }
  }

  func optimum(_ objective: TermObjective) throws(ChurnModelError) -> TermSolver.Optimum {
    if holdsDirections {
      var solver = try DirectedTermSolver(objective, state: state)
      return try solver.converge(
        tolerance: options.tolerance, maximumIterations: options.maximumIterations)
    }
    var solver = TermSolver(objective, state: state)
    return try solver.converge(tolerance: options.tolerance, maximumIterations: options.maximumIterations)
  }

  func keepsDirections(_ state: TermState) -> Bool {
    layout.shapes.indices.allSatisfy { term in
      let shape = layout.shapes[term]
      guard let steps = shape.steps else { return true }
      return steps.admits(
        shape.values(state.coefficients[layout.columns[term]]).prefix(shape.axes[0].scale.valueNodes))
    }
  }

  /// The conditions of an optimum that keeps all directions by itself; nil when there are none.
  func keptConditions(
    _ objective: TermObjective, _ optimum: TermSolver.Optimum
  ) -> DirectionConditions? {
    guard layout.shapes.contains(where: { $0.steps != nil }) else { return nil }
    let gradient = objective.gradient(
      objective.look(optimum.state), optimum.state, active: optimum.active)
    return DirectionConditions(
      kept: layout, gradient: gradient.map { $0 / objective.rows.totalWeight },
      name: { data.features[$0].name })
  }
}
