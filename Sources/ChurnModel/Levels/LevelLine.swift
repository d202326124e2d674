/// The straight term of numbers that stand for levels, on its way back to levels.
struct LevelLine {
  private let scale: TermScale
  /// What the term adds where the effect is 0, which is where what training never showed lies.
  let start: Double
  /// What it adds for an effect of 1.
  private let slope: Double

  /// - Parameter values: at the nodes of the scale.
  init(_ scale: TermScale, values: [Double]) {
    guard case .knots(let knots) = scale.nodes else {
      preconditionFailure("numbers that stand for levels have knots")
    }
    self.scale = scale
    let last = knots.count - 1
    slope = (values[last] - values[0]) / (knots[last] - knots[0])
    start = values[0] - slope * knots[0]
  }

  /// What a node of the line's scale, or a point between two, has of some values at the nodes.
  private func value(_ values: (_ node: Int) -> Double, at effect: Double) -> Double {
    let place = scale.place(effect)
    return (1 - place.share) * values(place.node) + place.share * values(place.node + 1)
  }

  /// Variance of what a level adds when the line is known.
  private func variance(_ effects: LevelEffects, _ node: Int) -> Double {
    slope * slope / (effects.information[node] + effects.penalty)
  }

  /// The term of the levels themselves. Their errors are those of effects and line together.
  ///
  /// - Parameter term: that of the numbers.
  func term(_ effects: LevelEffects, from term: TermModel.Term) -> TermModel.Term {
    var values = effects.values.map { slope * $0 }
    var errors = effects.values.enumerated().map { node, effect in
      let ofLine = value({ term.errors[$0] }, at: effect)
      return (ofLine * ofLine + variance(effects, node)).squareRoot()
    }
    if let missing = scale.missingNode {
      values.append(term.values[missing] - start)
      errors.append(term.errors[missing])
    }
    return TermModel.Term(
      name: term.name, features: term.features,
      scales: [TermScale(nodes: effects.scale.nodes, hasMissing: scale.hasMissing)],
      values: values + [0], errors: errors + [0],
      effectiveParameters: term.effectiveParameters + effects.effectiveParameters, importance: term.importance
    )
  }

  /// The directions of the line at the nodes of the levels, and what each level varies by itself.
  func directions(_ name: String, _ effects: LevelEffects, _ basis: TermBasis) -> TermDirections {
    func row(_ effect: Double) -> [Double] {
      (0..<basis.columns).map { column in value({ basis.values[$0 * basis.columns + column] }, at: effect) }
    }
    var rows = effects.values.map(row)
    var variances = effects.values.indices.map { variance(effects, $0) }
    if let missing = scale.missingNode {
      rows.append(Array(basis.values[missing * basis.columns..<(missing + 1) * basis.columns]))
      variances.append(0)
    }
    // Of a level that training never showed is known only how much levels vary.
    rows.append(row(0))
    variances.append(slope * slope / effects.penalty)
    return TermDirections(
      name: name,
      axes: [TermDirections.Axis(nodes: rows.count, columns: basis.columns, values: rows.flatMap(\.self))],
      variances: variances)
  }
}
