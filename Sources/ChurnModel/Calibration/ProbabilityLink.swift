internal import CVectorLoops
public import Statistics

/// How a margin becomes a probability: through the logistic, then the calibrator, then the correction for sampled classes.
///
/// Every probability that a model gives comes from here. All three rise, so that the order of margins is kept. The calibrator
/// speaks of rows as they were trained on, so it comes before the correction, which moves probabilities from these to the
/// population.
public struct ProbabilityLink: Sendable, Equatable {
  /// The calibrator with what is known about the choice; nil where none was asked for.
  public var calibration: CalibrationChoice?
  /// From the share of positives among the training rows to that of the population; nil where they are the same.
  public var correction: PriorCorrection?

  /// The logistic alone.
  public static let logistic = ProbabilityLink()

  public init(calibration: CalibrationChoice? = nil, correction: PriorCorrection? = nil) {
    (self.calibration, self.correction) = (calibration, correction)
  }

  /// Whether probabilities are those of the logistic alone.
  public var isLogistic: Bool {
    correction == nil && (calibration?.calibrator ?? .identity) == .identity
  }

  /// Turns margins into probabilities where they stand, without allocation.
  ///
  /// - Complexity: O(n), O(n log points) with an isotonic calibrator.
  func apply(to margins: UnsafeMutableBufferPointer<Double>) {
    guard let base = margins.baseAddress else { return }
    vector_logistic(margins.count, base)
    if let calibration { calibration.calibrator.apply(to: margins) }
    if let correction { correction.apply(to: margins) }
  }

  /// The probabilities of margins.
  public func probabilities(_ margins: [Double]) -> [Double] {
    var result = margins
    result.withUnsafeMutableBufferPointer { apply(to: $0) }
    return result
  }
}

extension ProbabilityLink: Codable {
  private enum CodingKeys: String, CodingKey {
    case calibration, correction
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func part<Part: Decodable>(_ type: Part.Type, _ key: CodingKeys) throws -> Part? {
      do {
        return try container.decodeIfPresent(type, forKey: key)
      } catch {
        throw ChurnModelError(
          .damagedModel,
          "the model is damaged: the \(key.rawValue) of its probabilities cannot be (\(Self.reason(error))); train it again or "
            + "restore the file")
      }
    }
    calibration = try part(CalibrationChoice.self, .calibration)
    correction = try part(PriorCorrection.self, .correction)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case let error as CalibrationError: error.message
    default: "a part is missing or of another type"
    }
  }
}
