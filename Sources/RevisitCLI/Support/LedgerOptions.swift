import ArgumentParser
import ContactQueue
import Histories
import Outreach

/// Histories by which the queue's ledger is brought up to date before anybody is contacted.
struct LedgerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data folder to bring consents, complaints, bookings and contacts up to date from first.",
      valueName: "dir"))
  var data: String?

  @OptionGroup var memory: MemoryOptions

  /// Does nothing without a data folder.
  func refresh(_ queue: TaskQueue, at now: Moment, _ common: CommonOptions) throws {
    guard let data else { return }
    let stages = Stages(common)
    let histories = try stages.load(DataOptions(data: data, memory: memory), addresses: true)
    if let notice = OutreachPlanOptions.withoutConsents(histories, data) { stages.note(notice) }
    _ = try stages.run(
      "Ledger", key: "ledger", { _ in try LedgerRefresh.run(queue, histories, at: now) },
      detail: { "\(Shown.count($0)) relations" })
  }
}
