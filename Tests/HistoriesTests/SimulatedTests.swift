import Foundation
import Simulation
import Testing

@testable import Histories

@Suite("Simulated exports, as dirty as they come")
struct SimulatedTests {
  struct Kind: Sendable {
    var format: SimulationOptions.Format
    var encoding: SimulationOptions.Encoding
    var layout = SimulationOptions.Layout.canonical
  }

  @Test(
    "every row is used, dropped or set aside, twice over in the same way, and all runs are sorted",
    arguments: [
      Kind(format: .csv, encoding: .gb18030), Kind(format: .csv, encoding: .utf8),
      Kind(format: .parquet, encoding: .utf8),
      Kind(format: .csv, encoding: .gb18030, layout: .dealerSystem),
    ])
  func accounts(_ kind: Kind) throws {
    let files = try DataFiles()
    let folder = files.url.appendingPathComponent("data")
    let options = SimulationOptions(
      customers: 600, seed: 7, years: 4, format: kind.format, encoding: kind.encoding, dirt: 0.2,
      layout: kind.layout)
    _ = try Simulator(options: options).write(to: folder)
    var everything = Histories.LoadOptions()
    everything.checksEveryTable = true
    let histories = try Histories.load(folder.path, options: everything)
    let report = histories.report
    #expect(histories.customers.count >= 600)
    for table in report.tables {
      let lost = report.findings.filter {
        $0.table == table.table && ($0.outcome == .dropped || $0.outcome == .setAside)
      }
      #expect(
        table.rows == table.used + lost.reduce(0) { $0 + $1.count }, "\(table.table): \(lost.map(\.reason))")
    }
    for finding in report.findings {
      #expect(finding.count >= finding.examples.count)
      #expect(finding.examples.count <= 3)
    }
    #expect(report.tables.contains { $0.table == "prospects" })
    #expect(report.count(of: "void order") > 0)
    #expect(report.count(of: "same phone and name: one person") > 0)
    #expect(report.count(of: "vin: two characters had changed places") > 0)
    #expect(abs(histories.dataEnd - options.until) <= 3)

    let orders = histories.orders
    let used = (0..<orders.count).filter { !orders.flags[$0].contains(.unusable) }
    #expect(used.count == report.tables.first { $0.table == "visits" }?.used)
    #expect(Int(orders.starts[histories.relations.count]) == orders.count)
    #expect(
      used.allSatisfy {
        orders.openedOn[$0] <= histories.dataEnd && orders.knownOn[$0] >= orders.openedOn[$0]
      })
    let strayRelations = (0..<histories.relations.count).filter { relation in
      let run = Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
      let isSorted = zip(run, run.dropFirst()).allSatisfy { orders.openedOn[$0] <= orders.openedOn[$1] }
      let customer = histories.relations.customers[relation]
      return !isSorted || histories.customers.golden[Int(customer)] != customer
    }
    #expect(strayRelations.isEmpty)

    let again = try Histories.load(folder.path, options: everything)
    #expect(again.report.everything == report.everything)
    #expect(again.orders.openedOn.values.elementsEqual(orders.openedOn.values))
  }
}
