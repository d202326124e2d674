import ArgumentParser

struct OutreachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outreach",
    abstract: "Take a list through the contact policy into the outreach queue, and work the queue.",
    discussion: """
        revisit outreach policy > policy.yaml
        revisit outreach preview --list list.csv --data data
        revisit outreach enqueue --list list.csv --data data --campaign autumn \\
          --queue sqlite:outreach.db
        revisit outreach status --queue sqlite:outreach.db
        revisit outreach lease --queue sqlite:outreach.db --channel sms --limit 100
        revisit outreach export --queue sqlite:outreach.db --channel phone \\
          --out calls
        revisit outreach receipts --file r.csv --queue sqlite:outreach.db --data data
        revisit outreach outcomes --campaign autumn --queue sqlite:outreach.db \\
          --data data
        revisit outreach verify --queue sqlite:outreach.db
      """,
    subcommands: [
      OutreachPolicy.self,
      OutreachPreview.self,
      OutreachEnqueue.self,
      OutreachStatus.self,
      OutreachLease.self,
      OutreachAck.self,
      OutreachExport.self,
      OutreachReceipts.self,
      OutreachOutcomes.self,
      OutreachApprove.self,
      OutreachCancel.self,
      OutreachRedrive.self,
      OutreachPause.self,
      OutreachResume.self,
      OutreachVerify.self,
      OutreachErase.self,
      OutreachClear.self,
      OutreachMigrate.self,
    ])
}
