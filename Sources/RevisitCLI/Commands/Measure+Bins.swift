import ArgumentParser
import ChurnModel
import LinearAlgebra

extension Measure {
  /// Finds optimal bins of many columns several times in memory and prints what it took as one JSON object.
  struct Bins: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find optimal bins of a table of numbers several times and print what it took.",
      shouldDisplay: false)

    @Option(help: "File with numeric columns without missing values: .parquet .csv")
    var table: String

    @Option(help: "The column with the label, 0 or 1.")
    var label: String

    @Option(help: "Columns to bin; the table's are taken again and again until there are so many.")
    var columns = 100

    @Option(help: "Number of runs.")
    var runs = 3

    @Option(help: "Threads (default: all cores).")
    var threads = Parallel.standard.threads

    func run() throws {
      guard runs > 0, threads > 0, columns > 0 else {
        throw ValidationError("--runs, --threads and --columns must be at least 1.")
      }
      do {
        Output.json(try measured(try NumericTable(file: table, label: label)))
      } catch {
        throw Failure.from(error)
      }
    }

    private func measured(_ table: NumericTable) throws -> [String: Any] {
      let values = repeated(table.values)
      let features = (0..<columns).map { FeatureColumn(name: "c\($0)", kind: .numeric) }
      var options = OptimalBinOptions()
      options.parallel = Parallel(threads: threads)
      var clock = StopWatch()
      var seconds: [Double] = []
      var found: [OptimalBins] = []
      for _ in 0..<runs {
        clock.start()
        found = try OptimalBinning.bins(
          features: features, values: values, labels: table.labels, options: options)
        seconds.append(clock.lap())
      }
      return [
        "schema": "revisit.bins-measure/1", "rows": values.rows, "columns": columns, "threads": threads,
        "seconds": ["fit": seconds], "bins": found.map(\.rows.count),
      ]
    }

    private func repeated(_ values: Matrix) -> Matrix {
      Matrix(rows: values.rows, columns: columns) { target in
        values.withUnsafeElements { source in
          for row in 0..<values.rows {
            for column in 0..<columns {
              target[row * columns + column] = source[row * values.columns + column % values.columns]
            }
          }
        }
      }
    }
  }
}
