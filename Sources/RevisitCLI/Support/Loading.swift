import Histories

extension Stages {
  /// Loads the data folder, showing which table is being read.
  ///
  /// - Parameters:
  ///   - targets: names of declared targets whose events are wanted.
  ///   - checksEveryTable: whether tables that no feature reads are checked, too.
  ///   - addresses: whether mail addresses and the like are wanted.
  ///   - orderIdentities: whether orders are to be named.
  func load(
    _ source: DataOptions, targets: Set<String> = [], checksEveryTable: Bool = false,
    addresses: Bool = false, orderIdentities: Bool = false
  ) throws -> Histories {
    var options = source.loadOptions
    options.targets = targets
    options.checksEveryTable = checksEveryTable
    options.addresses = addresses
    options.orderIdentities = orderIdentities
    let histories = try run(
      "Loading \(source.data)", key: "load",
      { [options] progress in try Histories.load(source.data, options: options, progress: progress.note) },
      detail: { "\(Shown.count($0.orders.count)) repair orders" })
    for remark in histories.memoryRemarks { note(remark) }
    return histories
  }
}
