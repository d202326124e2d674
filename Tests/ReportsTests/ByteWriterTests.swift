import Testing

@testable import Reports

@Suite("Numbers in files")
struct ByteWriterTests {
  private static func written(_ value: Double) -> String {
    var writer = ByteWriter()
    writer.exact(value)
    return String(decoding: writer.take(), as: UTF8.self)
  }

  /// What the standard library writes, whole numbers without a point.
  private static func expected(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 0x1p53 ? String(Int(value)) : value.description
  }

  @Test("an exact number has the shortest digits that read back, whatever its size")
  func shortest() {
    var random = SystemRandomNumberGenerator()
    let edges: [Double] = [
      0, -0.0, 0.5, 0.1, -0.25, 1e-4, 0.00012, 9.999e-5, 1e-5, 0.0001234, 0.1 + 0.2, 1.0 / 3, 12.3456,
      12.34565,
      99_999_999_999.9999, 100_000_000_000.0001, 123_456_789_012.345, 0x1p53, 0x1p53 + 2, 1e300,
      .leastNonzeroMagnitude,
      0.99995, 0.9999, 1.00005, 1.0001,
    ]
    for value in edges { #expect(Self.written(value) == Self.expected(value)) }
    for _ in 0..<20_000 {
      let places = Double([1, 10, 100, 1000, 10_000, 100_000].randomElement(using: &random)!)
      let size = [1.0, 1e3, 1e6, 1e11, 1e13].randomElement(using: &random)!
      let decimal = (Double.random(in: -size...size, using: &random) * places).rounded() / places
      for value in [decimal, decimal.nextUp, decimal.nextDown, Double.random(in: 0...1e-3, using: &random)] {
        #expect(Self.written(value) == Self.expected(value))
      }
    }
  }
}
