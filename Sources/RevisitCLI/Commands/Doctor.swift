import ArgumentParser
import Foundation
import Reports

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is installed, what is missing, and how to get it.",
    usage: "revisit doctor [<options>]",
    discussion: """
      Ends with exit code 66 when something that is needed is missing.

        revisit doctor
        revisit doctor --json
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    let findings = MachineCheck.findings(language: common.language)
    if common.json {
      Output.json([
        "schema": "revisit.doctor/1", "good": findings.allSatisfy(\.isGood),
        "findings": findings.map {
          [
            "name": $0.name, "state": $0.state.rawValue, "detail": $0.detail, "next": $0.next ?? NSNull(),
          ] as [String: Any]
        },
      ])
    } else {
      let width = findings.map { DisplayWidth.of($0.title) }.max() ?? 0
      for finding in findings {
        let blanks = String(repeating: " ", count: width - DisplayWidth.of(finding.title))
        Output.line("\(finding.state.mark) \(finding.title)\(blanks)  \(finding.detail)")
        if let next = finding.next { Output.line("  \(String(repeating: " ", count: width))  → \(next)") }
      }
    }
    let missing = findings.filter { $0.state == .missing }
    if !missing.isEmpty {
      throw Failure(.inputMissing, "Missing: \(missing.map(\.title).joined(separator: ", ")).")
    }
  }
}
