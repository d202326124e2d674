import Histories

extension Stages {
  /// Loads the data folder, showing which table is being read.
  func load(_ source: DataOptions) throws -> Histories {
    try run(
      "Loading \(source.data)", key: "load",
      { progress in try Histories.load(source.data, progress: progress.note) },
      detail: { "\(Shown.count($0.orders.count)) repair orders" })
  }
}
