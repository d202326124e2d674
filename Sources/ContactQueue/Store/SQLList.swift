/// Lists of parameters for `IN (…)` and `VALUES`, in a few lengths only, so that few statements are prepared.
enum SQLList {
  /// The most elements in one statement.
  static let longest = 1024

  /// Cuts elements into pieces and runs `body` with each, filled up to the next power of two by repeating the last.
  static func pieces<Element>(
    of elements: [Element], longest: Int = longest, _ body: ([Element]) throws(QueueError) -> Void
  ) throws(QueueError) {
    var start = 0
    while start < elements.count {
      let end = min(start + longest, elements.count)
      var piece = Array(elements[start..<end])
      let length =
        piece.count.isPowerOfTwo ? piece.count : 1 << (Int.bitWidth - piece.count.leadingZeroBitCount)
      while piece.count < min(length, longest) { piece.append(piece[piece.count - 1]) }
      try body(piece)
      start = end
    }
  }

  /// `$3, $4, $5` for three elements from 3.
  static func places(_ count: Int, from first: Int) -> String {
    (first..<first + count).map { "$\($0)" }.joined(separator: ", ")
  }

  /// `(CAST($1 AS BIGINT), CAST($2 AS BYTEA)), ($3, $4)`: types stand in the first row, for PostgreSQL asks for them.
  static func rows(_ count: Int, types: [String], from first: Int = 1) -> String {
    (0..<count).map { row in
      let places = types.indices.map { column in
        let place = "$\(first + row * types.count + column)"
        return row == 0 ? "CAST(\(place) AS \(types[column]))" : place
      }
      return "(\(places.joined(separator: ", ")))"
    }.joined(separator: ", ")
  }
}

extension Int {
  fileprivate var isPowerOfTwo: Bool { nonzeroBitCount == 1 }
}
