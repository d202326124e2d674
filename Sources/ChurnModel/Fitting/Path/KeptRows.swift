internal import CVectorLoops
import LinearAlgebra

/// What passes keep of their rows in single precision: design columns, weights, and the probabilities at the landmarks.
///
/// From a landmark b with margins η and probabilities p to the coefficients b + s, whose margins are η + d, d = Xs, the sum
/// of the losses changes by
///
///     s·g + Σ w·(log(1 + p·(exp d − 1)) − p·d)
///
/// with the gradient g = Xᵀ(w·(p − y)), and the gradient by Xᵀ(w·p(1 − p)(exp d − 1) / (1 + p·(exp d − 1))). The sum at b
/// and g are known in double precision; the rest is computed in single precision, with errors of about 1e-7 of itself for a
/// row. Those of many rows cancel, but for what they have in common, the rounding of s and of columns with few values: per row,
/// gradients are off by less than 1e-8 times the length of s (measured; mostly by a tenth of that).
final class KeptRows: @unchecked Sendable {
  /// A point that was evaluated in double precision.
  struct Landmark {
    let coefficients: [Double]
    /// Of all groups, in their order.
    let sums: PathSums
  }

  let panels: SinglePanels
  private(set) var landmarks: [Landmark] = []
  private let panelCount: Int
  private let weights: UnsafeMutableBufferPointer<Float>
  /// One block a landmark: p up to a half and p − 1 beyond it, so that both p and 1 − p keep their precision.
  private var probabilities: [UnsafeMutableBufferPointer<Float>] = []

  /// How far a point may be from the landmark that it is measured from: the length of the step.
  enum Reach: Double {
    /// Rounding stays below what solutions are judged by.
    case near = 0.4
    /// To find the way.
    case far = 2.5

    func spans(_ first: [Double], _ second: [Double]) -> Bool {
      QuadraticModel.distance(first, second) <= rawValue
    }
  }

  init(panels: Int, columns: Int) {
    self.panels = SinglePanels(panels: panels, columns: columns)
    panelCount = panels
    weights = .allocate(capacity: panels * SinglePanels.capacity)
    weights.initialize(repeating: 0)
  }

  deinit {
    weights.deallocate()
    probabilities.forEach { $0.deallocate() }
  }

  /// Whether a pass has met all rows.
  var isFilled: Bool { !landmarks.isEmpty }

  // MARK: While a pass goes on, each panel by one thread

  /// Keeps the columns and weights of a panel's rows, unless they are there.
  func keep(_ source: Panel, weights own: UnsafeMutableBufferPointer<Double>, rows: Int, as panel: Int) {
    guard !isFilled else { return }
    panels.copy(source, rows: rows, to: panel)
    single_copy(own.baseAddress, rows, row(panel, of: weights).baseAddress)
  }

  func keep(
    margins: UnsafeBufferPointer<Double>, rows: Int, at landmark: Int, panel: Int
  ) {
    vector_signed_probabilities(
      margins.baseAddress, rows, row(panel, of: probabilities[landmark]).baseAddress)
  }

  func weights(_ panel: Int) -> UnsafeMutableBufferPointer<Float> { row(panel, of: weights) }

  func probabilities(_ panel: Int, at landmark: Int) -> UnsafeMutableBufferPointer<Float> {
    row(panel, of: probabilities[landmark])
  }

  private func row(
    _ panel: Int, of all: UnsafeMutableBufferPointer<Float>
  ) -> UnsafeMutableBufferPointer<Float> {
    let capacity = SinglePanels.capacity
    return UnsafeMutableBufferPointer(rebasing: all[panel * capacity..<(panel + 1) * capacity])
  }

  // MARK: Landmarks

  /// Makes room for further landmarks.
  ///
  /// - Returns: the number of the first.
  func prepare(for count: Int) -> Int {
    for _ in 0..<count {
      let own = UnsafeMutableBufferPointer<Float>.allocate(capacity: panelCount * SinglePanels.capacity)
      own.initialize(repeating: 0)
      probabilities.append(own)
    }
    return landmarks.count
  }

  func add(_ found: [Landmark]) { landmarks += found }

  /// The landmark that coefficients are nearest to; nil when none is within reach.
  func nearest(to coefficients: [Double], within reach: Reach) -> Int? {
    let distances = landmarks.map { QuadraticModel.distance($0.coefficients, coefficients) }
    guard let least = distances.min(), least <= reach.rawValue else { return nil }
    return distances.firstIndex(of: least)
  }

  func step(to coefficients: [Double], from landmark: Int) -> [Double] {
    zip(coefficients, landmarks[landmark].coefficients).map { $0 - $1 }
  }
}

extension PathSums {
  /// Relative rounding error of losses that changed in single precision.
  private static let changedRounding = 1e-9

  /// The sums at a step from here, of the groups that the changes are of.
  func adding(_ changes: PathSums, step: [Double]) -> PathSums {
    var result = PathSums(
      groups: changes.groups, losses: [], gradients: [], grams: [], lossRounding: Self.changedRounding)
    for (index, group) in changes.groups.enumerated() {
      let slope = zip(step, gradients[group]).reduce(0) { $0 + $1.0 * $1.1 }
      result.losses.append(losses[group] + slope + changes.losses[index])
      if !changes.gradients.isEmpty {
        result.gradients.append(zip(gradients[group], changes.gradients[index]).map { $0 + $1 })
      }
    }
    return result
  }
}
