internal import CVectorLoops

extension TermModel {
  /// Rows whose places are found before their terms are added up.
  private static let blockRows = 256

  /// Writes the probability of a positive for each row: its margin through `link`.
  ///
  /// Missing values are NaN; numbers beyond the outermost knots count as these; a category that training did not show
  /// counts as a pooled one, or adds nothing where none were pooled.
  ///
  /// - Parameters:
  ///   - features: rows × feature count, row-major, in the order of `self.features`.
  ///   - rows: number of rows.
  ///   - probabilities: at least `rows` elements.
  /// - Complexity: O(rows × terms × log knots)
  public func score(
    features: UnsafeBufferPointer<Double>, rows: Int,
    into probabilities: UnsafeMutableBufferPointer<Double>
  ) {
    margins(features: features, rows: rows, into: probabilities)
    link.apply(to: UnsafeMutableBufferPointer(rebasing: probabilities[..<rows]))
  }

  /// Writes the margin (log-odds of a positive) for each row; see `score`.
  public func margins(
    features values: UnsafeBufferPointer<Double>, rows: Int,
    into margins: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(rows >= 0 && values.count >= rows * features.count, "rows × features values are needed")
    precondition(margins.count >= rows, "the result needs one element a row")
    guard rows > 0, let base = margins.baseAddress, let source = values.baseAddress else { return }
    base.update(repeating: intercept, count: rows)
    let places = PlaceBlock(capacity: Self.blockRows)
    for first in stride(from: 0, to: rows, by: Self.blockRows) {
      let count = min(Self.blockRows, rows - first)
      for term in terms {
        places.add(
          term, source + first * features.count, stride: features.count, count: count, to: base + first)
      }
    }
  }

  /// What each term adds to the margin of one row, in the order of `terms`.
  ///
  /// - Complexity: O(terms × log knots)
  public func contributions(_ row: UnsafeBufferPointer<Double>) -> [Double] {
    precondition(row.count == features.count, "a row has one value a feature")
    guard let source = row.baseAddress else { return [] }
    let places = PlaceBlock(capacity: 1)
    return terms.map { term in
      var addition = 0.0
      places.add(term, source, stride: features.count, count: 1, to: &addition)
      return addition
    }
  }
}

/// Places of a block of rows on the nodes of one term.
private final class PlaceBlock {
  private let nodes: UnsafeMutableBufferPointer<UInt8>
  private let shares: UnsafeMutableBufferPointer<Double>
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    nodes = .allocate(capacity: 2 * capacity)
    shares = .allocate(capacity: 2 * capacity)
    nodes.initialize(repeating: 0)
    shares.initialize(repeating: 0)
  }

  deinit {
    nodes.deallocate()
    shares.deallocate()
  }

  /// Adds a term to the margins of some rows.
  func add(
    _ term: TermModel.Term, _ source: UnsafePointer<Double>, stride: Int, count: Int,
    to margins: UnsafeMutablePointer<Double>
  ) {
    guard !term.scales[0].isLong else {
      return addLevels(term, source, stride: stride, count: count, to: margins)
    }
    find(term, source, stride: stride, count: count)
    add(term, count: count, to: margins)
  }

  /// Adds a term of one feature whose places do not fit in a byte.
  private func addLevels(
    _ term: TermModel.Term, _ source: UnsafePointer<Double>, stride: Int, count: Int,
    to margins: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<count {
      let place = term.scales[0].place(source[row * stride + term.features[0]])
      // A level lies wholly on its node or, where it has none, on the next one.
      margins[row] += term.values[place.node + (place.share == 0 ? 0 : 1)]
    }
  }

  private func find(_ term: TermModel.Term, _ source: UnsafePointer<Double>, stride: Int, count: Int) {
    for (axis, scale) in term.scales.enumerated() {
      let feature = term.features[axis]
      for row in 0..<count {
        let place = scale.place(source[row * stride + feature])
        nodes[axis * capacity + row] = UInt8(place.node)
        shares[axis * capacity + row] = place.share
      }
    }
  }

  private func add(_ term: TermModel.Term, count: Int, to margins: UnsafeMutablePointer<Double>) {
    guard let nodeBase = nodes.baseAddress, let shareBase = shares.baseAddress else { return }
    let isPair = term.scales.count == 2
    var rows = TermRows(
      first: nodeBase, first_share: shareBase, second: isPair ? UnsafePointer(nodeBase + capacity) : nil,
      second_share: isPair ? UnsafePointer(shareBase + capacity) : nil,
      width: isPair ? term.scales[1].count : 0)
    term_add_margins(&rows, term.values, 0, count, margins)
  }
}
