import ArgumentParser

struct OutreachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outreach",
    abstract: "Take a list through the contact policy into the outreach queue.",
    discussion: """
        revisit outreach policy > policy.yaml
        revisit outreach preview --list list.csv --data data
      """,
    subcommands: [OutreachPolicy.self, OutreachPreview.self])
}
