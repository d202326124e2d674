public import Foundation
internal import LinearAlgebra

extension MarginCovariance {
  /// As JSON: names and sizes to read, numbers to their last bit as base64 of little-endian doubles.
  ///
  /// - Throws: `ChurnModelError` (`damagedModel`) when a number is not finite.
  public func json() throws(ChurnModelError) -> Data {
    try ModelFile.encoded(StoredCovariance(self))
  }

  /// Reads what `json()` wrote.
  ///
  /// - Throws: `ChurnModelError` (`otherFormat`, `damagedModel`).
  public init(json data: Data) throws(ChurnModelError) {
    let stored = try ModelFile.decoded(StoredCovariance.self, from: data)
    guard StoredCovariance.versions.contains(stored.formatVersion) else {
      throw ChurnModelError(
        .otherFormat,
        "the covariance has format version \(stored.formatVersion), this program reads versions "
          + "up to \(StoredCovariance.versions.upperBound); use the program that wrote it or train the model again"
      )
    }
    guard let own = stored.covariance else {
      throw ChurnModelError(
        .damagedModel,
        "the covariance is damaged: its parts contradict each other; train the model again or restore the file"
      )
    }
    self = own
  }
}

/// A covariance as it stands in a file.
private struct StoredCovariance: Codable {
  /// 2 where levels vary by themselves, which a program that does not know of it must not leave out.
  static let versions = 1...2

  var formatVersion: Int
  var columns: Int
  var positions: [Int]
  /// The rows of R up to the diagonal.
  var factor: Data
  /// Absent for coefficients.
  var terms: [TermDirections]?

  init(_ covariance: MarginCovariance) {
    formatVersion = Self.versions.lowerBound
    columns = covariance.columns
    positions = covariance.positions
    let factor = covariance.factor
    let packed = (0..<covariance.order).flatMap { row in (0...row).map { factor[row, $0] } }
    self.factor = packed.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    if case .terms(let directions) = covariance.design {
      terms = directions
      if directions.contains(where: { $0.variances != nil }) { formatVersion = Self.versions.upperBound }
    }
  }

  /// Nil when the parts contradict each other.
  var covariance: MarginCovariance? {
    let order = positions.count
    guard order > 0, Set(positions).count == order, positions.allSatisfy((0..<columns).contains),
      factor.count == order * (order + 1) / 2 * MemoryLayout<Double>.size,
      terms?.allSatisfy(\.isWhole) ?? true
    else { return nil }
    let packed = factor.withUnsafeBytes { bytes in
      (0..<order * (order + 1) / 2).map { index in
        let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<UInt64>.size, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
    guard packed.allSatisfy(\.isFinite) else { return nil }
    let whole = Matrix(rows: order, columns: order) { elements in
      elements.update(repeating: 0)
      for row in 0..<order {
        for column in 0...row { elements[row * order + column] = packed[row * (row + 1) / 2 + column] }
      }
    }
    return MarginCovariance(
      design: terms.map { .terms($0) } ?? .coefficients, columns: columns, positions: positions, factor: whole
    )
  }
}
