import ArgumentParser
import ContactQueue

struct OutreachMigrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Make a queue, or bring it to another version of its schema.",
    usage: "revisit outreach migrate --queue <url> [--to <version>] [<options>]",
    discussion: """
      A new queue gets a key file of its own, which only its owner may read:
      without it nobody in the queue can be named. Version 0 removes the queue
      with all it holds.

        revisit outreach migrate --queue sqlite:outreach.db --encrypt
        revisit outreach migrate --queue postgres://crm@db/outreach \\
          --key outreach.key
      """)

  @OptionGroup var queue: QueueOptions
  @Option(help: ArgumentHelp("Version to go to (default: the newest).", valueName: "version"))
  var to: Int?
  @Flag(help: "Encrypt personal fields of a new queue (AES-GCM, by the key file).")
  var encrypt = false
  @Flag(help: "Really remove the queue; needed for version 0.")
  var remove = false
  @OptionGroup var clock: ClockOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let to, !(0...Migration.newest).contains(to) {
      throw ValidationError("--to \(to): versions go from 0 to \(Migration.newest).")
    }
    if (to == 0) != remove {
      throw ValidationError(
        "--to 0 removes the queue with all it holds: it needs --remove, and nothing else does.")
    }
  }

  func run() throws {
    let version = to ?? Migration.newest
    do {
      if version == Migration.newest {
        _ = try queue.openOrCreate(isSealing: encrypt, at: clock.now)
      } else {
        try TaskQueue.migrate(QueueURL(queue.queue).open(creating: false), to: version)
      }
    } catch {
      throw Failure.from(error)
    }
    if common.json {
      Output.json(["schema": "revisit.outreach-migrate/1", "version": version])
    } else {
      Output.line(common.language == .chinese ? "队列版本 \(version)" : "The queue has version \(version)")
    }
  }
}
