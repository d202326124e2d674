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

/// Covariates with mean 0 and deviation 1, so that their scales do not matter to the search.
struct StandardCovariates {
  let values: Matrix
  let means: [Double]
  let deviations: [Double]

  /// A covariate of which less than this share is not said by those before it depends on them.
  private static let leastOwnShare = 1e-9

  init(_ covariates: RepeatCovariates, count: Int) throws(RepeatModelError) {
    let columns = covariates.names.count
    guard columns > 0 else {
      (values, means, deviations) = (Matrix(rows: count, columns: 0), [], [])
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
    let (allMeans, allDeviations) = (means, deviations)
    values = Matrix(rows: count, columns: columns) { elements in
      covariates.values.withUnsafeElements { raw in
        for index in 0..<count * columns {
          elements[index] = (raw[index] - allMeans[index % columns]) / allDeviations[index % columns]
        }
      }
    }
    self.means = means
    self.deviations = deviations
    try checkDependence(covariates.names)
  }

  /// Cholesky's factorisation of the correlations by hand: its pivots are the shares that columns have of their own.
  private func checkDependence(_ names: [String]) throws(RepeatModelError) {
    let order = names.count
    var correlations = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    values.withUnsafeElements { elements in
      for row in 0..<values.rows {
        for one in 0..<order {
          for other in 0...one {
            correlations[one][other] += elements[row * order + one] * elements[row * order + other]
          }
        }
      }
    }
    for column in 0..<order {
      var pivot = correlations[column][column] / Double(values.rows)
      for before in 0..<column { pivot -= correlations[column][before] * correlations[column][before] }
      guard pivot > Self.leastOwnShare else {
        throw RepeatModelError(.covariate(name: names[column], .dependent))
      }
      for row in column..<order {
        var sum = correlations[row][column] / Double(values.rows)
        for before in 0..<column { sum -= correlations[row][before] * correlations[column][before] }
        correlations[row][column] = sum / pivot.squareRoot()
      }
    }
  }
}
