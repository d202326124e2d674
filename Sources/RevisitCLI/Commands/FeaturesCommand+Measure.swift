import ArgumentParser
import Features
import Foundation
import Histories
import LinearAlgebra

/// How much of the engine is measured.
enum Measuring: String, ExpressibleByArgument, CaseIterable {
  /// From the files to the matrix of all dates, in memory.
  case matrix
  /// The sweep alone, too: on one thread and on all, beside merely reading the columns once.
  case sweep
}

extension FeaturesCommand {
  /// Computes all features of all dates into memory, writes no file, and prints what it took as one JSON object.
  func measure(_ measuring: Measuring, _ source: DataOptions) throws {
    let stages = Stages(common)
    let histories = try stages.load(source)
    let dates = asOf?.days ?? [histories.dataEnd]
    let swept = try stages.run(
      "Features", key: "features", { _ in Sweep(histories, dates, .standard) })
    var object: [String: Any] = [
      "schema": "revisit.features-measure/1", "as_of": dates.map(\.description), "seconds": stages.timings,
      "rows": [
        "features": Feature.count, "rows": swept.rowCounts.reduce(0, +),
        "relations": histories.relations.count,
        "orders": histories.orders.count,
      ],
      "matrix_bytes": swept.matrixBytes,
    ]
    if measuring == .sweep, let last = dates.max() {
      let columns = SweptColumns(histories, through: last)
      object["events"] = columns.events
      object["column_bytes"] = columns.bytes
      object["sweeps"] = [Parallel(threads: 1), Parallel.standard].map {
        (parallel: Parallel) -> [String: Any] in
        let reading = Reading(columns, parallel)
        let sweep = Sweep(histories, dates, parallel)
        return [
          "threads": parallel.threads, "reading": reading.seconds, "sum": String(reading.sum),
          "seconds": sweep.seconds,
        ]
      }
    }
    Output.json(object)
  }
}

/// One sweep over all relations for all dates: what peers do, who is active, and every row of the matrix.
private struct Sweep {
  private(set) var rowCounts: [Int] = []
  private(set) var matrixBytes = 0
  private(set) var seconds: [String: Double] = [:]

  init(_ histories: Histories, _ dates: [Day], _ parallel: Parallel) {
    var clock = StopWatch()
    let sweep = FeatureSweep(histories: histories, dates: dates, parallel: parallel)
    seconds["peers"] = clock.lap()
    let relations = sweep.populations().map(\.relations)
    seconds["population"] = clock.lap()
    // One matrix of all dates, as a model that learns from several dates needs it.
    rowCounts = relations.map(\.count)
    let matrix = Matrix(rows: rowCounts.reduce(0, +), columns: Feature.count) {
      sweep.writeFeatures(of: relations, into: $0)
    }
    seconds["rows"] = clock.lap()
    matrixBytes = matrix.rows * matrix.columns * MemoryLayout<Double>.stride
    seconds["total"] = seconds.values.reduce(0, +)
  }
}

/// The columns read once: the quickest of a few runs, which is what a machine does that is not disturbed.
private struct Reading {
  private(set) var seconds = Double.infinity
  /// What was added up; without it nothing would have to be read.
  private(set) var sum: UInt64 = 0

  init(_ columns: SweptColumns, _ parallel: Parallel) {
    let runs = 5
    for _ in 0..<runs {
      var clock = StopWatch()
      sum &+= columns.readOnce(parallel)
      seconds = min(seconds, clock.lap())
    }
  }
}
