import Testing

@testable import Statistics

@Suite("The difference of two shares")
struct ProportionDifferenceTests {
  // Newcombe (1998), table II, method 10, rounded there to four decimals.
  @Test(
    "intervals are those that Newcombe printed",
    arguments: [
      (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
      (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
      (10, 10, 0, 20, 0.6791, 1.0000), (10, 10, 0, 10, 0.6075, 1.0000),
    ])
  func published(a: Int, m: Int, b: Int, n: Int, lower: Double, upper: Double) throws {
    let interval = try #require(ProportionDifference(first: (a, m), second: (b, n)))
    #expect(abs(interval.lower - lower) < 0.00006)
    #expect(abs(interval.upper - upper) < 0.00006)
  }

  @Test("changing sides changes the sign, and more people make it narrower")
  func symmetry() throws {
    let one = try #require(ProportionDifference(first: (30, 200), second: (15, 150)))
    let other = try #require(ProportionDifference(first: (15, 150), second: (30, 200)))
    #expect(one.difference == -other.difference)
    #expect(abs(one.lower + other.upper) < 1e-15 && abs(one.upper + other.lower) < 1e-15)
    let larger = try #require(ProportionDifference(first: (300, 2000), second: (150, 1500)))
    #expect(larger.upper - larger.lower < one.upper - one.lower)
    #expect(one.lower < one.difference && one.difference < one.upper)
  }

  @Test("without anybody there is no difference")
  func empty() {
    #expect(ProportionDifference(first: (0, 0), second: (1, 2)) == nil)
    #expect(ProportionDifference(first: (1, 2), second: (0, 0)) == nil)
    #expect(ProportionDifference(first: (3, 2), second: (0, 1)) == nil)
  }
}
