import LinearAlgebra

extension StructureSearch {
  /// What all penalties may be multiplied by; the last leaves nearly nothing but the intercept.
  private static let overallFactors = [1.0, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536]
  /// Gain in log-likelihood for each group of a feature's directions from which on nothing is judged: the marginal
  /// likelihood takes some tenths of noise for a gain in each group that says nothing, far less than that.
  private static let clearGain = 5.0
  /// Rows for each such group from which on nothing is judged: what such a gain costs is shared by so many rows that no
  /// more than a few ten-thousandths of log loss could be won.
  private static let ampleRows = 250.0

  /// Multiplies all penalties by what does best on held-out rows.
  ///
  /// Each penalty is the likeliest for its own group, and of many groups that say nothing some seem to say something. Where
  /// the terms gain little for their number, that may be all of it: so penalties are chosen anew from the rows outside of
  /// each fold, multiplied, and judged inside. Rows that show clearly what they say are not asked, nor are very many;
  /// nor rows of groups, which count for what they say together already (`GroupDependence`).
  mutating func chooseOverallPenalty(_ progress: (String) -> Void) throws(ChurnModelError) {
    if !holdsDirections, mayFollowNoise() {
      progress("strength of all penalties")
      overallFactor = try bestOverallFactor()
    }
    state.scalePenalties(by: overallFactor)
    clock.finish("strength of all penalties")
  }

  private mutating func mayFollowNoise() -> Bool {
    let parts = zip(layout.shapes, layout.groups).reduce(0) { $0 + ($1.0.isPair ? 0 : Double($1.1.count)) }
    guard groups == nil, rows.totalWeight < Self.ampleRows * parts else { return false }
    passes += 2
    return objective.look(startState()).loss - objective.look(state).loss < Self.clearGain * parts
  }

  private mutating func bestOverallFactor() throws(ChurnModelError) -> Double {
    var losses = Self.overallFactors.map { _ in 0.0 }
    for fold in 0..<PairSearch.folds {
      let inside = foldOfRow.indices.filter { foldOfRow[$0] != fold }
      let outside = foldOfRow.indices.filter { foldOfRow[$0] == fold }
      guard !outside.isEmpty, Set(inside.map { rows.outcomes[$0] }).count == 2 else { continue }
      var search = afresh(on: inside)
      search.startPenalties(0..<layout.groupCount)
      try search.choosePenalties(steps: options.penaltySteps)
      let heldOut = TermObjective(layout: layout, rows: placedRows(outside), parallel: options.parallel)
      let chosen = search.state.penalties
      for (index, factor) in Self.overallFactors.enumerated() {
        search.state.penalties = chosen
        search.state.scalePenalties(by: factor)
        var solver = TermSolver(search.objective, state: search.state)
        try solver.settle()
        search.state = solver.state
        losses[index] += heldOut.look(search.state).loss
        passes += solver.passes
      }
      passes += search.passes
    }
    let least = losses.min() ?? 0
    return zip(Self.overallFactors, losses).first { $0.1 == least }?.0 ?? 1
  }

  /// The same terms before any label was looked at, on some of the rows.
  private func afresh(on positions: [Int]) -> StructureSearch {
    var other = self
    other.rows = placedRows(positions)
    other.state = startState()
    other.passes = 0
    return other
  }

  private func placedRows(_ positions: [Int]) -> PlacedRows {
    PlacedRows(data, rows: positions.map { rows.rows[$0] }, layout: layout, parallel: options.parallel)
  }

  /// The intercept alone, with the terms' first penalties.
  private func startState() -> TermState {
    var start = Self.start(data)
    for shape in layout.shapes { start.append(shape, penalty: Self.startPenalty(shape)) }
    return start
  }
}
