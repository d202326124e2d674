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
      "matrix_bytes": swept.rowCounts.reduce(0, +) * Feature.count * MemoryLayout<Double>.stride,
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
  private(set) var seconds: [String: Double] = [:]

  init(_ histories: Histories, _ dates: [Day], _ parallel: Parallel) {
    // The matrices of all dates are in memory at once, as a model that learns from several dates needs them.
    var matrices: [Matrix] = []
    var clock = StopWatch()
    for date in dates {
      let view = AsOfView(histories: histories, asOf: date, parallel: parallel)
      seconds["peers", default: 0] += clock.lap()
      let relations = view.population().relations
      seconds["population", default: 0] += clock.lap()
      matrices.append(view.features(of: relations))
      seconds["rows", default: 0] += clock.lap()
    }
    rowCounts = matrices.map(\.rows)
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

private struct StopWatch {
  private var start = ContinuousClock.now

  /// Seconds since the last lap.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    let (whole, atto) = (now - start).components
    start = now
    return Double(whole) + Double(atto) / 1e18
  }
}
