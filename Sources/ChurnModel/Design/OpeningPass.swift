internal import CVectorLoops
import LinearAlgebra

/// The first pass over the design of all rows: whatever the raw rows can tell at once.
///
/// It multiplies a provisional design out for exact moments and correlations. Where the columns were chosen by a sample,
/// it surveys all raw values in the same go; where a start is known, it evaluates the loss there.
struct OpeningPass {
  let data: TrainingData
  /// The provisional design.
  let columns: [DesignColumn]
  /// Coefficients of that design at which the loss is evaluated, intercept first.
  let start: [Double]?
  let surveys: Bool
  /// Of the products of two columns and of the Hessian; sums and squares are exact.
  let precision: GramPrecision

  struct Findings {
    let moments: DesignMoments
    let summaries: [FeatureSummary]?
    /// Loss and derivatives at the start by the provisional coefficients, without a penalty; the Hessian is that of every
    /// fourth panel. Nil without a start, and where those panels have no weight.
    let evaluation: ObjectiveValue?
  }

  /// - Throws: `ChurnModelError` for values that cannot be used, when the pass surveys.
  func run(_ workspaces: Workspaces) throws(ChurnModelError) -> Findings {
    let found = pass(workspaces)
    let summaries =
      surveys ? try FeatureSurvey.merge(found.partials.map(\.survey), data.features) : nil
    return Findings(
      moments: DesignMoments(found.partials, totalWeight: data.totalWeight), summaries: summaries,
      evaluation: found.evaluation)
  }

  /// Of so many panels one tells the Hessian. What the step misses by that is of the order of the start's error times
  /// √(columns/rows told), as much as Newton's method misses at such a start anyway.
  private static let panelsPerHessian = 4

  private func pass(_ workspaces: Workspaces) -> (partials: [Partial], evaluation: ObjectiveValue?) {
    let expansion = Expansion(features: data.features, columns: columns)
    let objective = ObjectivePass(expansion: expansion, data: data, penalty: 0)
    let partials = (0..<Workspaces.blockCount(data)).map { _ in
      Partial(features: data.features, columns: expansion.panelColumns)
    }
    let sums = workspaces.forEachPanel(data, expansion) { panel, count, first, workspace, partial in
      let own = partials[partial.block]
      if surveys {
        data.values.withUnsafeElements { own.survey.add(first..<first + count, $0, data) }
      }
      data.weights.withUnsafeBufferPointer { weights in
        own.add(panel, count, UnsafeBufferPointer(rebasing: weights[first..<first + count]), precision)
      }
      if let start {
        let isCurved = first / Panel.usualCapacity % Self.panelsPerHessian == 0
        if isCurved { own.curvedWeight += data.weights[first..<first + count].reduce(0, +) }
        objective.add(panel, count, first, start, precision, wantsGram: isCurved, workspace, to: partial)
      }
    }
    let curvedWeight = partials.reduce(0) { $0 + $1.curvedWeight }
    guard let start, curvedWeight > 0 else { return (partials, nil) }
    return (partials, objective.combine(sums, start, precision, gramWeight: curvedWeight))
  }

  /// What one block of rows adds.
  fileprivate final class Partial: @unchecked Sendable {
    let survey: FeatureSurvey.Partial
    var gram: [Double]
    var sums: [Double]
    var squares: [Double]
    /// Σw of the rows that tell the Hessian.
    var curvedWeight = 0.0

    init(features: [FeatureColumn], columns: Int) {
      survey = FeatureSurvey.Partial(features)
      gram = [Double](repeating: 0, count: columns * columns)
      sums = [Double](repeating: 0, count: columns)
      squares = sums
    }

    func add(_ panel: Panel, _ count: Int, _ weights: UnsafeBufferPointer<Double>, _ precision: GramPrecision)
    {
      gram.withUnsafeMutableBufferPointer { gram in
        sums.withUnsafeMutableBufferPointer { sums in
          panel.addWeightedGram(
            rows: count, weights: weights, to: gram, precision: precision, factors: weights, product: sums)
        }
      }
      for column in squares.indices {
        squares[column] += vector_weighted_squares(
          panel.column(column).baseAddress, weights.baseAddress, count)
      }
    }
  }
}

/// Sums over all rows in units of provisional design columns.
struct DesignMoments {
  /// Σ w·x, one a column.
  let sums: [Double]
  /// Σ w·x², one a column.
  let squares: [Double]
  private let gram: [Double]
  private let totalWeight: Double

  fileprivate init(_ partials: [OpeningPass.Partial], totalWeight: Double) {
    let order = partials.first?.sums.count ?? 1
    var gram = [Double](repeating: 0, count: order * order)
    var (sums, squares) = ([Double](repeating: 0, count: order), [Double](repeating: 0, count: order))
    for partial in partials {
      for index in gram.indices { gram[index] += partial.gram[index] }
      for index in sums.indices {
        sums[index] += partial.sums[index]
        squares[index] += partial.squares[index]
      }
    }
    // The first panel column is the intercept's.
    self.sums = Array(sums.dropFirst())
    self.squares = Array(squares.dropFirst())
    self.gram = gram
    self.totalWeight = totalWeight
  }

  /// The weighted correlation of two columns, `later` not before `earlier`.
  func correlation(_ earlier: Int, _ later: Int) -> Double {
    let order = sums.count + 1
    let product = gram[(later + 1) * order + earlier + 1] - sums[earlier] * sums[later] / totalWeight
    let first = squares[earlier] - sums[earlier] * sums[earlier] / totalWeight
    let second = squares[later] - sums[later] * sums[later] / totalWeight
    guard first > 0, second > 0 else { return 0 }
    // Single precision overflowed: no number, so that nobody takes it for a correlation.
    guard product.isFinite else { return .nan }
    return product / (first * second).squareRoot()
  }
}
