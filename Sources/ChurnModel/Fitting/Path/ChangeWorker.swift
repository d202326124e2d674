internal import CVectorLoops
import LinearAlgebra

/// Scratch memory of one thread that measures how losses and gradients of a block of rows change from landmarks.
final class ChangeWorker: @unchecked Sendable {
  private let kept: KeptRows
  /// Changes of margins, then of probabilities, capacity × points.
  private let changes: UnsafeMutableBufferPointer<Float>

  /// Points worked on together, so that their changes stay in the cache beside the panel.
  private static let pointsTogether = 6 * SinglePanels.pointsAtATime

  init(_ kept: KeptRows) {
    self.kept = kept
    changes = .allocate(capacity: Self.pointsTogether * SinglePanels.capacity)
    changes.initialize(repeating: 0)
  }

  deinit { changes.deallocate() }

  /// - Parameters:
  ///   - panels: of the block.
  ///   - rows: of the block; all panels but the last are full.
  func add(_ panels: Range<Int>, rows: Int, _ plan: ChangePlan, to sums: PathPartial) {
    let capacity = SinglePanels.capacity
    for (index, panel) in panels.enumerated() {
      let count = min(capacity, rows - index * capacity)
      for first in stride(from: 0, to: plan.landmarks.count, by: Self.pointsTogether) {
        differentiate(
          panel, count, first..<min(first + Self.pointsTogether, plan.landmarks.count), plan, to: sums)
      }
    }
  }

  private func differentiate(
    _ panel: Int, _ count: Int, _ points: Range<Int>, _ plan: ChangePlan, to sums: PathPartial
  ) {
    let order = plan.plan.order
    let columns = points.lowerBound * order..<points.upperBound * order
    plan.steps.withUnsafeBufferPointer { steps in
      kept.panels.multiply(
        panel, rows: count, points: points.count, coefficients: UnsafeBufferPointer(rebasing: steps[columns]),
        into: changes)
    }
    let weights = kept.weights(panel).baseAddress
    for (index, point) in points.enumerated() {
      sums.losses[point] += single_loss_changes(
        kept.probabilities(panel, at: plan.landmarks[point]).baseAddress, weights, count,
        changes.baseAddress.map { $0 + index * SinglePanels.capacity })
    }
    if plan.plan.wantsGradients {
      kept.panels.addTransposedProducts(
        panel, rows: count, points: points.count, vectors: UnsafeBufferPointer(changes),
        to: UnsafeMutableBufferPointer(rebasing: sums.gradients[columns]))
    }
  }
}

/// Which steps from landmarks count the rows of one group.
struct ChangePlan: Sendable {
  let plan: PathPlan
  /// Steps in single precision, one vector after the other.
  let steps: [Float]
  /// Where each of them starts.
  let landmarks: [Int]

  /// - Parameter landmarks: one a request.
  init(_ plan: PathPlan, landmarks: [Int]) {
    self.plan = plan
    steps = plan.coefficients.map { Float($0) }
    self.landmarks = plan.members.map { landmarks[$0] }
  }
}
