import Statistics

extension CoefficientTable.Row {
  /// The standard error of `estimate` of one kind; nil when the fit was not asked for it.
  public func error(_ kind: CoefficientTable.ErrorKind) -> Double? {
    switch kind {
    case .modelBased: standardError
    case .robust: robustError
    case .clustered: clusteredError
    }
  }

  /// Wald's z statistic and two-sided p value of no effect; nil when the fit was not asked for errors of this kind.
  public func waldTest(_ kind: CoefficientTable.ErrorKind = .modelBased) -> (z: Double, pValue: Double)? {
    error(kind).map { (estimate / $0, NormalDistribution.twoSidedPValue(estimate / $0)) }
  }

  /// Wald's confidence interval of `estimate`, symmetric, by the normal distribution.
  ///
  /// With a penalty it is one of the shrunk coefficient, see `CoefficientTable`.
  ///
  /// - Parameter level: between 0 and 1.
  /// - Returns: nil when the fit was not asked for errors of this kind.
  public func confidenceInterval(
    level: Double = 0.95, _ kind: CoefficientTable.ErrorKind = .modelBased
  ) -> ClosedRange<Double>? {
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1")
    guard let error = error(kind) else { return nil }
    let half = NormalDistribution.quantile(0.5 + level / 2) * error
    return estimate - half...estimate + half
  }
}

extension CoefficientTable {
  /// One sentence for reports: what the errors of this table are.
  public var meaning: String {
    let coefficients =
      method == .firth
      ? "Firth's coefficients"
      : method == .elasticNet
        ? "elastic-net coefficients (penalty \(penalty)), which are shrunk towards 0, given the columns and signs chosen; "
          + "no p values or intervals, for the same labels chose them"
        : penalty > 0
          ? "ridge coefficients (penalty \(penalty)), which are shrunk towards 0"
          : "maximum likelihood coefficients"
    var parts = ["model-based errors of \(coefficients)"]
    let held = rows.filter(\.isHeld).count
    if method == .bounded { parts.append("given that \(held) coefficients are held by their bounds") }
    if rows.contains(where: { $0.robustError != nil }) { parts.append("robust errors HC0") }
    if let clusters { parts.append("errors clustered in \(clusters) groups, factor G/(G - 1)") }
    return parts.joined(separator: "; ")
  }
}
