internal import LinearAlgebra

/// Turns raw rows into the design's columns whose coefficients vary, row by row.
struct DesignRows: Sendable {
  /// A category with pooled levels: what is no level counts as one of these, as in scoring.
  private struct Pool {
    let feature: Int
    let levels: Int
    let level: Double
  }

  private enum Kind: Sendable {
    case coefficients(Expansion, [Pool])
    case terms([(directions: TermDirections, term: TermModel.Term)])
  }

  private let kind: Kind
  private let features: Int
  /// Columns of the whole design.
  private let columns: Int
  private let positions: [Int]

  init(_ model: AnyModel, _ covariance: MarginCovariance) {
    features = model.features.count
    columns = covariance.columns
    positions = covariance.positions
    switch (model, covariance.design) {
    case (.coefficients(let model), _):
      kind = .coefficients(
        Expansion(features: model.features, columns: model.columns),
        model.columns.compactMap { column in
          guard case .otherLevels(let levels) = column.term, let first = levels.first else { return nil }
          return Pool(
            feature: column.feature, levels: model.features[column.feature].kind.levelCount,
            level: Double(first))
        })
    case (.terms(let model), .terms(let directions)):
      kind = .terms(Array(zip(directions, model.terms)))
    case (.terms, .coefficients):
      preconditionFailure("the covariance was checked")
    }
  }

  /// Scratch space for some rows.
  final class Block {
    /// Design columns, column by column; empty for terms.
    fileprivate let panel: Panel
    /// Raw rows with unseen levels replaced; one row of the design for terms.
    fileprivate var scratch: [Double]

    fileprivate init(panel: Panel, scratch: Int) {
      self.panel = panel
      self.scratch = [Double](repeating: 0, count: scratch)
    }
  }

  func makeBlock(rows: Int) -> Block {
    switch kind {
    case .coefficients(let expansion, let pools):
      let panel = Panel(capacity: rows, columns: expansion.panelColumns)
      expansion.prepare(panel)
      return Block(panel: panel, scratch: pools.isEmpty ? 0 : rows * features)
    case .terms:
      return Block(panel: Panel(capacity: 1, columns: 0), scratch: columns)
    }
  }

  /// Writes the design of some raw rows, one after the other.
  ///
  /// - Parameters:
  ///   - source: count × features.
  ///   - target: count × positions.
  func write(
    _ source: UnsafePointer<Double>, count: Int, _ block: Block, to target: UnsafeMutablePointer<Double>
  ) {
    switch kind {
    case .coefficients(let expansion, let pools):
      if pools.isEmpty {
        expansion.expand(first: source, stride: features, count: count, into: block.panel)
      } else {
        block.scratch.withUnsafeMutableBufferPointer { scratch in
          guard let raw = scratch.baseAddress else { return }
          raw.update(from: source, count: count * features)
          for pool in pools {
            for row in 0..<count {
              let value = raw[row * features + pool.feature]
              // NaN is missing, not unseen.
              if value < 0 || value >= Double(pool.levels) { raw[row * features + pool.feature] = pool.level }
            }
          }
          expansion.expand(first: raw, stride: features, count: count, into: block.panel)
        }
      }
      for (index, position) in positions.enumerated() {
        let column = block.panel.column(position)
        for row in 0..<count { target[row * positions.count + index] = column[row] }
      }
    case .terms(let terms):
      block.scratch.withUnsafeMutableBufferPointer { design in
        for row in 0..<count {
          write(terms, source + row * features, to: design)
          for (index, position) in positions.enumerated() {
            target[row * positions.count + index] = design[position]
          }
        }
      }
    }
  }

  /// What the margin of a raw row varies beside its coefficients: the levels that vary each by itself.
  func ownVariance(_ row: UnsafePointer<Double>) -> Double {
    guard case .terms(let terms) = kind else { return 0 }
    return terms.reduce(0) { sum, own in
      guard let variances = own.directions.variances else { return sum }
      let place = own.term.scales[0].place(row[own.term.features[0]])
      return sum + variances[place.node + (place.share == 0 ? 0 : 1)]
    }
  }

  /// Writes one row of the whole design of terms.
  private func write(
    _ terms: [(directions: TermDirections, term: TermModel.Term)], _ row: UnsafePointer<Double>,
    to design: UnsafeMutableBufferPointer<Double>
  ) {
    design[0] = 1
    var start = 1
    for (directions, term) in terms {
      let first = directions.axes[0]
      let place = term.scales[0].place(row[term.features[0]])
      if directions.axes.count == 1 {
        for column in 0..<first.columns { design[start + column] = first.value(place, column) }
      } else {
        let second = directions.axes[1]
        let secondPlace = term.scales[1].place(row[term.features[1]])
        for column in 0..<first.columns {
          let value = first.value(place, column)
          for other in 0..<second.columns {
            design[start + column * second.columns + other] = value * second.value(secondPlace, other)
          }
        }
      }
      start += directions.columns
    }
  }
}

extension TermDirections.Axis {
  /// A direction between two nodes.
  @inline(__always)
  fileprivate func value(_ place: TermScale.Place, _ column: Int) -> Double {
    values[place.node * columns + column] * (1 - place.share)
      + values[(place.node + 1) * columns + column] * place.share
  }
}
