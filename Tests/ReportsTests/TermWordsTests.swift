import Testing

@testable import Reports

@Suite("Figures of terms")
struct TermWordsTests {
  @Test(
    "a factor of the odds never looks like 0",
    arguments: [(0.0, "1.00"), (5, "148"), (-4.0, "0.018"), (-6.9, "0.001"), (-8.62, "1.8e-04")])
  func factor(addition: Double, text: String) {
    #expect(TermWords.factor(addition) == text)
  }
}
