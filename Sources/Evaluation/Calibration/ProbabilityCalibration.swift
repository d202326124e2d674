internal import ChurnModel
internal import Statistics

/// Chooses the calibrator of a fitted model by rows that were held out.
enum ProbabilityCalibration {
  /// - Parameters:
  ///   - labels, weights, groups: of all rows of the fit, one a row; rows of one group are held out together.
  ///   - margins: gives those of held-out rows by coefficients that have not seen them.
  /// - Returns: nil where none was asked for, and where the best was asked for but the rows are too few or too alike to judge.
  /// - Throws: `ChurnModelError` when a certain kind was asked for that the rows do not determine.
  static func choose(
    _ rule: CalibrationRule, labels: [Bool], weights: [Double]?, groups: [Int32],
    margins: (HeldOutRows) throws(ChurnModelError) -> [Double]
  ) throws(ChurnModelError) -> CalibrationChoice? {
    guard rule != .none else { return nil }
    let heldOut = HeldOutRows(groups: groups, weights: weights)
    do {
      let probabilities = ProbabilityLink.logistic.probabilities(try margins(heldOut))
      return try CalibrationChoice(
        probabilities: probabilities, labels: heldOut.rows.map { labels[$0] },
        weights: weights.map { all in heldOut.rows.map { all[$0] } }, folds: heldOut.folds,
        wanted: rule.wanted)
    } catch {
      // Training does not fail for want of a calibrator that nobody insists on.
      if rule == .auto { return nil }
      throw ChurnModelError(
        .invalidOption,
        "\(rule.rawValue) calibration cannot be learned from these rows: \(error); choose calibration none or auto"
      )
    }
  }
}
