internal import LinearAlgebra

/// How well the margins of a model are known: the covariance of its coefficients, with what turns a raw row into their
/// design.
///
/// The variance of a margin x·β is ‖R·x‖², with RᵀR the covariance of β; many levels of a category vary each by itself
/// besides (`TermDirections.variances`). For coefficients that is the inverse Hessian of
/// the penalised log-likelihood, for terms the posterior covariance given the penalties (Wood 2017, Generalized Additive
/// Models, 2nd ed., section 6.10), which is the same expression: errors of a fit with a penalty are about the shrunk
/// coefficients. What was chosen (penalties, pairs, calibrator) is taken as known.
public struct MarginCovariance: Sendable {
  /// What the columns of the design are.
  enum Design: Sendable, Equatable {
    /// A one for the intercept and the columns of a `LogisticModel`.
    case coefficients
    /// A one for the intercept and the directions of every term of a `TermModel`, in the model's order.
    case terms([TermDirections])
  }

  let design: Design
  /// Columns of the design, with the intercept's.
  let columns: Int
  /// Position in the design of each coefficient that varies.
  let positions: [Int]
  /// R: order × order, nothing above the diagonal; `order` is the number of positions.
  let factor: Matrix

  var order: Int { positions.count }

  init(design: Design, columns: Int, positions: [Int], factor: Matrix) {
    (self.design, self.columns, self.positions, self.factor) = (design, columns, positions, factor)
  }

  /// - Parameter totalWeight: W, where the covariance is A⁻¹/W and `information` the factor of A.
  /// - Complexity: O(order³)
  private init(
    design: Design, columns: Int, positions: [Int], information: Cholesky, totalWeight: Double
  ) {
    var factor = information.inverseFactor()
    let scale = 1 / totalWeight.squareRoot()
    factor.withUnsafeMutableElements { elements in
      for index in elements.indices { elements[index] *= scale }
    }
    self.init(design: design, columns: columns, positions: positions, factor: factor)
  }

  /// That of the coefficients of a fit.
  public init(_ fit: LogisticFit) {
    let information = fit.information
    self.init(
      design: .coefficients, columns: fit.model.columns.count + 1, positions: information.positions,
      information: information.factor, totalWeight: information.totalWeight)
  }

  /// That of the terms of a fit; nil after its solution was dropped, and where directions hold terms.
  public init?(_ fit: TermFit) {
    guard let solution = fit.solution, let information = solution.factor else { return nil }
    let layout = solution.layout
    var directions: [TermDirections] = []
    // Where each direction of the fit stands in the design, terms in the model's order.
    var place = [Int](repeating: -1, count: layout.columnCount)
    var columns = 1
    for term in fit.model.terms {
      guard let index = layout.shapes.firstIndex(where: { $0.axes.map(\.feature) == term.features }) else {
        preconditionFailure("a term of the model was fitted")
      }
      for column in layout.columns[index] {
        place[column] = columns
        columns += 1
      }
      let shape = layout.shapes[index]
      directions.append(
        fit.levels?.directions(term.name, shape, solution.state.coefficients[layout.columns[index]])
          ?? TermDirections(name: term.name, shape: shape))
    }
    self.init(
      design: .terms(directions), columns: columns, positions: [0] + solution.active.map { place[$0] },
      information: information, totalWeight: 1)
  }

  /// - Throws: `ChurnModelError` (`damagedModel`) when it belongs to another model.
  func check(_ model: AnyModel) throws(ChurnModelError) {
    let fits =
      switch (design, model) {
      case (.coefficients, .coefficients(let model)): columns == model.columns.count + 1
      case (.terms(let directions), .terms(let model)):
        directions.count == model.terms.count && zip(directions, model.terms).allSatisfy { $0.fits($1) }
          && columns == directions.reduce(1) { $0 + $1.columns }
      default: false
      }
    guard fits else {
      throw ChurnModelError(
        .damagedModel,
        "the covariance belongs to another model; train again with intervals, or restore the folder")
    }
  }
}

/// The directions in which one term may move, on the nodes of its axes.
struct TermDirections: Codable, Sendable, Equatable {
  struct Axis: Codable, Sendable, Equatable {
    let nodes: Int
    let columns: Int
    /// nodes × columns, row-major.
    let values: [Double]

    var isWhole: Bool {
      nodes > 0 && columns > 0 && values.count == nodes * columns && values.allSatisfy(\.isFinite)
    }
  }

  let name: String
  /// One or two.
  let axes: [Axis]
  /// What the value at each node of a term of one feature varies by itself, beside its coefficients; nil for nothing.
  let variances: [Double]?

  init(name: String, axes: [Axis], variances: [Double]? = nil) {
    (self.name, self.axes, self.variances) = (name, axes, variances)
  }

  init(name: String, shape: TermShape) {
    self.init(
      name: name,
      axes: shape.axes.map {
        Axis(nodes: $0.basis.nodes, columns: $0.basis.columns, values: $0.basis.values)
      })
  }

  /// Whether the parts fit each other.
  var isWhole: Bool {
    (1...2).contains(axes.count) && axes.allSatisfy(\.isWhole)
      && variances.map { $0.count == axes[0].nodes && axes.count == 1 && $0.allSatisfy { $0 >= 0 } } ?? true
  }

  var columns: Int { axes.reduce(1) { $0 * $1.columns } }

  func fits(_ term: TermModel.Term) -> Bool {
    name == term.name && axes.count == term.scales.count
      && zip(axes, term.scales).allSatisfy { $0.nodes == $1.count }
  }
}
