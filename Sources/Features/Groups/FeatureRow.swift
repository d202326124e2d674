/// One row of features, written in place; every column starts as missing (NaN).
struct FeatureRow {
  private let base: UnsafeMutablePointer<Double>

  init(_ base: UnsafeMutablePointer<Double>) {
    self.base = base
    base.update(repeating: .nan, count: Feature.count)
  }

  @inline(__always)
  subscript(feature: Feature) -> Double {
    get { base[feature.rawValue] }
    nonmutating set { base[feature.rawValue] = newValue }
  }
}

@inline(__always)
func flag(_ condition: Bool) -> Double { condition ? 1 : 0 }
