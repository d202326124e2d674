import Features
import Histories
import Retention
import Testing

@Suite("Ties in the at-risk list")
struct TieTests {
  @Test("rows of equal priority keep the order of their relations, whatever the limit")
  func equalRows() throws {
    let folder = try TemporaryFolder()
    var customers = ["customer_id"]
    var vehicles = ["vin,customer_id,powertrain,use_type,delivered_on"]
    var visits = ["visit_id,customer_id,vin,opened_at,status,classes,customer_paid"]
    let alphabet = Array("ABCDEFGHJKLM")
    for (index, letter) in alphabet.enumerated() {
      customers.append("C\(letter)")
      vehicles.append("LSVAA49J13204737\(letter),C\(letter),ICE,private,2022-01-01")
      for month in ["05", "09"] {
        visits.append(
          "R\(index)-\(month),C\(letter),LSVAA49J13204737\(letter),2022-\(month)-10 09:00:00,settled,maintenance,400"
        )
      }
    }
    try folder.write("customers.csv", customers.joined(separator: "\n") + "\n")
    try folder.write("vehicles.csv", vehicles.joined(separator: "\n") + "\n")
    try folder.write("visits.csv", visits.joined(separator: "\n") + "\n")
    let view = AsOfView(histories: try Histories.load(folder.path), asOf: Day("2022-09-20")!)
    let builder = AtRiskBuilder(
      view: view, model: RetentionSet.model, modelName: "test@1", language: .english)
    let list = try builder.build(.init())
    #expect(Set(list.rows.map(\.priority)).count == 1)
    #expect(list.rows.map(\.customerID) == alphabet.map { "C\($0)" })
    #expect(try builder.build(.init(limit: 5)).rows.map(\.customerID) == alphabet.prefix(5).map { "C\($0)" })
    #expect(list.rows.allSatisfy { $0.dealerID == nil && $0.name == nil && $0.openComplaint == nil })
  }
}
