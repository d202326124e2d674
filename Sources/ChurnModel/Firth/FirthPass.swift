internal import CVectorLoops
internal import Foundation
import LinearAlgebra

/// Firth's penalised likelihood and its derivatives, as a mean over the weights W = Σw that is minimised.
///
/// With the mean log loss ℓ(β), standardised rows xᵢ (a one for the intercept first), ωᵢ = wᵢ·pᵢ·(1 − pᵢ) and the
/// information I(β) = Σ ωᵢ·xᵢxᵢᵀ:
///
///     f*(β) = ℓ(β) − (1/2W)·log det I(β)
///     ∇f*   = (1/W)·Σ (wᵢ·(pᵢ − yᵢ) + hᵢ·(pᵢ − ½))·xᵢ,     hᵢ = ωᵢ·xᵢᵀ·I⁻¹·xᵢ
///     H*    = (1/W)·Σ (wᵢ + hᵢ)·pᵢ·(1 − pᵢ)·xᵢxᵢᵀ
///
/// (Firth 1993, Biometrika 80; Heinze and Schemper 2002, Statistics in Medicine 21.) ∇f* is the gradient of the likelihood
/// with hᵢ further rows whose label is half true, and H* the Hessian of that likelihood with hᵢ held: always positive
/// definite, and in a saturated model that of f* exactly. The information that hᵢ needs is known after a pass over
/// all rows only, so that a step takes two: one for ℓ and I, one for hᵢ, ∇f* and H* together.
struct FirthPass: Sendable {
  /// Without a penalty.
  let objective: ObjectivePass

  /// ℓ, I and f* at some coefficients.
  struct Point {
    /// Standardised, intercept first.
    let coefficients: [Double]
    /// ℓ with its own derivatives; its Hessian is I/W.
    let value: ObjectiveValue
    /// Of I/W.
    let information: Cholesky
    /// f*.
    let objective: Double
  }

  /// The derivatives of f* at a point.
  struct Slope {
    /// ∇f*.
    let gradient: [Double]
    /// H*.
    let hessian: Matrix
  }

  /// - Returns: nil where the information is singular: f* is infinite there.
  /// - Complexity: O(rows × columns²)
  func point(_ coefficients: [Double], _ workspaces: Workspaces) -> Point? {
    let value = objective.evaluate(coefficients, workspaces)
    guard value.logLoss.isFinite, let factor = try? Cholesky(value.hessian),
      factor.reciprocalCondition > Self.leastCondition
    else { return nil }
    return Point(
      coefficients: coefficients, value: value, information: factor,
      objective: value.logLoss - logDeterminant(factor) / (2 * objective.data.totalWeight))
  }

  /// Reciprocal condition of the information below which its inverse has no digit.
  private static let leastCondition = 1e-14

  /// log det I from the factor of I/W.
  func logDeterminant(_ factor: Cholesky) -> Double {
    factor.logDeterminant + Double(factor.order) * log(objective.data.totalWeight)
  }

  /// - Complexity: O(rows × columns²)
  func slope(at point: Point, _ workspaces: Workspaces) -> Slope {
    let data = objective.data
    let scale = 1 / objective.data.totalWeight
    let partials = workspaces.forEachPanel(objective.data, objective.expansion) {
      panel, count, first, workspace, partial in
      point.coefficients.withUnsafeBufferPointer {
        panel.multiply(rows: count, coefficients: $0, into: workspace.margins)
      }
      data.outcomes.withUnsafeBufferPointer { outcomes in
        data.weights.withUnsafeBufferPointer { weights in
          guard let outcome = outcomes.baseAddress, let weight = weights.baseAddress else { return }
          vector_log_loss(
            workspace.margins.baseAddress, outcome + first, weight + first, 1, count,
            workspace.losses.baseAddress, workspace.residuals.baseAddress, workspace.weights.baseAddress)
        }
      }
      panel.leverages(rows: count, factor: point.information, into: workspace.losses)
      Self.augment(workspace, count: count, scale: scale)
      panel.addTransposedProduct(
        rows: count, residuals: UnsafeBufferPointer(workspace.residuals), to: partial.gradient)
      panel.addWeightedGram(rows: count, weights: UnsafeBufferPointer(workspace.weights), to: partial.gram)
    }
    return combined(partials, order: point.coefficients.count)
  }

  /// Adds to residuals and weights what Firth's term does.
  ///
  /// - Parameter scale: what makes the leverages of I/W, which stand in place of the losses, those of I.
  @inline(__always)
  private static func augment(_ workspace: Workspace, count: Int, scale: Double) {
    let (margins, residuals) = (workspace.margins, workspace.residuals)
    let (weights, leverages) = (workspace.weights, workspace.losses)
    vector_logistic(count, margins.baseAddress)
    for row in 0..<count {
      // A row without weight may have an infinite leverage.
      let hat = weights[row] > 0 ? weights[row] * leverages[row] * scale : 0
      let probability = margins[row]
      residuals[row] += hat * (probability - 0.5)
      weights[row] += hat * probability * (1 - probability)
    }
  }

  /// Adds the blocks up in their order, which makes the sums independent of the number of threads.
  private func combined(_ partials: ArraySlice<PartialSums>, order: Int) -> Slope {
    var gradient = [Double](repeating: 0, count: order)
    var gram = [Double](repeating: 0, count: order * order)
    for partial in partials {
      for index in gradient.indices { gradient[index] += partial.gradient[index] }
      for index in gram.indices { gram[index] += partial.gram[index] }
    }
    let total = objective.data.totalWeight
    let hessian = Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0...row {
          let value = gram[row * order + column] / total
          elements[row * order + column] = value
          elements[column * order + row] = value
        }
      }
    }
    return Slope(gradient: gradient.map { $0 / total }, hessian: hessian)
  }
}
