internal import Foundation
import LinearAlgebra

/// The rows of a fit gathered by the levels of one category, and what the effects of the levels are for some penalty.
///
/// A level with effect u and rows with margins ηᵢ, labels yᵢ and weights wᵢ is fitted by the least of
///
///     Σ wᵢ·(log(1 + exp(ηᵢ + u)) − yᵢ·(ηᵢ + u)) + ½·λ·u²,
///
/// which draws it to 0, where the pooled levels are, the more the fewer rows it has: the mode of a random intercept with
/// variance 1/λ.
struct LevelRows {
  /// The effects for one penalty.
  struct Effects {
    /// One a node.
    var values: [Double]
    /// Σ w·p·(1 − p) of each node's rows: how much they say about its effect.
    var information: [Double]
    /// For each row of the fit its level's effect without the rows of its own unit; 0 for rows on no node.
    var leftOut: [Double]
    /// Σ w·log loss of the rows with their left-out effects.
    var loss: Double
  }

  /// Positions of the rows that lie on a node, node by node and within a node unit by unit.
  private let order: [Int32]
  /// Where each node's rows start in `order`, and where the last one's end.
  private let starts: [Int]
  private let units: [Int32]
  private let outcomes: [Double]
  private let weights: [Double]
  private let margins: [Double]
  private let rowCount: Int
  private let parallel: Parallel

  private static let mostSteps = 50
  /// No step is longer: far from the least the loss is flat, and a whole step would lead beyond it.
  private static let longestStep = 1.0
  private static let tolerance = 1e-8
  /// Nodes that one thread fits at a time.
  private static let nodesTogether = 16

  /// - Parameters:
  ///   - nodes: the node of each row; -1 for rows on none.
  ///   - margins: what is known of each row beside its level.
  ///   - units: rows of one unit, such as one customer, are left out together.
  /// - Complexity: O(rows · log rows)
  init(
    nodes: [Int32], count: Int, outcomes: [Double], weights: [Double], margins: [Double], units: [Int32],
    parallel: Parallel
  ) {
    var starts = [Int](repeating: 0, count: count + 1)
    for node in nodes where node >= 0 { starts[Int(node) + 1] += 1 }
    for node in 0..<count { starts[node + 1] += starts[node] }
    var next = starts
    var order = [Int32](repeating: 0, count: starts[count])
    for (row, node) in nodes.enumerated() where node >= 0 {
      order[next[Int(node)]] = Int32(row)
      next[Int(node)] += 1
    }
    for node in 0..<count {
      order[starts[node]..<starts[node + 1]].sort { (units[Int($0)], $0) < (units[Int($1)], $1) }
    }
    self.order = order
    self.starts = starts
    self.units = order.map { units[Int($0)] }
    self.outcomes = order.map { outcomes[Int($0)] }
    self.weights = order.map { weights[Int($0)] }
    self.margins = order.map { margins[Int($0)] }
    rowCount = nodes.count
    self.parallel = parallel
  }

  /// Σ w·log loss of the rows on nodes when no level has an effect.
  var lossWithoutEffects: Double {
    order.indices.reduce(0) { $0 + loss($1, effect: 0) }
  }

  /// - Parameters:
  ///   - penalty: λ, above 0.
  ///   - start: effects to start from.
  /// - Complexity: O(rows × steps)
  func effects(penalty: Double, start: [Double]) -> Effects {
    let count = starts.count - 1
    var values = start
    var information = [Double](repeating: 0, count: count)
    var leftOut = [Double](repeating: 0, count: rowCount)
    var losses = information
    values.withUnsafeMutableBufferPointer { values in
      information.withUnsafeMutableBufferPointer { information in
        leftOut.withUnsafeMutableBufferPointer { leftOut in
          losses.withUnsafeMutableBufferPointer { losses in
            // A block writes what belongs to its own nodes and their rows only.
            nonisolated(unsafe) let (values, information, leftOut, losses) = (
              values, information, leftOut, losses
            )
            parallel.forEachBlock(count: count, blockSize: Self.nodesTogether) { block in
              for node in block.range {
                (values[node], information[node]) = effect(of: node, penalty, start: values[node])
                losses[node] = leaveOut(of: node, penalty, values[node], information[node], leftOut)
              }
            }
          }
        }
      }
    }
    return Effects(
      values: values, information: information, leftOut: leftOut, loss: losses.reduce(0, +))
  }

  /// Newton steps to the least of one node's objective.
  private func effect(
    of node: Int, _ penalty: Double, start: Double
  ) -> (value: Double, information: Double) {
    var effect = start
    for step in 1...Self.mostSteps {
      let sums = sums(starts[node]..<starts[node + 1], effect)
      let wanted = (sums.gradient + penalty * effect) / (sums.curvature + penalty)
      if step == Self.mostSteps || wanted.magnitude < Self.tolerance { return (effect, sums.curvature) }
      effect -= min(max(wanted, -Self.longestStep), Self.longestStep)
    }
    return (effect, 0)
  }

  /// Gives every row the effect that its level has without the rows of its unit: a Newton step from the effect of all,
  /// whose gradient and curvature are exact, for all but the unit's own part is known to be in balance.
  ///
  /// - Returns: Σ w·log loss with these effects.
  private func leaveOut(
    of node: Int, _ penalty: Double, _ effect: Double, _ information: Double,
    _ leftOut: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    var loss = 0.0
    var first = starts[node]
    while first < starts[node + 1] {
      var end = first + 1
      while end < starts[node + 1], units[end] == units[first] { end += 1 }
      let own = sums(first..<end, effect)
      let without = effect + own.gradient / (max(information - own.curvature, 0) + penalty)
      for position in first..<end {
        leftOut[Int(order[position])] = without
        loss += self.loss(position, effect: without)
      }
      first = end
    }
    return loss
  }

  /// Σ w·(p − y) and Σ w·p·(1 − p) of some rows.
  private func sums(_ range: Range<Int>, _ effect: Double) -> (gradient: Double, curvature: Double) {
    var (gradient, curvature) = (0.0, 0.0)
    for position in range {
      let probability = 1 / (1 + exp(-(margins[position] + effect)))
      gradient += weights[position] * (probability - outcomes[position])
      curvature += weights[position] * probability * (1 - probability)
    }
    return (gradient, curvature)
  }

  private func loss(_ position: Int, effect: Double) -> Double {
    let margin = margins[position] + effect
    return weights[position] * (max(margin, 0) + log1p(exp(-margin.magnitude)) - outcomes[position] * margin)
  }
}
