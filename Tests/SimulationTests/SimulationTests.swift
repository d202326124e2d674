import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("Vehicle numbers")
struct VehicleNumberTests {
  @Test("the check digit is that of the standard's examples")
  func checkDigit() {
    for example in ["1M8GDM9AXKP042788", "1HGCR2F81GA042534"] {
      let characters = Array(example.utf8)
      #expect(VehicleNumber.checkDigit(characters) == characters[8])
    }
  }
}
