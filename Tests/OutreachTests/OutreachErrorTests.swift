import Outreach
import Testing

@Suite("Errors of outreach")
struct OutreachErrorTests {
  @Test("What is wrong comes before what to do")
  func description() {
    #expect(OutreachError(.badData, "A.", next: "B.").description == "A. B.")
  }
}
