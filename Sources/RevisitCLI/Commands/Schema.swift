import ArgumentParser
import Histories
import Reports

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe the tables that Revisit reads, and how to map your own exports to them.",
    usage: "revisit schema [<table>] [<options>]",
    discussion: """
      A data folder holds files named after the tables (customers.csv,
      visits.parquet, …), or a revisit.yaml that says where each table comes from.

        revisit schema
        revisit schema visits
        revisit schema --mapping > exports/revisit.yaml
      """)

  @Argument(help: ArgumentHelp("Table to describe (default: all, a line each).", valueName: "table"))
  var table: String?

  @Flag(help: "Print an example revisit.yaml.")
  var mapping = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if mapping, table != nil { throw ValidationError("Name a table or --mapping, not both.") }
  }

  func run() throws {
    if mapping {
      guard common.json else { return Output.bytes(Array(SchemaDocument.mappingExample.utf8)) }
      return Output.json(["schema": "revisit.mapping-example/1", "text": SchemaDocument.mappingExample])
    }
    let tables = try table.map { [try known($0)] } ?? CanonicalTable.all
    if common.json {
      Output.json(["schema": "revisit.schema/1", "tables": tables.map(SchemaDocument.json)])
    } else {
      let lines =
        table == nil
        ? SchemaDocument.overview(language: common.language)
        : tables.flatMap { SchemaDocument.lines($0, language: common.language) }
      for line in lines { Output.line(line) }
    }
  }

  private func known(_ name: String) throws -> CanonicalTable {
    if let table = CanonicalTable.named(name) { return table }
    let names = CanonicalTable.all.map(\.name)
    let near = CanonicalTable.nearest(to: name, among: names).map { " Did you mean `\($0)`?" } ?? ""
    throw Failure(.usage, "There is no table `\(name)`.\(near) Tables: \(names.joined(separator: ", ")).")
  }
}
