import ArgumentParser
import Foundation
import Histories
import Reports
import Simulation

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the histories of an invented dealer group, with the true probability of every lapse.",
    usage: "revisit simulate --customers <n> --out <dir> [<options>]",
    discussion: """
      The same options give the same bytes. docs/simulation.md says how the world
      behind the data works.

        revisit simulate --customers 100000 --seed 1 --out data/
        revisit simulate --customers 5000 --out dirty/ --format csv --dirt 0.02
        revisit simulate --customers 3000 --out lakeside/ --layout lakeside
      """)

  @Option(help: ArgumentHelp("Customers to invent, 1 to 10,000,000.", valueName: "n"))
  var customers: Int

  @Option(help: "Seed of all randomness.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Folder to write, new or empty.", valueName: "dir"))
  var out: String

  @Option(help: ArgumentHelp("Last day of the histories.", valueName: "yyyy-mm-dd"))
  var until = Day(year: 2026, month: 6, day: 30)

  @Option(help: "Length of the histories in years, 1 to 8 (default: 6; lakeside: 4).")
  var years: Int?

  @Option(help: "File format (default: parquet; lakeside: csv).")
  var format: SimulationOptions.Format?

  @Option(help: "Encoding of CSV files (default: utf-8; lakeside: gb18030).")
  var encoding: SimulationOptions.Encoding?

  @Option(
    help: ArgumentHelp(
      "Rate of errors as in real exports, 0 to 0.2 (default: 0; lakeside: 0.005).", valueName: "rate"))
  var dirt: Double?

  @Option(
    help: ArgumentHelp(
      "Dates of truth.parquet (default: 540 and 365 days before --until, and --until).",
      valueName: "yyyy-mm-dd,…"))
  var asOf: DayList?

  @Option(help: "Tables: canonical, or lakeside for a Chinese dealer system's exports with their mapping.")
  var layout: SimulationOptions.Layout = .canonical

  @OptionGroup var common: CommonOptions

  func run() throws {
    let stages = Stages(common)
    let options = SimulationOptions(
      customers: customers, seed: seed, until: until, years: years, format: format, encoding: encoding,
      dirt: dirt, asOf: asOf?.days, layout: layout)
    let summary = try stages.run(
      "Simulating \(Shown.count(customers)) customers", key: "simulate",
      { progress in
        try Simulator(options: options).write(to: URL(fileURLWithPath: out)) { stage, done, total in
          // Generating is about two thirds of the work.
          let share = total > 0 ? Double(done) / Double(total) : 1
          progress.update(stage == .generating ? share * 0.67 : 0.67 + share * 0.33)
        }
      }, detail: { "\(Shown.count($0.visits)) visits" })
    if common.json {
      let tables: [[String: Any]] = summary.tables.map {
        ["table": $0.name, "rows": $0.rows, "file": $0.file.lastPathComponent]
      }
      var object: [String: Any] = ["schema": "revisit.simulate/1", "out": out, "tables": tables]
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for table in summary.tables {
        Output.line(
          "\(Shown.padded(table.name, 16))\(Shown.right(Shown.count(table.rows), 12)) rows  \(table.file.lastPathComponent)"
        )
      }
    }
  }
}

extension SimulationOptions.Format: ExpressibleByArgument {}
extension SimulationOptions.Encoding: ExpressibleByArgument {}
extension SimulationOptions.Layout: ExpressibleByArgument {}
