import ArgumentParser
import Foundation
import Histories
import Retention

/// A log of orders to segment.
struct SegmentLogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("CSV or Parquet file with a row an order, no data folder needed.", valueName: "file"))
  var table: String?

  func refuse() throws {}

  func populations(
    asOf: Day?, compareTo: Day?, _ stages: Stages, _ common: CommonOptions
  ) throws -> (now: SegmentPopulation, earlier: SegmentPopulation?) {
    throw Failure(.usage, "not yet")
  }
}
