import Foundation
import Reports
import Testing

/// Help is compared with the files in `Help`; `REVISIT_UPDATE_HELP=1 swift test --filter HelpTests` writes them anew.
@Suite("Help")
struct HelpTests {
  static let commands = [
    "", "simulate", "check", "features", "train", "evaluate", "score", "segment", "value", "at-risk",
    "models",
    "models list",
    "models show", "models verify", "schema", "doctor", "outreach", "outreach policy", "outreach preview",
    "outreach enqueue", "outreach status", "outreach lease", "outreach ack", "outreach approve",
    "outreach cancel", "outreach redrive", "outreach pause", "outreach resume", "outreach verify",
    "outreach migrate", "outreach export", "outreach receipts", "outreach outcomes", "outreach erase",
    "outreach clear",
  ]

  @Test("the help of every command reads as in its file and fits 80 columns", arguments: commands)
  func snapshot(command: String) throws {
    let run = try Revisit()("\(command) --help")
    #expect(run.status == 0)
    #expect(run.talk.isEmpty)
    for line in run.output.split(separator: "\n") {
      #expect(DisplayWidth.of(line) <= 80, "too long: \(line)")
    }
    let name = command.isEmpty ? "revisit" : command.replacing(" ", with: "-")
    let file = Revisit.packageRoot.appendingPathComponent("Tests/CommandLineTests/Help/\(name).txt")
    if ProcessInfo.processInfo.environment["REVISIT_UPDATE_HELP"] != nil {
      try Data(run.output.utf8).write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(run.output == kept)
  }

  @Test("no line of an explanation is broken where nobody broke it", arguments: commands)
  func wholeLines(command: String) throws {
    let help = try Revisit()("\(command) --help").output
    let explanation = try #require(help.split(separator: "\nUSAGE:").first)
    // The first paragraph is the summary, which may be broken anywhere.
    let lines = explanation.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.isEmpty }
    for (line, next) in zip(lines, lines.dropFirst()) where next.first.map({ $0 != " " }) ?? false {
      #expect(line.isEmpty || (line.first != " " && line.count >= 55), "\(line)\n\(next)")
    }
  }

  @Test("every command but the groups shows an example")
  func examples() throws {
    for command in Self.commands where !["", "models"].contains(command) {
      let help = try Revisit()("\(command) --help").output
      #expect(help.contains("\n  revisit \(command)"), "\(command)")
    }
  }

  @Test("the root's help names every command that there is a help file for")
  func commandsAreNamed() throws {
    let help = try Revisit()("--help").output
    for command in Self.commands where !command.isEmpty && !command.contains(" ") {
      #expect(help.contains("\n  \(command) "), "\(command)")
    }
  }

  @Test("--version prints a version number on standard output")
  func version() throws {
    let run = try Revisit()("--version")
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    #expect(run.talk.isEmpty)
  }

  @Test("docs/features.md is what the catalogue says")
  func featuresPage() throws {
    let page = try String(
      contentsOf: Revisit.packageRoot.appendingPathComponent("docs/features.md"), encoding: .utf8)
    let now = try Revisit()("features --document").output
    #expect(page == now, "run `revisit features --document > docs/features.md`")
  }
}
