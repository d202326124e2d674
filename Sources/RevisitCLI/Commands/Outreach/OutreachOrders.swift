import ArgumentParser
import ContactQueue

struct OutreachApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Approve planned tasks: from now on they may be worked when they are due.",
    usage: """
      revisit outreach approve --queue <url> (--campaign <name> | --all | …) \\
                      [<options>]
      """,
    discussion: """
        revisit outreach approve --queue sqlite:outreach.db --campaign spring
      """)

  @OptionGroup var queue: QueueOptions
  @OptionGroup var tasks: TaskFilterOptions
  @OptionGroup var work: WorkOptions

  func run() throws {
    try QueueOrder(word: "approved", chinese: "已批准", common: work.common).run(queue) {
      try $0.approve(tasks.filter(), at: work.now, by: work.name)
    }
  }
}

struct OutreachCancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel tasks for good: planned and approved ones, or those of given states.",
    usage: """
      revisit outreach cancel --queue <url> (--campaign <name> | --all | …) \\
                      [<options>]
      """,
    discussion: """
      What was sent cannot be cancelled. Cancelling has no way back.

        revisit outreach cancel --queue sqlite:outreach.db --campaign spring \\
          --channel sms
      """)

  @OptionGroup var queue: QueueOptions
  @OptionGroup var tasks: TaskFilterOptions
  @Option(
    help: ArgumentHelp(
      "Only this state: planned, approved, leased, unknown, failed, dead or suppressed.", valueName: "state"))
  var state: [TaskState] = []
  @OptionGroup var work: WorkOptions

  func run() throws {
    try QueueOrder(word: "cancelled", chinese: "已取消", common: work.common).run(queue) {
      try $0.cancel(tasks.filter(states: state.isEmpty ? nil : state), at: work.now, by: work.name)
    }
  }
}

struct OutreachRedrive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redrive", abstract: "Give dead tasks, or those of given states, all their attempts again.",
    usage: """
      revisit outreach redrive --queue <url> (--campaign <name> | --all | …) \\
                      [<options>]
      """,
    discussion: """
      Tasks in the state `unknown` may have reached the customer: they are taken
      only when --state names them. The policy is asked again before anybody is
      contacted.

        revisit outreach redrive --queue sqlite:outreach.db \\
          --reason provider_down
        revisit outreach redrive --queue sqlite:outreach.db --state unknown \\
          --campaign spring
      """)

  @OptionGroup var queue: QueueOptions
  @OptionGroup var tasks: TaskFilterOptions
  @Option(
    help: ArgumentHelp(
      "Tasks of this state: dead (the default), failed, suppressed or unknown.", valueName: "state"))
  var state: [TaskState] = []
  @OptionGroup var work: WorkOptions

  func run() throws {
    try QueueOrder(word: "redriven", chinese: "已重新投递", common: work.common).run(queue) {
      try $0.redrive(tasks.filter(states: state.isEmpty ? nil : state), at: work.now, by: work.name)
    }
  }
}

/// An order to many tasks, and how many it was carried out on.
struct QueueOrder {
  let word: String
  let chinese: String
  let common: CommonOptions

  func run(_ options: QueueOptions, _ body: (TaskQueue) throws -> Int) throws {
    let count: Int
    do { count = try body(options.open()) } catch { throw Failure.from(error) }
    if common.json {
      Output.json(["schema": "revisit.outreach-\(word)/1", word: count])
    } else {
      Output.line(
        common.language == .chinese
          ? "\(chinese) \(Shown.count(count)) 个任务" : "\(Shown.count(count)) tasks \(word)")
    }
  }
}
