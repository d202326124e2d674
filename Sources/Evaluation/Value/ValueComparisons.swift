/// How many customers came again how often in the calibration, and how many the model expects.
public struct FrequencyFit: Sendable {
  /// By number of repeats from 0; the last element is of so many and more.
  public let actual: [Int]
  public let expected: [Double]

  public init(actual: [Int], expected: [Double]) {
    self.actual = actual
    self.expected = expected
  }

  /// From so many repeats on customers are counted together.
  public static let mostRepeats = 7
}

/// Repeats of all customers week by week, in calibration and hold-out, and those that the model expects.
public struct RepeatTracking: Sendable {
  /// Repeats in each week since the first origin; the last week may be shorter.
  public let actual: [Double]
  public let expected: [Double]
  /// Weeks until the end of the calibration; what is later was not fitted to.
  public let calibrationWeeks: Double
  /// Length of each element in weeks, the last one's apart.
  public let weeks: [Double]

  public init(actual: [Double], expected: [Double], calibrationWeeks: Double, weeks: [Double]) {
    self.actual = actual
    self.expected = expected
    self.calibrationWeeks = calibrationWeeks
    self.weeks = weeks
  }
}

/// What was predicted of the hold-out, and what happened.
public struct HoldOutComparison: Sendable {
  /// Customers with the same number of repeats in the calibration.
  public struct Row: Sendable {
    /// 0, 1, …; the last row is of so many and more.
    public let repeats: Int
    public let customers: Int
    /// Mean visits in the hold-out; NaN without customers.
    public let actual: Double
    public let predicted: Double

    public init(repeats: Int, customers: Int, actual: Double, predicted: Double) {
      self.repeats = repeats
      self.customers = customers
      self.actual = actual
      self.predicted = predicted
    }
  }

  /// Length of the hold-out in the unit of the histories.
  public let length: Double
  /// Visits of all customers in the hold-out.
  public let actualTotal: Double
  public let predictedTotal: Double
  /// Mean absolute error and root of the mean square error a customer.
  public let meanAbsoluteError: Double
  public let rootMeanSquareError: Double
  /// By repeats in the calibration, 0 to `FrequencyFit.mostRepeats` and more.
  public let rows: [Row]

  /// - Parameters:
  ///   - repeats: in the calibration, one a customer.
  ///   - actual: visits in the hold-out, one a customer.
  ///   - predicted: as many.
  public init(length: Double, repeats: [Int], actual: [Int32], predicted: [Double]) {
    precondition(repeats.count == actual.count && actual.count == predicted.count, "one of each a customer")
    self.length = length
    var sums = [(customers: Int, actual: Double, predicted: Double)](
      repeating: (0, 0, 0), count: FrequencyFit.mostRepeats + 1)
    var (absolute, square) = (0.0, 0.0)
    for customer in repeats.indices {
      let row = min(repeats[customer], FrequencyFit.mostRepeats)
      sums[row].customers += 1
      sums[row].actual += Double(actual[customer])
      sums[row].predicted += predicted[customer]
      let error = predicted[customer] - Double(actual[customer])
      absolute += error.magnitude
      square += error * error
    }
    let count = Double(repeats.count)
    actualTotal = sums.reduce(0) { $0 + $1.actual }
    predictedTotal = sums.reduce(0) { $0 + $1.predicted }
    meanAbsoluteError = absolute / count
    rootMeanSquareError = (square / count).squareRoot()
    rows = sums.enumerated().map { repeats, sum in
      let customers = Double(sum.customers)
      return Row(
        repeats: repeats, customers: sum.customers, actual: sum.actual / customers,
        predicted: sum.predicted / customers)
    }
  }
}

/// P(alive) by number of repeats and time since the last of them, for customers who are known for one time.
public struct AliveMatrix: Sendable {
  /// T of the customers, in the unit of the histories.
  public let age: Double
  /// Numbers of repeats, ascending: the columns.
  public let repeats: [Int]
  /// Recencies t_x, ascending: the rows.
  public let recencies: [Double]
  /// Row by row.
  public let probabilities: [[Double]]

  public init(age: Double, repeats: [Int], recencies: [Double], probabilities: [[Double]]) {
    self.age = age
    self.repeats = repeats
    self.recencies = recencies
    self.probabilities = probabilities
  }
}
