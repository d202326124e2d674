import ArgumentParser

struct OutreachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outreach",
    abstract: "Take a list through the contact policy into the outreach queue, and work the queue.",
    discussion: """
        revisit outreach policy > policy.yaml
        revisit outreach preview --list list.csv --data data
        revisit outreach status --queue sqlite:outreach.db
        revisit outreach lease --queue sqlite:outreach.db --channel sms --limit 100
        revisit outreach verify --queue sqlite:outreach.db
      """,
    subcommands: [
      OutreachPolicy.self,
      OutreachPreview.self,
      OutreachStatus.self,
      OutreachLease.self,
      OutreachAck.self,
      OutreachApprove.self,
      OutreachCancel.self,
      OutreachRedrive.self,
      OutreachPause.self,
      OutreachResume.self,
      OutreachVerify.self,
      OutreachMigrate.self,
    ])
}
