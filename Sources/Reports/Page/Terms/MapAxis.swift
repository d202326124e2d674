import Histories

/// One side of a heat map: pieces of the axis with the place among the nodes that their colour is taken from, and marks.
///
/// Numbers stand at their true positions, the pieces between two knots as fine as the eye sees, and a piece a bin; levels have bands of one
/// width; the missing value has a band apart.
struct MapAxis {
  struct Piece {
    let start: Double
    let length: Double
    /// A share `share` of the way from `node` to the next one.
    let node: Int
    let share: Double
  }

  struct Mark {
    let position: Double
    let text: String
  }

  let pieces: [Piece]
  let marks: [Mark]
  /// Room that the pieces take.
  let length: Double
  /// Whether the values are numbers, which ascend along the axis.
  let isNumber: Bool

  private static let finest = 4.0
  private static let band = 20.0
  private static let bandGap = 6.0
  static let mostCells = 18

  /// - Parameters:
  ///   - room: length of an axis of numbers, and least length of one of levels.
  ///   - apart: least distance of two marks.
  init(_ axis: TermAxis, room: Double, apart: Double, language: Language) {
    func label(_ node: Int) -> String { DisplayWidth.cut(axis.labels[node][language], to: Self.mostCells) }
    var pieces: [Piece] = []
    var marks: [Mark] = []
    var end = room
    let gap = axis.missingNode == nil ? 0 : Self.bandGap
    var band = Self.band
    if let knots = axis.knots ?? axis.borders {
      let missingRoom = axis.missingNode == nil ? 0 : Self.band + gap
      let scale = ChartScale(knots: knots, length: room - missingRoom)
      for node in knots.indices.dropLast() {
        let (first, last) = (scale.position(knots[node]), scale.position(knots[node + 1]))
        guard axis.borders == nil else {
          pieces.append(Piece(start: first, length: last - first, node: node, share: 0))
          continue
        }
        let count = max(Int(((last - first) / Self.finest).rounded()), 1)
        for step in 0..<count {
          let middle = scale.value(at: first + (last - first) * (Double(step) + 0.5) / Double(count))
          pieces.append(
            Piece(
              start: first + (last - first) * Double(step) / Double(count),
              length: (last - first) / Double(count), node: node, share: axis.share(of: middle, after: node)))
        }
      }
      let places = scale.marks(apart: apart)
      let text = KnotText(places)
      marks = places.map { Mark(position: scale.position($0), text: text($0)) }
      end = scale.length
    } else {
      band = max(Self.band, (room - gap) / Double(axis.nodes.count))
      for node in axis.valueNodes {
        let start = Double(node) * band
        pieces.append(Piece(start: start, length: band, node: node, share: 0))
        marks.append(Mark(position: start + band / 2, text: label(node)))
      }
      end = Double(axis.valueNodes.count) * band
    }
    if let missing = axis.missingNode {
      pieces.append(Piece(start: end + gap, length: band, node: missing, share: 0))
      marks.append(Mark(position: end + gap + band / 2, text: label(missing)))
      end += gap + band
    }
    self.pieces = pieces
    self.marks = marks
    length = end
    isNumber = axis.isNumber
  }
}
