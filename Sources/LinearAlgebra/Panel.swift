internal import COpenBLAS
internal import CVectorLoops

/// Scratch space for a block of rows of a design matrix, with the products that weighted least squares needs.
///
/// The panel is column-major: each of its columns is contiguous, so that a column is written and transformed by one
/// straight loop. A few hundred rows fit in the second level cache; a solver makes one panel a thread, fills it again
/// and again, and never stores the whole design matrix.
public final class Panel {
  /// Greatest number of rows.
  public let capacity: Int
  /// Number of columns.
  public let columns: Int
  /// What is read after this panel's products: brought into the cache while they are computed.
  public var upcoming = UnsafeBufferPointer<Double>(start: nil, count: 0)
  /// Its rows: those of another panel of the same shape may be shown in their place.
  public var contents: PanelContents {
    didSet {
      precondition(contents.elements.count == oldValue.elements.count, "shapes do not fit")
      base = contents.elements.baseAddress
    }
  }
  /// Scratch of stride × columns; made when first asked for: products that have their own kernel need none.
  private(set) lazy var scaled: NumberStorage<Double> = {
    let scratch = NumberStorage<Double>(count: stride * columns)
    scratch.elements.update(repeating: 0)
    return scratch
  }()
  private let rootWeights: NumberStorage<Double>
  private lazy var unusedProduct: NumberStorage<Double> = {
    let scratch = NumberStorage<Double>(count: columns)
    scratch.elements.update(repeating: 0)
    return scratch
  }()
  /// Scratch of the products in single precision, zeros at first.
  private lazy var singles: NumberStorage<Float> = {
    let scratch = NumberStorage<Float>(count: single_gram_scratch(columns))
    scratch.elements.update(repeating: 0)
    return scratch
  }()
  /// Distance between the starts of two columns; odd in cache lines, so that columns do not evict each other.
  let stride: Int

  /// Rows of a panel that stays in the second level cache with about a hundred columns (measured).
  public static let usualCapacity = 512

  public init(capacity: Int = Panel.usualCapacity, columns: Int) {
    precondition(capacity > 0 && columns >= 0, "a panel needs a positive size")
    BLAS.prepare()
    self.capacity = capacity
    self.columns = columns
    let cacheLine = 8
    self.stride = ((capacity + cacheLine - 1) / cacheLine | 1) * cacheLine
    contents = PanelContents(count: stride * (columns + 1))
    base = contents.elements.baseAddress
    rootWeights = NumberStorage<Double>(count: capacity)
  }

  /// New contents, zeros, in place of those at hand.
  public func clear() {
    contents = PanelContents(count: contents.elements.count)
  }

  /// The elements of a column, `capacity` of them, for reading and writing.
  public func column(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
    precondition(index >= 0 && index <= columns, "no column of this panel")
    return UnsafeMutableBufferPointer(start: base.map { $0 + index * stride }, count: capacity)
  }

  /// A further column that takes part in no product, for values that nobody wants.
  public var spareColumn: UnsafeMutableBufferPointer<Double> { column(columns) }

  /// margins = X·coefficients over the first `rows` rows.
  ///
  /// - Complexity: O(rows × columns)
  public func multiply(
    rows: Int, coefficients: UnsafeBufferPointer<Double>, into margins: UnsafeMutableBufferPointer<Double>
  ) {
    check(rows: rows)
    precondition(coefficients.count == columns && margins.count >= rows, "shapes do not fit")
    cblas_dgemv(
      CblasColMajor, CblasNoTrans, blasint(rows), blasint(columns), 1, base, blasint(stride),
      coefficients.baseAddress, 1, 0, margins.baseAddress, 1)
  }

  /// gradient += Xᵀ·residuals over the first `rows` rows.
  ///
  /// - Complexity: O(rows × columns)
  public func addTransposedProduct(
    rows: Int, residuals: UnsafeBufferPointer<Double>, to gradient: UnsafeMutableBufferPointer<Double>
  ) {
    check(rows: rows)
    precondition(residuals.count >= rows && gradient.count == columns, "shapes do not fit")
    cblas_dgemv(
      CblasColMajor, CblasTrans, blasint(rows), blasint(columns), 1, base, blasint(stride),
      residuals.baseAddress, 1, 1, gradient.baseAddress, 1)
  }

  /// gram += Xᵀ·W·X over the first `rows` rows, W = diag(weights ≥ 0); `gram` is columns × columns, row-major.
  ///
  /// Only the triangle on and below the diagonal is valid afterwards; elements above it are undefined.
  ///
  /// - Parameter precision: processors without a kernel for single precision take double.
  /// - Complexity: O(rows × columns²)
  public func addWeightedGram(
    rows: Int, weights: UnsafeBufferPointer<Double>, to gram: UnsafeMutableBufferPointer<Double>,
    precision: GramPrecision = .double
  ) {
    if precision == .single, Self.hasSingleKernel {
      // Its product with a vector comes along.
      addWeightedGram(
        rows: rows, weights: weights, to: gram, precision: precision, factors: weights,
        product: unusedProduct.elements)
      return
    }
    check(rows: rows)
    precondition(weights.count >= rows && gram.count == columns * columns, "shapes do not fit")
    guard let gramBase = gram.baseAddress, let weightsBase = weights.baseAddress, let base
    else { return }
    if Self.hasOwnKernel {
      weighted_gram(
        base, stride, columns, rows, weightsBase, upcoming.baseAddress, upcoming.count, gramBase)
    } else if let scaledBase = scaled.elements.baseAddress {
      addGramByRankUpdate(rows, weights, base, scaledBase, gramBase)
    }
  }

  /// gram += Xᵀ·W·X as above, and product += Xᵀ·factors, which is in double precision.
  ///
  /// - Parameter precision: of the Gram matrix; processors without a kernel for single precision take double.
  /// - Complexity: O(rows × columns²)
  public func addWeightedGram(
    rows: Int, weights: UnsafeBufferPointer<Double>, to gram: UnsafeMutableBufferPointer<Double>,
    precision: GramPrecision, factors: UnsafeBufferPointer<Double>,
    product: UnsafeMutableBufferPointer<Double>
  ) {
    guard precision == .single, Self.hasSingleKernel, let scratch = singles.elements.baseAddress else {
      addTransposedProduct(rows: rows, residuals: factors, to: product)
      addWeightedGram(rows: rows, weights: weights, to: gram)
      return
    }
    check(rows: rows)
    precondition(
      weights.count >= rows && factors.count >= rows && gram.count == columns * columns
        && product.count == columns, "shapes do not fit")
    single_gram(
      base, stride, columns, rows, weights.baseAddress, factors.baseAddress, upcoming.baseAddress,
      upcoming.count, scratch, gram.baseAddress, product.baseAddress)
  }

  /// Whether this processor has vectors for which the kernel of our own is written.
  static let hasOwnKernel = has_weighted_gram() != 0
  private static let hasSingleKernel = has_single_gram() != 0

  /// Scales by the weights' square roots and leaves the triangle to dsyrk.
  ///
  /// For 700,000 × 80 on one core with 256-bit vectors: 0.18 s against 0.24 s by blocks and 0.27 s by one dgemm.
  private func addGramByRankUpdate(
    _ rows: Int, _ weights: UnsafeBufferPointer<Double>, _ base: UnsafeMutablePointer<Double>,
    _ scaledBase: UnsafeMutablePointer<Double>, _ gram: UnsafeMutablePointer<Double>
  ) {
    guard let roots = rootWeights.elements.baseAddress else { return }
    for row in 0..<rows { roots[row] = weights[row].squareRoot() }
    for column in 0..<columns {
      let source = base + column * stride
      let target = scaledBase + column * stride
      for row in 0..<rows { target[row] = source[row] * roots[row] }
    }
    cblas_dsyrk(
      CblasColMajor, CblasUpper, CblasTrans, blasint(columns), blasint(rows), 1, scaledBase, blasint(stride),
      1,
      gram, blasint(columns))
  }

  /// The first element of the first column.
  private(set) var base: UnsafeMutablePointer<Double>?

  func check(rows: Int) {
    precondition(rows >= 0 && rows <= capacity, "more rows than the panel holds")
  }
}

/// The rows of a panel, apart from the scratch of its products.
public final class PanelContents: @unchecked Sendable {
  private let storage: NumberStorage<Double>

  fileprivate init(count: Int) {
    storage = NumberStorage<Double>(count: count)
    storage.elements.update(repeating: 0)
  }

  fileprivate var elements: UnsafeMutableBufferPointer<Double> { storage.elements }
}
