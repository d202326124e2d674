/// How a model is fitted.
public struct RepeatFitOptions: Sendable {
  /// The regularity k of the models that have one, 1 … `BetaGeometric.greatestRegularity`; `nil` (the default) for the k
  /// of the greatest likelihood up to `mostRegular`.
  public var regularity: Int?
  /// The greatest k that is tried, default 12.
  public var mostRegular = 12
  /// Standard deviation of a normal prior on the logarithm of every parameter, centred on 1; `nil` (the default) for
  /// plain maximum likelihood. A wide one (5 is a factor of 150 either way) changes nothing that the data can tell and
  /// keeps parameters finite that the data leave open.
  public var priorDeviation: Double?
  /// Newton steps at most, default 200.
  public var maximumIterations = 200
  /// Stops when a Newton step promises less than this, in nats; default 1e-9.
  public var tolerance = 1e-9

  public init() {}
}
