import LinearAlgebra

/// How far the search for the optimum at one λ has come.
struct PathState: Sendable {
  /// Where the objective is evaluated next; the solution when `isDone`.
  var coefficients: [Double]
  /// The last evaluation that was no step uphill.
  var accepted: Evaluation?
  /// A Hessian made for this point; nil while that of the path is good enough.
  var hessian: [Double]?
  /// Of the Gram matrix that the next pass makes here; nil for none.
  var gram: GramPrecision?
  var isDone = false
  /// Passes that evaluated this point.
  var evaluations = 0
  /// By how much the quadratic model says the last step lowers the objective.
  var predictedDecrease = Double.infinity

  /// The objective and its derivatives at some coefficients.
  struct Evaluation: Sendable {
    let coefficients: [Double]
    let sums: PathSums
    let logLoss: Double
    let objective: Double
    /// That of the mean log loss.
    let gradient: [Double]
    /// Greatest violation of the conditions of Karush, Kuhn and Tucker.
    let violation: Double

    /// The mean over the rows of some groups whose weights sum to `weight`.
    init(coefficients: [Double], sums: PathSums, weight: Double, penalty: PenaltyTerms) {
      self.coefficients = coefficients
      self.sums = sums
      logLoss = sums.losses.reduce(0, +) / weight
      gradient = QuadraticModel.sum(sums.gradients).map { $0 / weight }
      objective = logLoss + penalty.value(coefficients)
      violation = penalty.violation(gradient: gradient, coefficients: coefficients)
    }
  }

  /// A step that leaves more of the violation was made with a Hessian that is no longer good.
  private static let slow = 0.2
  /// A step that leaves less of the violation is taken whatever the rounding of the objective says.
  private static let certain = 0.5

  init(coefficients: [Double], accepted: Evaluation? = nil) {
    self.coefficients = coefficients
    self.accepted = accepted
  }

  /// Takes an evaluation at `coefficients`; halves the step to there when it went uphill.
  ///
  /// - Parameter hessian: the Hessian there, when it was asked for.
  /// - Returns: whether the evaluation was accepted.
  mutating func absorb(_ evaluation: Evaluation, hessian made: [Double]?) -> Bool {
    evaluations += 1
    if let previous = accepted {
      // A smaller rise than rounding makes is not a rise.
      let rounding = max(previous.sums.lossRounding, evaluation.sums.lossRounding)
      let limit = previous.objective + rounding * previous.objective.magnitude
      guard evaluation.objective <= limit || evaluation.violation <= Self.certain * previous.violation
      else {
        coefficients = QuadraticModel.mean(previous.coefficients, coefficients, share: 0.5)
        hessian = nil
        gram = .double
        return false
      }
      gram = evaluation.violation > Self.slow * previous.violation ? .double : nil
    } else {
      gram = nil
    }
    if let made { hessian = made }
    accepted = evaluation
    return true
  }
}
