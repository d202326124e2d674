public import LinearAlgebra

/// Traits of customers that do not change, for one of the two processes.
public struct RepeatCovariates: Sendable {
  public let names: [String]
  /// One row a customer, one column a covariate; any scales.
  public let values: Matrix

  /// No covariates.
  public static let none = RepeatCovariates(names: [], values: Matrix(rows: 0, columns: 0))

  public init(names: [String], values: Matrix) {
    precondition(names.count == values.columns, "every covariate needs a name")
    self.names = names
    self.values = values
  }

  /// Some of the covariates.
  func keeping(_ isKept: (Int) -> Bool) -> RepeatCovariates {
    let kept = names.indices.filter(isKept)
    guard kept.count < names.count else { return self }
    guard !kept.isEmpty else { return .none }
    let values = Matrix(rows: values.rows, columns: kept.count) { elements in
      self.values.withUnsafeElements { all in
        for row in 0..<self.values.rows {
          for (place, column) in kept.enumerated() {
            elements[row * kept.count + place] = all[row * names.count + column]
          }
        }
      }
    }
    return RepeatCovariates(names: kept.map { names[$0] }, values: values)
  }
}

/// Covariates with mean 0 and deviation 1, so that their scales do not matter to the search; made of the raw ones value
/// by value, for a copy would take more memory than everything else of a fit.
struct StandardCovariates: Sendable {
  /// As they were given.
  let raw: Matrix
  let means: [Double]
  let deviations: [Double]

  var columns: Int { raw.columns }

  /// Calls `body` with the raw values row by row, and the means and deviations by column.
  func withUnsafeElements<Result>(
    _ body: (
      _ raw: UnsafeBufferPointer<Double>, _ means: UnsafeBufferPointer<Double>,
      _ deviations: UnsafeBufferPointer<Double>
    ) -> Result
  ) -> Result {
    raw.withUnsafeElements { raw in
      means.withUnsafeBufferPointer { means in
        deviations.withUnsafeBufferPointer { body(raw, means, $0) }
      }
    }
  }

  /// A covariate of which less than this share is not said by those before it depends on them.
  private static let leastOwnShare = 1e-9

  init(_ covariates: RepeatCovariates, count: Int) throws(RepeatModelError) {
    let columns = covariates.names.count
    guard columns > 0 else {
      (raw, means, deviations) = (Matrix(rows: count, columns: 0), [], [])
      return
    }
    guard covariates.values.rows == count else {
      throw RepeatModelError(.covariateRows(covariates.values.rows, histories: count))
    }
    var (means, deviations): ([Double], [Double]) = ([], [])
    for (column, name) in covariates.names.enumerated() {
      // Scaled first, so that squares of enormous values stay finite.
      var greatest = 0.0
      for row in 0..<count {
        let value = covariates.values[row, column]
        guard value.isFinite else { throw RepeatModelError(.covariate(name: name, .notFinite)) }
        greatest = max(greatest, abs(value))
      }
      var mean = 0.0
      for row in 0..<count { mean += covariates.values[row, column] / Double(count) }
      var squares = 0.0
      for row in 0..<count {
        let share = (covariates.values[row, column] - mean) / max(greatest, .leastNormalMagnitude)
        squares += share * share / Double(count)
      }
      guard squares > 1e-24 else { throw RepeatModelError(.covariate(name: name, .constant)) }
      means.append(mean)
      deviations.append(squares.squareRoot() * greatest)
    }
    raw = covariates.values
    self.means = means
    self.deviations = deviations
    try checkDependence(covariates.names)
  }

  /// Cholesky's factorisation of the correlations by hand: its pivots are the shares that columns have of their own.
  private func checkDependence(_ names: [String]) throws(RepeatModelError) {
    let order = names.count
    var correlations = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    withUnsafeElements { raw, means, deviations in
      var own = [Double](repeating: 0, count: order)
      for row in 0..<self.raw.rows {
        for column in 0..<order {
          own[column] = (raw[row * order + column] - means[column]) / deviations[column]
        }
        for one in 0..<order {
          for other in 0...one { correlations[one][other] += own[one] * own[other] }
        }
      }
    }
    for column in 0..<order {
      var pivot = correlations[column][column] / Double(raw.rows)
      for before in 0..<column { pivot -= correlations[column][before] * correlations[column][before] }
      guard pivot > Self.leastOwnShare else {
        throw RepeatModelError(.covariate(name: names[column], .dependent))
      }
      for row in column..<order {
        var sum = correlations[row][column] / Double(raw.rows)
        for before in 0..<column { sum -= correlations[row][before] * correlations[column][before] }
        correlations[row][column] = sum / pivot.squareRoot()
      }
    }
  }
}
