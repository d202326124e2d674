import ArgumentParser
import Foundation
import Outreach

struct OutreachPolicy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Print the contact policy: who may be contacted when, how often, and by which channel.",
    usage: "revisit outreach policy [--policy <file>] [<options>]",
    discussion: """
      Without --policy the one that comes with the program, which explains itself;
      with it the file is checked.

        revisit outreach policy > policy.yaml
        revisit outreach policy --policy policy.yaml
      """)

  @Option(help: ArgumentHelp("YAML file of a contact policy to check and print.", valueName: "file"))
  var policy: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let text: String
    if let policy {
      text = try OutreachPlanOptions.read(policy: policy, timeZone: .gmt).written
    } else {
      text = BuiltInPolicy.yaml
    }
    if common.json {
      Output.json(["schema": "revisit.outreach-policy/1", "yaml": text])
    } else {
      Output.bytes(Array(text.utf8))
    }
  }
}
