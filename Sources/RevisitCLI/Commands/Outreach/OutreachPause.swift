import ArgumentParser
import ContactQueue

struct OutreachPause: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Hold back a channel, or everything: nothing more is handed out.",
    usage: "revisit outreach pause --queue <url> [--channel <channel>] [<options>]",
    discussion: """
      What is out already goes on: its outcomes are taken as ever.

        revisit outreach pause --queue sqlite:outreach.db --channel sms
      """)

  @OptionGroup var queue: QueueOptions
  @Option(help: ArgumentHelp("Only this channel (default: everything).", valueName: "channel"))
  var channel: Channel?
  @OptionGroup var work: WorkOptions

  func run() throws {
    try PauseSwitch(channel: channel, isPaused: true, common: work.common).run(
      queue, at: work.now, by: work.name)
  }
}

struct OutreachResume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Take a pause back; without a channel all of them.",
    usage: "revisit outreach resume --queue <url> [--channel <channel>] [<options>]",
    discussion: """
        revisit outreach resume --queue sqlite:outreach.db --channel sms
      """)

  @OptionGroup var queue: QueueOptions
  @Option(help: ArgumentHelp("Only this channel (default: everything).", valueName: "channel"))
  var channel: Channel?
  @OptionGroup var work: WorkOptions

  func run() throws {
    try PauseSwitch(channel: channel, isPaused: false, common: work.common).run(
      queue, at: work.now, by: work.name)
  }
}

/// Pauses or resumes, and says what is paused then.
private struct PauseSwitch {
  let channel: Channel?
  let isPaused: Bool
  let common: CommonOptions

  func run(_ options: QueueOptions, at now: Moment, by owner: String) throws {
    let status: QueueStatus
    do {
      let queue = try options.open()
      if isPaused {
        try queue.pause(channel, at: now, by: owner)
      } else {
        try queue.resume(channel, at: now, by: owner)
      }
      status = try queue.status(at: now)
    } catch {
      throw Failure.from(error)
    }
    if common.json {
      Output.json([
        "schema": "revisit.outreach-pause/1", "paused": status.isPaused,
        "paused_channels": status.pausedChannels.map(\.rawValue),
      ])
    } else {
      Output.line(QueueStatusReport(status, language: common.language).pauseLine)
    }
  }
}
