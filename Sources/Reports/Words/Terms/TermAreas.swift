import ChurnModel

/// The areas of a pair's map in which it raises and lowers the log-odds most.
///
/// An area is grown from the cell whose addition is surest to be great (its magnitude less 1.96 errors), by neighbouring
/// nodes of numbers and any level, as long as all its cells have at least half that cell's addition. Cells far from any
/// row have great errors, and so are not mistaken for findings. No two areas lie on one hill.
struct TermAreas {
  struct Area: Equatable {
    /// Nodes of the first and of the second feature, ascending.
    let rows: [Int]
    let columns: [Int]
    /// Addition and error of the strongest cell.
    let value: Double
    let error: Double
  }

  private let term: TermModel.Term
  private let axes: [TermAxis]
  private var isTaken: [Bool]

  /// An area's cells have at least this share of its strongest cell.
  private static let leastShare = 0.5

  init(_ term: TermModel.Term, _ axes: [TermAxis]) {
    self.term = term
    self.axes = axes
    isTaken = Array(repeating: false, count: term.values.count)
  }

  /// The strongest areas that raise the log-odds, then those that lower them.
  ///
  /// - Parameter most: of each kind at most so many.
  static func strongest(_ term: TermModel.Term, _ axes: [TermAxis], most: Int) -> [Area] {
    [1.0, -1.0].flatMap { sign in
      var search = TermAreas(term, axes)
      return (0..<most).compactMap { _ in search.next(sign) }
    }
  }

  private func cell(_ row: Int, _ column: Int) -> Int { row * axes[1].stride + column }

  private mutating func next(_ sign: Double) -> Area? {
    var peak: (row: Int, column: Int, certainty: Double)?
    for row in axes[0].nodes {
      for column in axes[1].nodes where !isTaken[cell(row, column)] {
        let index = cell(row, column)
        let certainty = sign * term.values[index] - TermWords.interval * term.errors[index]
        if certainty > peak?.certainty ?? 0 { peak = (row, column, certainty) }
      }
    }
    guard let peak else { return nil }
    let strongest = cell(peak.row, peak.column)
    let least = Self.leastShare * sign * term.values[strongest]
    var (rows, columns) = ([peak.row], [peak.column])
    while true {
      let wider =
        axes[0].neighbours(of: rows).map { (isRow: true, node: $0) }
        + axes[1].neighbours(of: columns).map { (isRow: false, node: $0) }
      let fitting = wider.compactMap { step -> (isRow: Bool, node: Int, mean: Double)? in
        let cells = step.isRow ? columns.map { cell(step.node, $0) } : rows.map { cell($0, step.node) }
        guard cells.allSatisfy({ sign * term.values[$0] >= least && !isTaken[$0] }) else { return nil }
        return (step.isRow, step.node, cells.reduce(0) { $0 + sign * term.values[$1] } / Double(cells.count))
      }
      guard let best = fitting.max(by: { $0.mean < $1.mean }) else { break }
      if best.isRow {
        rows = (rows + [best.node]).sorted()
      } else {
        columns = (columns + [best.node]).sorted()
      }
    }
    take(rows, columns, sign)
    return Area(rows: rows, columns: columns, value: term.values[strongest], error: term.errors[strongest])
  }

  /// Marks the area and all that surrounds it on its side of 0, so that the next one is another hill, not this one's slope.
  private mutating func take(_ rows: [Int], _ columns: [Int], _ sign: Double) {
    var open = rows.flatMap { row in columns.map { (row: row, column: $0) } }
    while let place = open.popLast() {
      let index = cell(place.row, place.column)
      guard !isTaken[index], sign * term.values[index] > 0 else { continue }
      isTaken[index] = true
      open += axes[0].beside(place.row).map { ($0, place.column) }
      open += axes[1].beside(place.column).map { (place.row, $0) }
    }
  }
}

extension TermAxis {
  /// Nodes by which an area may be widened.
  fileprivate func neighbours(of chosen: [Int]) -> [Int] {
    guard isNumber else { return nodes.filter { !chosen.contains($0) } }
    guard let first = chosen.first, let last = chosen.last, first != missingNode else { return [] }
    return [first - 1, last + 1].filter(valueNodes.contains)
  }

  /// The neighbours of a number's node; levels and the missing value have none.
  fileprivate func beside(_ node: Int) -> [Int] {
    !isNumber || node == missingNode ? [] : [node - 1, node + 1].filter(valueNodes.contains)
  }
}
