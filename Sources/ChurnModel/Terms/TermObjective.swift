internal import CVectorLoops
import LinearAlgebra

/// Coefficients of all terms with the penalties that hold them.
struct TermState: Sendable {
  var intercept: Double
  /// One a direction.
  var coefficients: [Double]
  /// λ of each group, on the sum of squares of its coefficients.
  var penalties: [Double]
  /// Whether each group still moves; the coefficients of the others are 0.
  var isActive: [Bool]
  /// Whether each coefficient is left at 0 because rows could hardly move it; empty when none is.
  var isNegligible: [Bool] = []

  /// Adds the coefficients of a term, all of them 0, with one penalty for all of its groups.
  mutating func append(_ shape: TermShape, penalty: Double) {
    coefficients += Array(repeating: 0, count: shape.columns)
    isNegligible += Array(repeating: false, count: shape.columns)
    penalties += Array(repeating: penalty, count: shape.groupCount)
    isActive += Array(repeating: true, count: shape.groupCount)
  }

  mutating func scalePenalties(by factor: Double) {
    for group in penalties.indices { penalties[group] *= factor }
  }

  /// Lets a group move no more.
  mutating func leaveOut(_ group: Int, _ layout: TermLayout) {
    isActive[group] = false
    for (column, own) in layout.groupOfColumn.enumerated() where own == group { coefficients[column] = 0 }
  }

  /// Positions of the coefficients that move.
  func activeColumns(_ layout: TermLayout) -> [Int] {
    (0..<layout.columnCount).filter {
      isActive[layout.groupOfColumn[$0]] && (isNegligible.isEmpty || !isNegligible[$0])
    }
  }
}

/// The penalised log-likelihood of a sum of terms and its derivatives.
///
/// With margins ηᵢ = b + Σₜ fₜ(xᵢ), labels yᵢ and weights wᵢ:
///
///     F = Σ wᵢ·(log(1 + exp ηᵢ) − yᵢ·ηᵢ) + ½·Σ_groups λ_g·Σ_{j ∈ g} βⱼ²
///
/// A row touches two nodes of a feature and four cells of a pair. Gradients are summed up on nodes and turned into the
/// directions' by small products, and so is the Gram matrix of many directions (`curvature`), a block of two terms at a
/// time: no dense design is ever kept (for the idea see Li and Wood 2020, "Faster model matrix crossproducts for large
/// generalized linear models with discretized covariates", Statistics and Computing 30).
struct TermObjective: Sendable {
  let layout: TermLayout
  let rows: PlacedRows
  let parallel: Parallel

  /// What one look at all rows gives.
  struct Look {
    var loss: Double
    /// Σ w·log loss plus the penalty.
    var objective: Double
    /// One a row: w·(p − y).
    var residuals: [Double]
    /// One a row: w·p·(1 − p).
    var curvatures: [Double]
  }

  /// Rows of one piece of work; losses are summed up piece by piece.
  private static let blockRows = 4096

  // MARK: Objective

  /// - Complexity: O(rows × terms)
  func look(_ state: TermState) -> Look {
    let moved = layout.shapes.indices.filter { state.coefficients[layout.columns[$0]].contains { $0 != 0 } }
    let values = moved.map { layout.shapes[$0].values(state.coefficients[layout.columns[$0]]) }
    let termRows = moved.map { rows.termRows($0, layout.shapes[$0]) }
    let count = rows.count
    var residuals = [Double](repeating: 0, count: count)
    var curvatures = [Double](repeating: 0, count: count)
    var losses = [Double](repeating: 0, count: Parallel.blockCount(count: count, blockSize: Self.blockRows))
    residuals.withUnsafeMutableBufferPointer { residuals in
      curvatures.withUnsafeMutableBufferPointer { curvatures in
        losses.withUnsafeMutableBufferPointer { losses in
          nonisolated(unsafe) let (residuals, curvatures, losses) = (residuals, curvatures, losses)
          nonisolated(unsafe) let termRows = termRows
          parallel.forEachBlock(count: count, blockSize: Self.blockRows) { block in
            losses[block.index] = look(
              block.range, values, termRows, state.intercept, residuals, curvatures)
          }
        }
      }
    }
    let loss = losses.reduce(0, +)
    return Look(
      loss: loss, objective: penalised(loss, state), residuals: residuals, curvatures: curvatures)
  }

  /// F for a sum of losses.
  func penalised(_ loss: Double, _ state: TermState) -> Double {
    var sum = loss
    for (column, group) in layout.groupOfColumn.enumerated() {
      sum += state.penalties[group] / 2 * state.coefficients[column] * state.coefficients[column]
    }
    return sum
  }

  private func look(
    _ range: Range<Int>, _ values: [[Double]], _ termRows: [TermRows], _ intercept: Double,
    _ residuals: UnsafeMutableBufferPointer<Double>, _ curvatures: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * range.count) { scratch in
      guard let margins = scratch.baseAddress, let residuals = residuals.baseAddress,
        let curvatures = curvatures.baseAddress
      else { return 0 }
      let losses = margins + range.count
      margins.update(repeating: intercept, count: range.count)
      for term in values.indices {
        withUnsafePointer(to: termRows[term]) {
          term_add_margins($0, values[term], range.lowerBound, range.count, margins)
        }
      }
      rows.outcomes.withUnsafeBufferPointer { outcomes in
        rows.weights.withUnsafeBufferPointer { weights in
          guard let outcomes = outcomes.baseAddress, let weights = weights.baseAddress else { return }
          vector_log_loss(
            margins, outcomes + range.lowerBound, weights + range.lowerBound, 1, range.count, losses,
            residuals + range.lowerBound, curvatures + range.lowerBound)
        }
      }
      var sum = 0.0
      for row in 0..<range.count { sum += losses[row] }
      return sum
    }
  }

  // MARK: Derivatives

  /// Σ amounts over the rows, in the active directions.
  ///
  /// - Complexity: O(rows × terms)
  func sums(of amounts: [Double], active: [Int]) -> [Double] {
    let isActive = layout.positions(of: active).map { $0 >= 0 }
    var result = [Double](repeating: 0, count: layout.columnCount)
    result.withUnsafeMutableBufferPointer { result in
      nonisolated(unsafe) let result = result
      parallel.forEachBlock(count: layout.shapes.count, blockSize: 1) { block in
        let shape = layout.shapes[block.index]
        guard isActive[layout.columns[block.index]].contains(true) else { return }
        var onNodes = [Double](repeating: 0, count: shape.cells)
        var scratch = onNodes
        withUnsafePointer(to: rows.termRows(block.index, shape)) {
          term_add_sums($0, amounts, rows.count, &onNodes)
        }
        guard let target = result.baseAddress else { return }
        shape.contract(
          onNodes, width: 1, scratch: &scratch, into: target + layout.columns[block.index].lowerBound)
      }
    }
    return active.map { result[$0] }
  }

  /// ∇F over intercept and active coefficients.
  func gradient(_ look: Look, _ state: TermState, active: [Int]) -> [Double] {
    let groups = layout.groupOfColumn
    return zip(
      [0] + active.map { state.penalties[groups[$0]] * state.coefficients[$0] },
      lossGradient(look, active: active)
    )
    .map { $0 + $1 }
  }

  /// ∇ of the loss alone over intercept and active coefficients.
  func lossGradient(_ look: Look, active: [Int]) -> [Double] {
    [look.residuals.reduce(0, +)] + sums(of: look.residuals, active: active)
  }

  /// ∇²F over intercept and active coefficients.
  ///
  /// - Complexity: O(rows × terms²)
  func hessian(_ look: Look, _ state: TermState, active: [Int]) -> Matrix {
    var result = curvature(look, active: active)
    let order = active.count + 1
    result.withUnsafeMutableElements { elements in
      for (index, column) in active.enumerated() {
        elements[(index + 1) * order + index + 1] += state.penalties[layout.groupOfColumn[column]]
      }
    }
    return result
  }
}
