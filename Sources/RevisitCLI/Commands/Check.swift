import ArgumentParser
import Foundation
import Histories
import Reports

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what loads from a data folder, what does not, and where.",
    usage: "revisit check --data <dir> [<options>]",
    discussion: """
      Every row or value that cannot be used is counted by reason, with up to three
      examples (file, row, column). Rows are counted from 1, the header line left
      out. Cell contents are never shown.

        revisit check --data datasets/lakeside
      """)

  @OptionGroup var source: DataOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let stages = Stages(common)
    let histories = try stages.load(source, checksEveryTable: true)
    if common.json {
      var object = CheckReport.json(histories)
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in CheckReport.lines(histories, language: common.language) { Output.line(line) }
    }
  }
}

/// The load report as text and JSON.
enum CheckReport {
  static func lines(_ histories: Histories, language: Language) -> [String] {
    let report = histories.report
    let isChinese = language == .chinese
    var lines: [String] = []
    if let group = histories.dealerGroup { lines.append(group) }
    lines.append(
      isChinese
        ? "数据截止 \(histories.dataEnd)，客户 \(Shown.count(histories.customers.count))，车辆 \(Shown.count(histories.vehicles.count))，客户车辆关系 \(Shown.count(histories.relations.count))"
        : "Data until \(histories.dataEnd): \(Shown.count(histories.customers.count)) customers, "
          + "\(Shown.count(histories.vehicles.count)) vehicles, \(Shown.count(histories.relations.count)) relations"
    )
    lines.append("")
    lines.append(isChinese ? "表" : "Tables")
    for table in report.tables {
      let rows = Shown.right(Shown.count(table.rows), 12)
      let used = Shown.right(Shown.count(table.used), 12)
      lines.append(
        "  \(Shown.padded(table.table, 14))\(rows) \(isChinese ? "行，可用" : "rows,")\(used) \(isChinese ? "" : "used")  \(table.source)"
      )
    }
    if !report.absentTables.isEmpty {
      lines.append(
        (isChinese ? "  没有的表（相关特征记为缺失）：" : "  not there (their features are missing): ")
          + report.absentTables.joined(separator: ", "))
    }
    lines.append("")
    if report.findings.isEmpty {
      lines.append(isChinese ? "没有发现问题。" : "No findings.")
    } else {
      lines.append(isChinese ? "发现" : "Findings")
      for finding in report.findings {
        let outcome = outcome(finding.outcome)[language]
        lines.append(
          "  \(Shown.right(Shown.count(finding.count), 9))  \(finding.table)  \(finding.reason)  [\(outcome)]"
        )
        for place in finding.examples {
          let column = place.column.isEmpty ? "" : ", \(isChinese ? "列" : "column") \(place.column)"
          lines.append("             \(place.file), \(isChinese ? "行" : "row") \(place.row)\(column)")
        }
      }
    }
    return lines + report.remarks
  }

  private static func outcome(_ outcome: LoadReport.Outcome) -> Bilingual {
    switch outcome {
    case .dropped: Bilingual("row not used", "整行不用")
    case .missing: Bilingual("value taken as missing", "该值按缺失处理")
    case .mended: Bilingual("mended", "已修复")
    case .setAside: Bilingual("set aside", "不计入")
    case .noted: Bilingual("noted", "仅记录")
    }
  }

  static func json(_ histories: Histories) -> [String: Any] {
    let report = histories.report
    return [
      "schema": "revisit.check/1",
      "dealer_group": histories.dealerGroup ?? NSNull(),
      "data_end": histories.dataEnd.description,
      "customers": histories.customers.count,
      "vehicles": histories.vehicles.count,
      "relations": histories.relations.count,
      "absent_tables": report.absentTables,
      "remarks": report.remarks,
      "tables": report.tables.map {
        ["table": $0.table, "source": $0.source, "rows": $0.rows, "used": $0.used] as [String: Any]
      },
      "findings": report.findings.map { finding in
        [
          "table": finding.table, "reason": finding.reason, "outcome": finding.outcome.rawValue,
          "count": finding.count,
          "examples": finding.examples.map {
            ["file": $0.file, "row": $0.row, "column": $0.column] as [String: Any]
          },
        ] as [String: Any]
      },
    ]
  }
}
