extension TermOptions {
  /// The shape of a feature's term; yes and no have two values, which every shape fits.
  func shape(of feature: FeatureColumn) -> NumberShape {
    feature.kind == .flag ? .curve : shapes[feature.name] ?? numberShape
  }

  /// The trend that a feature's bins follow: that of its shape, or the direction where the shape leaves it open.
  ///
  /// - Returns: the trend, and whether the steps of the term are held to it.
  func trend(of feature: String, _ trend: OptimalBinOptions.Trend) -> (
    trend: OptimalBinOptions.Trend, isHeld: Bool
  ) {
    switch trend {
    case .increasing, .decreasing, .peak, .valley: return (trend, true)
    case .free, .auto:
      guard let direction = directions[feature] else { return (trend, false) }
      return (direction == .rising ? .increasing : .decreasing, true)
    }
  }

  /// Checks that shapes and directions are given to columns that can have them.
  ///
  /// - Throws: `ChurnModelError` (`invalidOption`) that names the column.
  func check(_ features: [FeatureColumn]) throws(ChurnModelError) {
    try MonotoneDirection.check(shapes.keys.sorted(), "shape", features)
    try MonotoneDirection.check(directions.keys.sorted(), "direction", features)
    for (name, direction) in directions.sorted(by: { $0.key < $1.key }) {
      guard case .bins(let trend) = shapes[name] ?? numberShape else { continue }
      let own: OptimalBinOptions.Trend = direction == .rising ? .increasing : .decreasing
      guard [.auto, .free, own].contains(trend) else {
        throw ChurnModelError(
          .invalidOption,
          "column \"\(name)\" cannot be \(direction.rawValue) and have the shape \(NumberShape.bins(trend)); give one of both"
        )
      }
    }
  }
}

extension MonotoneDirection {
  /// The same direction of a coefficient.
  public var bounds: CoefficientBounds { self == .rising ? .nonNegative : .nonPositive }

  /// Checks that columns exist and are ordered: numbers, dates as days, yes or no.
  ///
  /// - Parameter what: what is given to them, for the message.
  /// - Throws: `ChurnModelError` (`invalidOption`) that names the column.
  public static func check(
    _ names: [String], _ what: String, _ features: [FeatureColumn]
  ) throws(ChurnModelError) {
    for name in names {
      guard let feature = features.first(where: { $0.name == name && $0.kind != .unused }) else {
        let known = features.filter { !$0.kind.isCategory && $0.kind != .unused }.map(\.name)
        throw ChurnModelError(
          .invalidOption,
          "a \(what) is given to \"\(name)\", which is no column of the model; columns that can have one: "
            + (known.isEmpty ? "none" : known.joined(separator: ", ")))
      }
      if case .category(let levels) = feature.kind {
        let examples = levels.prefix(2).map { "\"\($0)\"" }.joined(separator: ", ")
        throw ChurnModelError(
          .invalidOption,
          "column \"\(name)\" holds texts (such as \(examples)), which have no order; a \(what) is for numbers and dates"
        )
      }
    }
  }
}
