internal import CVectorLoops
import LinearAlgebra

/// The objective of the ridge logistic regression and its derivatives at some coefficients.
///
/// With standardised rows xᵢ (a one for the intercept first), labels yᵢ, weights wᵢ, offsets oᵢ, margins ηᵢ = oᵢ + xᵢ·β
/// and the penalties λⱼ of the coefficients (the intercept's is 0):
///
///     f(β) = (1/Σw)·Σ wᵢ·(log(1 + exp ηᵢ) − yᵢ·ηᵢ) + ½·Σ λⱼ·βⱼ²
///     ∇f   = (1/Σw)·Xᵀ(w·(p − y)) + Λ·β           p = 1/(1 + exp(−η)), Λ = diag(λ)
///     ∇²f  = (1/Σw)·XᵀWX + Λ                      W = diag(w·p·(1 − p))
struct ObjectiveValue {
  /// f(β).
  let objective: Double
  /// The first term of f: the mean log loss.
  let logLoss: Double
  /// ∇f, the intercept first.
  let gradient: [Double]
  /// ∇²f.
  let hessian: Matrix
  /// Of the Hessian; the rest is in double precision.
  var precision = GramPrecision.double

  /// The greatest absolute element of the gradient.
  var gradientNorm: Double { gradient.reduce(0) { max($0, $1.magnitude) } }
}

/// Evaluates objective, gradient and Hessian in one pass over the rows.
struct ObjectivePass: Sendable {
  let expansion: Expansion
  let data: TrainingData
  /// λⱼ, one a coefficient, the intercept's 0 first.
  let penalties: [Double]
  /// The same penalty for all columns.
  init(expansion: Expansion, data: TrainingData, penalty: Double) {
    self.init(
      expansion: expansion, data: data,
      penalties: [0] + [Double](repeating: penalty, count: expansion.panelColumns - 1))
  }

  init(expansion: Expansion, data: TrainingData, penalties: [Double]) {
    self.expansion = expansion
    self.data = data
    self.penalties = penalties
  }

  /// The objective at `coefficients` (intercept first).
  ///
  /// - Complexity: O(rows × columns²)
  func evaluate(
    _ coefficients: [Double], _ workspaces: Workspaces, precision: GramPrecision = .double
  ) -> ObjectiveValue {
    let partials = workspaces.forEachPanel(data, expansion) { panel, count, first, workspace, partial in
      add(panel, count, first, coefficients, precision, workspace, to: partial)
    }
    return combine(partials, coefficients, precision)
  }

  /// Adds one panel's rows to objective and gradient, and to the Hessian unless `wantsGram` is false.
  ///
  /// - Parameter first: number of its first row.
  func add(
    _ panel: Panel, _ count: Int, _ first: Int, _ coefficients: [Double], _ precision: GramPrecision,
    wantsGram: Bool = true, _ workspace: Workspace, to partial: PartialSums
  ) {
    coefficients.withUnsafeBufferPointer {
      panel.multiply(rows: count, coefficients: $0, into: workspace.margins)
    }
    data.addOffsets(first: first, count: count, to: workspace.margins)
    differentiate(first: first, count: count, workspace)
    for row in 0..<count { partial.loss += workspace.losses[row] }
    let residuals = UnsafeBufferPointer(workspace.residuals)
    guard wantsGram else {
      panel.addTransposedProduct(rows: count, residuals: residuals, to: partial.gradient)
      return
    }
    panel.addWeightedGram(
      rows: count, weights: UnsafeBufferPointer(workspace.weights), to: partial.gram, precision: precision,
      factors: residuals, product: partial.gradient)
  }

  /// ½·Σ λⱼ·βⱼ².
  func penalty(_ coefficients: [Double]) -> Double {
    zip(penalties, coefficients).reduce(0) { $0 + $1.0 / 2 * $1.1 * $1.1 }
  }

  /// Losses, first and second derivatives by the margin of one panel's rows.
  private func differentiate(first: Int, count: Int, _ workspace: Workspace) {
    data.outcomes.withUnsafeBufferPointer { outcomes in
      data.weights.withUnsafeBufferPointer { weights in
        guard let outcome = outcomes.baseAddress, let weight = weights.baseAddress else { return }
        vector_log_loss(
          workspace.margins.baseAddress, outcome + first, weight + first, 1, count,
          workspace.losses.baseAddress, workspace.residuals.baseAddress, workspace.weights.baseAddress)
      }
    }
  }

  /// Adds the blocks up in their order, which makes the sums independent of the number of threads.
  ///
  /// - Parameter gramWeight: Σw of the rows in the Gram matrices; nil for all rows.
  func combine(
    _ partials: ArraySlice<PartialSums>, _ coefficients: [Double], _ precision: GramPrecision,
    gramWeight: Double? = nil
  ) -> ObjectiveValue {
    let gramWeight = gramWeight ?? data.totalWeight
    let order = coefficients.count
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: order)
    var gram = [Double](repeating: 0, count: order * order)
    for partial in partials {
      loss += partial.loss
      for index in gradient.indices { gradient[index] += partial.gradient[index] }
      for index in gram.indices { gram[index] += partial.gram[index] }
    }
    for index in gradient.indices {
      gradient[index] /= data.totalWeight
      gradient[index] += penalties[index] * coefficients[index]
    }
    let hessian = Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0...row {
          let value = gram[row * order + column] / gramWeight + (row == column ? penalties[row] : 0)
          elements[row * order + column] = value
          elements[column * order + row] = value
        }
      }
    }
    let logLoss = loss / data.totalWeight
    return ObjectiveValue(
      objective: logLoss + penalty(coefficients), logLoss: logLoss, gradient: gradient, hessian: hessian,
      precision: precision)
  }
}
