import ArgumentParser
import ContactQueue

/// Which tasks an order is about.
struct TaskFilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only this campaign.", valueName: "name"))
  var campaign: String?

  @Option(help: ArgumentHelp("Only this channel: phone, sms, wechat, email, adviser.", valueName: "channel"))
  var channel: Channel?

  @Option(help: ArgumentHelp("Only tasks with this reason, such as no_answer.", valueName: "reason"))
  var reason: String?

  @Option(
    help: ArgumentHelp("Only these tasks: ids separated by commas.", valueName: "id"),
    transform: TaskIDs.init(parsing:))
  var task: TaskIDs?

  @Flag(help: "All tasks, without any of the conditions above.")
  var all = false

  func validate() throws {
    let isNarrow = campaign != nil || channel != nil || reason != nil || task != nil
    guard isNarrow != all else {
      throw ValidationError("Say which tasks: --campaign, --channel, --reason or --task, or else --all.")
    }
  }

  func filter(states: [TaskState]? = nil) -> TaskFilter {
    TaskFilter(campaign: campaign, channel: channel, states: states, reason: reason, tasks: task?.ids)
  }
}

/// Ids of tasks, as leases and exports show them.
struct TaskIDs {
  let ids: [Pseudonym]

  init(parsing text: String) throws {
    ids = try text.split(separator: ",").map {
      guard let id = Pseudonym(hex: String($0)) else {
        throw ValidationError("\"\($0)\" is no task id: it has 32 hexadecimal digits.")
      }
      return id
    }
  }
}
