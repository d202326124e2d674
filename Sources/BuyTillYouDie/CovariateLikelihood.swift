internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// The log-likelihood of histories whose customers differ by covariates, by ln r, ln α, ln a, ln b (ln s, ln β) and the
/// coefficients of the covariates of both processes.
///
/// αᵢ = α·exp(−γ₁·zᵢ); with Pareto/NBD βᵢ = β·exp(−γ₂·zᵢ), with the beta-geometric family aᵢ = a·exp(γ₂·zᵢ): a greater
/// coefficient means more visits, and leaving earlier.
struct CovariateLikelihood: Sendable {
  let histories: [RepeatHistory]
  let rate: StandardCovariates
  let leaving: StandardCovariates
  let kind: RepeatModelKind
  let k: Int
  /// Σ ln(intervals), 0 when unknown.
  let logIntervals: Double
  let parallel: Parallel
  /// Only every so-manieth customer counts.
  var step = 1

  private static let parameters = 4

  var dimension: Int { Self.parameters + rate.columns + leaving.columns }

  /// Where the coordinate that covariates of leaving change stands, and in which direction.
  private var leavingPlace: (index: Int, sign: Double) { kind == .paretoNBD ? (3, -1) : (2, 1) }

  /// - Complexity: O(customers · (k + (covariates)²))
  func callAsFunction(_ position: [Double]) -> LikelihoodPoint {
    let dimension = dimension
    let rows = (histories.count + step - 1) / step
    let blockSize = 1 << 12
    let blocks = Parallel.blockCount(count: rows, blockSize: blockSize)
    // Value, gradient and the lower triangle of second derivatives.
    let width = 1 + dimension + dimension * dimension
    let most = histories.reduce(0) { max($0, $1.repeats) }
    let rows4 = RowModel(kind: kind, k: k, position: position, mostRepeats: most)
    var partials = [Double](repeating: 0, count: blocks * width)
    partials.withUnsafeMutableBufferPointer { partials in
      nonisolated(unsafe) let partials = partials
      parallel.forEachBlock(count: rows, blockSize: blockSize) { block in
        let own = UnsafeMutableBufferPointer(
          rebasing: partials[block.index * width..<(block.index + 1) * width])
        add(block.range, rows4, position, to: own)
      }
    }
    var sums = [Double](repeating: 0, count: width)
    for block in 0..<blocks {
      for index in 0..<width { sums[index] += partials[block * width + index] }
    }
    let second = (0..<dimension).map { row in
      (0..<dimension).map { sums[1 + dimension + max(row, $0) * dimension + min(row, $0)] }
    }
    return LikelihoodPoint(
      value: sums[0] + Double(k - 1) * logIntervals, gradient: Array(sums[1...dimension]), hessian: second)
  }

  private func add(
    _ range: Range<Int>, _ model: RowModel, _ position: [Double], to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let dimension = dimension
    let (rates, leavings) = (rate.columns, leaving.columns)
    let (leavingIndex, leavingSign) = leavingPlace
    withUnsafeTemporaryAllocation(of: Double.self, capacity: dimension) { factors in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: dimension) { places in
        for index in 0..<dimension {
          places[index] =
            index < Self.parameters ? index : index < Self.parameters + rates ? 1 : leavingIndex
          factors[index] = 1
        }
        rate.withUnsafeElements { rate, rateMeans, rateDeviations in
          leaving.withUnsafeElements { leaving, leavingMeans, leavingDeviations in
            for row in range {
              let customer = row * step
              var (rateShift, leavingShift) = (0.0, 0.0)
              for column in 0..<rates {
                let value = (rateMeans[column] - rate[customer * rates + column]) / rateDeviations[column]
                factors[Self.parameters + column] = value
                rateShift += value * position[Self.parameters + column]
              }
              for column in 0..<leavings {
                let value =
                  leavingSign * (leaving[customer * leavings + column] - leavingMeans[column])
                  / leavingDeviations[column]
                factors[Self.parameters + rates + column] = value
                leavingShift += value * position[Self.parameters + rates + column]
              }
              let point = model.point(histories[customer], rateShift, leavingShift)
              Self.add(point, factors, places, dimension, to: sums)
            }
          }
        }
      }
    }
  }

  /// The chain rule: a coefficient moves the coordinate at its place by its factor.
  @inline(__always)
  private static func add(
    _ point: LikelihoodSums, _ factors: UnsafeMutableBufferPointer<Double>,
    _ places: UnsafeMutableBufferPointer<Int>, _ dimension: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    sums[0] += point.value
    for row in 0..<dimension {
      let place = places[row]
      let second = place == 0 ? point.byR : place == 1 ? point.byAlpha : place == 2 ? point.byA : point.byB
      let factor = factors[row]
      sums[1 + row] += factor * point.gradient[place]
      let start = 1 + dimension + row * dimension
      for column in 0...row { sums[start + column] += factor * factors[column] * second[places[column]] }
    }
  }
}

/// What is shared by customers at one place of the search.
private struct RowModel: Sendable {
  let kind: RepeatModelKind
  let k: Int
  let position: [Double]
  private let r: Double
  private let b: Double
  /// By number of repeats: ln (r)ₖₓ, and ln (b)ₓ₊ₘ.
  private let rising: [RisingFactorial]
  private let staying: [RisingFactorial]
  private let phases: PhaseCoefficients

  init(kind: RepeatModelKind, k: Int, position: [Double], mostRepeats: Int) {
    self.kind = kind
    self.k = k
    self.position = position
    let (r, b) = (exp(position[0]), exp(position[3]))
    (self.r, self.b) = (r, b)
    rising = (0...mostRepeats).map { RisingFactorial(r, k * $0) }
    let isPareto = kind == .paretoNBD
    let offset = kind.leavesAtOrigin ? 1 : 0
    staying = isPareto ? [] : (0...mostRepeats).map { RisingFactorial(b, $0 + offset) }
    phases = PhaseCoefficients(
      BetaGeometric(r: r, alpha: 1, a: 1, b: 1, k: k), repeats: k > 1 ? mostRepeats : 0)
  }

  /// One customer's likelihood by the logarithms of the own parameters.
  @inline(__always)
  func point(_ history: RepeatHistory, _ rateShift: Double, _ leavingShift: Double) -> LikelihoodSums {
    let alpha = exp(position[1] + rateShift)
    return kind == .paretoNBD
      ? pareto(history, alpha, beta: exp(position[3] + leavingShift))
      : betaGeometric(history, alpha, a: exp(position[2] + leavingShift))
  }

  private func pareto(_ history: RepeatHistory, _ alpha: Double, beta: Double) -> LikelihoodSums {
    let model = ParetoNBD(r: r, alpha: alpha, s: exp(position[2]), beta: beta)
    var sums = LikelihoodSums()
    ParetoKernel(model, repeats: history.repeats, rising[history.repeats])
      .add(times: 1, last: history.last, age: history.age, to: &sums)
    return sums.byLogarithms(of: SIMD4(r, alpha, model.s, beta))
  }

  private func betaGeometric(_ history: RepeatHistory, _ alpha: Double, a: Double) -> LikelihoodSums {
    let repeats = history.repeats
    let model = BetaGeometric(
      r: r, alpha: alpha, a: a, b: b, k: k, leavesAtOrigin: kind.leavesAtOrigin)
    let terms = RepeatTerms(
      model, repeats: repeats, rising: rising[repeats], staying: staying[repeats],
      both: RisingFactorial(a + b, repeats + (kind.leavesAtOrigin ? 1 : 0)))
    let inverse = (age: 1 / (alpha + history.age), last: 1 / (alpha + history.last))
    var silence = Silence()
    if k > 1 {
      silence = phases.silence(
        repeats: repeats, q: (history.age - history.last) * inverse.age, inverse.age)
    }
    let kernel = BetaGeometricKernel(
      events: r + Double(k * repeats), alpha: alpha,
      growth: (log1p(history.age / alpha), log1p(history.last / alpha)), inverse: inverse, silence: silence)
    var sums = LikelihoodSums()
    kernel.add(times: 1, terms, to: &sums)
    return sums.byLogarithms(of: SIMD4(r, alpha, a, b))
  }
}
