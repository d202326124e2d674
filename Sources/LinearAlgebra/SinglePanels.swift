internal import CVectorLoops

/// Many panels of a design matrix in single precision, kept so that pass after pass may look at small changes of
/// coefficients: half the memory of a `Panel`, and products with twice as many numbers at a time.
///
/// Columns are zeros from their last row on.
public final class SinglePanels: @unchecked Sendable {
  /// Columns of a panel.
  public let columns: Int
  /// Distance between the starts of two columns; odd in cache lines, so that columns do not evict each other.
  private let stride: Int
  private let storage: NumberStorage<Float>

  /// Rows of a panel.
  public static let capacity = Panel.usualCapacity
  /// Multiple of the points whose vectors the products may read.
  public static let pointsAtATime = 4

  /// Whether this processor has vectors for which the kernels are written, and there are columns enough for them.
  public static func isSupported(columns: Int) -> Bool {
    has_single_gram() != 0 && columns >= Int(product_columns)
  }

  /// Bytes of so many panels.
  public static func bytes(panels: Int, columns: Int) -> Int {
    panels * columns * (capacity + Int(single_lanes)) * MemoryLayout<Float>.stride
  }

  public init(panels: Int, columns: Int) {
    self.columns = columns
    stride = Self.capacity + Int(single_lanes)
    storage = NumberStorage(count: panels * columns * stride)
  }

  private func base(_ panel: Int) -> UnsafeMutablePointer<Float>? {
    precondition(
      panel >= 0 && (panel + 1) * columns * stride <= storage.elements.count, "no panel of these")
    return storage.elements.baseAddress.map { $0 + panel * columns * stride }
  }

  /// Takes the first `rows` rows of a panel of the same shape.
  ///
  /// - Complexity: O(rows × columns)
  public func copy(_ source: Panel, rows: Int, to panel: Int) {
    source.check(rows: rows)
    precondition(source.columns == columns && rows <= Self.capacity, "shapes do not fit")
    guard let base = base(panel) else { return }
    for column in 0..<columns {
      let target = base + column * stride
      single_copy(source.column(column).baseAddress, rows, target)
      for row in rows..<stride { target[row] = 0 }
    }
  }

  /// changes = X·coefficients over the first `rows` rows, for several vectors of coefficients.
  ///
  /// - Parameters:
  ///   - coefficients: columns × points, one vector after the other.
  ///   - changes: capacity × points, one vector after the other, each `capacity` apart.
  /// - Complexity: O(rows × columns × points)
  public func multiply(
    _ panel: Int, rows: Int, points: Int, coefficients: UnsafeBufferPointer<Float>,
    into changes: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      rows <= Self.capacity && coefficients.count == columns * points
        && changes.count >= Self.capacity * points, "shapes do not fit")
    single_point_margins(
      base(panel), stride, columns, rows, coefficients.baseAddress, points, changes.baseAddress,
      Self.capacity)
  }

  /// products += Xᵀ·vectors over the first `rows` rows, while the next panel is brought into the cache; vectors are zeros from there on up to a multiple of 16.
  ///
  /// - Parameters:
  ///   - vectors: capacity × points, rounded up to a multiple of `pointsAtATime`, each `capacity` apart.
  ///   - products: columns × points, one vector after the other.
  /// - Complexity: O(rows × columns × points)
  public func addTransposedProducts(
    _ panel: Int, rows: Int, points: Int, vectors: UnsafeBufferPointer<Float>,
    to products: UnsafeMutableBufferPointer<Double>
  ) {
    let read = (points + Self.pointsAtATime - 1) / Self.pointsAtATime * Self.pointsAtATime
    precondition(
      rows <= Self.capacity && vectors.count >= Self.capacity * read && products.count == columns * points,
      "shapes do not fit")
    guard let base = base(panel) else { return }
    let size = columns * stride
    let isLast = (panel + 2) * size > storage.elements.count
    single_transposed_products(
      base, stride, columns, rows, vectors.baseAddress, Self.capacity, points, isLast ? base : base + size,
      size,
      products.baseAddress)
  }
}
