public import Foundation
public import LinearAlgebra

/// A fitted model of either kind: coefficients of standardised columns, or terms on nodes.
public enum AnyModel: Sendable {
  case coefficients(LogisticModel)
  case terms(TermModel)

  /// Reads what `json()` wrote.
  ///
  /// - Throws: `ChurnModelError` (`otherFormat`, `damagedModel`).
  public init(json data: Data) throws(ChurnModelError) {
    switch try ModelFile.kind(of: data) {
    case .coefficients: self = .coefficients(try ModelFile.decoded(LogisticModel.self, from: data))
    case .terms: self = .terms(try ModelFile.decoded(TermModel.self, from: data))
    }
  }

  /// The model as readable JSON.
  ///
  /// - Throws: `ChurnModelError` (`damagedModel`) when a number is not finite.
  public func json() throws(ChurnModelError) -> Data {
    switch self {
    case .coefficients(let model): try model.json()
    case .terms(let model): try model.json()
    }
  }

  /// What each raw column means, in the order in which rows must be given.
  public var features: [FeatureColumn] {
    switch self {
    case .coefficients(let model): model.features
    case .terms(let model): model.features
    }
  }

  /// Indices of the features that scores depend on, ascending.
  public var usedFeatures: [Int] {
    switch self {
    case .coefficients(let model): Set(model.columns.map(\.feature)).sorted()
    case .terms(let model): Set(model.terms.flatMap(\.features)).sorted()
    }
  }

  public var training: TrainingSummary {
    switch self {
    case .coefficients(let model): model.training
    case .terms(let model): model.training
    }
  }

  public var droppedFeatures: [DroppedFeature] {
    switch self {
    case .coefficients(let model): model.droppedFeatures
    case .terms(let model): model.droppedFeatures
    }
  }

  public var metadata: [String: String] {
    get {
      switch self {
      case .coefficients(let model): model.metadata
      case .terms(let model): model.metadata
      }
    }
    set {
      switch self {
      case .coefficients(var model):
        model.metadata = newValue
        self = .coefficients(model)
      case .terms(var model):
        model.metadata = newValue
        self = .terms(model)
      }
    }
  }

  /// How margins become probabilities.
  public var link: ProbabilityLink {
    get {
      switch self {
      case .coefficients(let model): model.link
      case .terms(let model): model.link
      }
    }
    set {
      switch self {
      case .coefficients(var model):
        model.link = newValue
        self = .coefficients(model)
      case .terms(var model):
        model.link = newValue
        self = .terms(model)
      }
    }
  }

  /// The probability of a positive for each row.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - offsets: one a row, added to its margin; nil for 0 each.
  /// - Complexity: O(rows × features)
  public func probabilities(_ values: Matrix, offsets: [Double]? = nil) -> [Double] {
    precondition(offsets.map { $0.count == values.rows } ?? true, "there must be one offset a row")
    return [Double](unsafeUninitializedCapacity: values.rows) { buffer, count in
      values.withUnsafeElements { elements in
        guard let offsets else { return score(features: elements, rows: values.rows, into: buffer) }
        margins(features: elements, rows: values.rows, into: buffer)
        for row in offsets.indices { buffer[row] += offsets[row] }
        link.apply(to: UnsafeMutableBufferPointer(rebasing: buffer[..<values.rows]))
      }
      count = values.rows
    }
  }

  /// The margin (log-odds of a positive) of each row, before `link`.
  ///
  /// - Parameter values: rows × features.
  /// - Complexity: O(rows × features)
  public func margins(_ values: Matrix) -> [Double] {
    [Double](unsafeUninitializedCapacity: values.rows) { buffer, count in
      values.withUnsafeElements { margins(features: $0, rows: values.rows, into: buffer) }
      count = values.rows
    }
  }

  /// Writes the margin of each row; see `LogisticModel.margins` and `TermModel.margins`.
  public func margins(
    features: UnsafeBufferPointer<Double>, rows: Int, into margins: UnsafeMutableBufferPointer<Double>
  ) {
    switch self {
    case .coefficients(let model): model.margins(features: features, rows: rows, into: margins)
    case .terms(let model): model.margins(features: features, rows: rows, into: margins)
    }
  }

  /// Writes the probability of a positive for each row; see `LogisticModel.score` and `TermModel.score`.
  public func score(
    features: UnsafeBufferPointer<Double>, rows: Int,
    into probabilities: UnsafeMutableBufferPointer<Double>
  ) {
    switch self {
    case .coefficients(let model): model.score(features: features, rows: rows, into: probabilities)
    case .terms(let model): model.score(features: features, rows: rows, into: probabilities)
    }
  }
}
