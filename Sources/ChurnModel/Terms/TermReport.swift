internal import CVectorLoops
internal import Foundation
import LinearAlgebra

/// What follows from the optimum of a sum of terms: the terms' values with errors, and the proof.
struct TermReport {
  let data: TrainingData
  let objective: TermObjective
  let optimum: TermSolver.Optimum
  /// Looks at the rows that penalties and pairs were chosen from.
  let samplePasses: Int
  let isSampled: Bool
  private let inverse: Matrix

  init(
    data: TrainingData, objective: TermObjective, optimum: TermSolver.Optimum, samplePasses: Int,
    isSampled: Bool
  ) {
    self.data = data
    self.objective = objective
    self.optimum = optimum
    self.samplePasses = samplePasses
    self.isSampled = isSampled
    inverse = optimum.directed?.covariance ?? optimum.factor.inverse()
  }

  private var layout: TermLayout { objective.layout }
  private var totalWeight: Double { objective.rows.totalWeight }

  /// The terms that are left, the most important first.
  func terms() -> [TermModel.Term] {
    let position = layout.positions(of: optimum.active)
    var terms: [TermModel.Term] = []
    for term in layout.shapes.indices where layout.columns[term].contains(where: { position[$0] >= 0 }) {
      let found = self.term(term, position)
      // A curve that its direction leaves nothing but a constant is no term.
      if layout.shapes[term].steps == nil || found.values.contains(where: { $0 != 0 }) { terms.append(found) }
    }
    return terms.sorted { ($1.importance, $0.name) < ($0.importance, $1.name) }
  }

  private func term(_ term: Int, _ position: [Int]) -> TermModel.Term {
    let shape = layout.shapes[term]
    let own = layout.columns[term].filter { position[$0] >= 0 }
    let start = layout.columns[term].lowerBound
    var values = shape.values(optimum.state.coefficients[layout.columns[term]])
    optimum.directed?.keep(&values, of: term)
    let held = own.count { optimum.directed?.held[position[$0]] != nil }
    let parameters = own.reduce(-Double(held)) { sum, column in
      let penalty = optimum.state.penalties[layout.groupOfColumn[column]]
      return sum + 1 - penalty * inverse[position[column], position[column]]
    }
    // Of directions that stay at 0 because rows say nearly nothing about them, what was believed beforehand holds.
    let idle = layout.columns[term].filter {
      position[$0] < 0 && optimum.state.isActive[layout.groupOfColumn[$0]]
    }
    let errors = (0..<shape.cells).map { cell in
      let direction = shape.direction(cell: cell)
      var variance = 0.0
      for first in own where direction[first - start] != 0 {
        for second in own {
          variance +=
            direction[first - start] * inverse[position[first], position[second]] * direction[second - start]
        }
      }
      for column in idle {
        variance +=
          direction[column - start] * direction[column - start]
          / optimum.state.penalties[layout.groupOfColumn[column]]
      }
      return max(variance, 0).squareRoot()
    }
    return TermModel.Term(
      name: shape.axes.map { data.features[$0.feature].name }.joined(separator: " × "),
      features: shape.axes.map(\.feature), scales: shape.axes.map(\.scale), values: values, errors: errors,
      effectiveParameters: parameters, importance: importance(term, shape, values))
  }

  /// Weighted mean distance of the term's additions from their mean.
  private func importance(_ term: Int, _ shape: TermShape, _ values: [Double]) -> Double {
    let rows = objective.rows
    var additions = [Double](repeating: 0, count: rows.count)
    withUnsafePointer(to: rows.termRows(term, shape)) {
      term_add_margins($0, values, 0, rows.count, &additions)
    }
    let mean = zip(additions, rows.weights).reduce(0) { $0 + $1.0 * $1.1 } / totalWeight
    return zip(additions, rows.weights).reduce(0) { $0 + ($1.0 - mean).magnitude * $1.1 } / totalWeight
  }

  var training: TrainingSummary {
    let share = data.positiveShare
    return TrainingSummary(
      rows: data.rowsUsed, positives: data.positives, totalWeight: data.totalWeight,
      logLoss: optimum.loss / totalWeight,
      nullLogLoss: -(share * log(share) + (1 - share) * log(1 - share)),
      objective: optimum.objective / totalWeight,
      gradientNorm: gradientNorm,
      iterations: optimum.iterations)
  }

  /// Of the mean objective; where directions are held, of what they leave of it.
  private var gradientNorm: Double {
    conditions?.stationarity ?? optimum.gradient.reduce(0) { max($0, $1.magnitude) } / totalWeight
  }

  /// The conditions of the optimum where directions are held.
  var conditions: DirectionConditions? {
    optimum.directed.map {
      DirectionConditions(
        layout, $0, name: { data.features[$0].name }, totalWeight: totalWeight)
    }
  }

  /// Features that a direction leaves nothing but a constant.
  ///
  /// - Parameter terms: those that are left.
  func constants(_ terms: [TermModel.Term]) -> [DroppedFeature] {
    guard optimum.directed != nil else { return [] }
    let names = Set(terms.map(\.name))
    return layout.shapes.compactMap { shape in
      guard let steps = shape.steps else { return nil }
      let name = data.features[shape.axes[0].feature].name
      return names.contains(name)
        ? nil
        : DroppedFeature(
          feature: name, column: name,
          reason:
            "its curve could only go against the direction that is asked for (\(steps.name)), and so is constant"
        )
    }
  }

  /// In units of the mean objective, like that of a `LogisticFit`; where directions are held, by the projected gradient:
  /// what the multipliers hold back can only raise the objective.
  var certificate: Certificate {
    let gradient = optimum.directed?.projectedGradient ?? optimum.gradient
    let inverse = optimum.directed == nil ? inverse : optimum.factor.inverse()
    let scaled = ObjectiveValue(
      objective: optimum.objective / totalWeight, logLoss: optimum.loss / totalWeight,
      gradient: gradient.map { $0 / totalWeight }, hessian: optimum.hessian)
    let mean = Matrix(rows: inverse.rows, columns: inverse.columns) { elements in
      inverse.withUnsafeElements { source in
        for index in source.indices { elements[index] = source[index] * totalWeight }
      }
    }
    return Certificate(
      value: scaled, reciprocalCondition: optimum.factor.reciprocalCondition, inverse: mean,
      greatest: optimum.directed?.greatest(layout, active: optimum.active) ?? [1] + greatestMagnitudes(),
      returnedGradientNorm: conditions?.stationarity,
      passes: Certificate.Passes(
        full: optimum.passes + (isSampled ? 0 : samplePasses), evaluations: optimum.passes,
        sample: isSampled ? samplePasses : 0))
  }

  /// The greatest magnitude that each active direction can have in a row.
  private func greatestMagnitudes() -> [Double] {
    let all = layout.shapes.flatMap { shape -> [Double] in
      var greatest = [Double](repeating: 0, count: shape.columns)
      for cell in 0..<shape.cells {
        for (column, value) in shape.direction(cell: cell).enumerated() {
          greatest[column] = max(greatest[column], value.magnitude)
        }
      }
      return greatest
    }
    return optimum.active.map { all[$0] }
  }
}
