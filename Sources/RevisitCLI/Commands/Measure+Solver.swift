import ArgumentParser
import ChurnModel
import LinearAlgebra

extension Measure {
  /// Fits a table of plain numbers several times in memory and prints what it took as one JSON object.
  struct Solver: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fit a table of numbers several times and print what it took.", shouldDisplay: false)

    @Option(help: "File with numeric columns without missing values: .parquet .csv")
    var table: String

    @Option(help: "The column with the label, 0 or 1.")
    var label: String

    @Option(help: "Ridge penalty per row on standardised coefficients.")
    var penalty = 1e-3

    @Option(help: "Number of fits.")
    var runs = 5

    @Option(help: "Threads (default: all cores).")
    var threads = Parallel.standard.threads

    func run() throws {
      guard runs > 0, threads > 0 else { throw ValidationError("--runs and --threads must be at least 1.") }
      do {
        Output.json(try measured(try NumericTable(file: table, label: label)))
      } catch {
        throw Failure.from(error)
      }
    }

    private var options: LogisticOptions {
      var options = Self.options(threads: threads)
      options.penalty = penalty
      return options
    }

    /// Every column as it is, so that the objective is the one that other libraries minimise.
    static func options(threads: Int) -> LogisticOptions {
      var options = LogisticOptions()
      options.winsorisedShare = 0
      options.correlationLimit = 1
      options.parallel = Parallel(threads: threads)
      return options
    }

    private func measured(_ table: NumericTable) throws -> [String: Any] {
      var clock = StopWatch()
      var seconds: [Double] = []
      var phases: [String: [Double]] = [:]
      var last: LogisticFit?
      for _ in 0..<runs {
        clock.start()
        let fit = try fit(table, options)
        seconds.append(clock.lap())
        for phase in fit.phases { phases[phase.name, default: []].append(phase.seconds) }
        last = fit
      }
      var object: [String: Any] = [
        "schema": "revisit.solver-measure/1", "rows": table.values.rows, "columns": table.values.columns,
        "threads": threads, "penalty": penalty, "fits": seconds, "phases": phases,
        "robust_fits": try robustFits(table, clusters: nil),
        "clustered_fits": try robustFits(table, clusters: clusters(table.values.rows)),
      ]
      if let last {
        object["scoring"] = scoring(last.model, table)
        object.merge(described(last)) { $1 }
      }
      return object
    }

    private func fit(_ table: NumericTable, _ options: LogisticOptions) throws -> LogisticFit {
      try LogisticRegression.fit(
        features: table.features, values: table.values, labels: table.labels, options: options)
    }

    /// Rows of a cluster in the measured fits.
    private static let clusterSize: Int32 = 3

    private func clusters(_ rows: Int) -> [Int32] { (0..<Int32(rows)).map { $0 / Self.clusterSize } }

    private func robustFits(_ table: NumericTable, clusters: [Int32]?) throws -> [Double] {
      var options = options
      options.robustErrors = true
      var clock = StopWatch()
      return try (0..<runs).map { _ in
        clock.start()
        _ = try LogisticRegression.fit(
          features: table.features, values: table.values, labels: table.labels, clusters: clusters,
          options: options)
        return clock.lap()
      }
    }

    private func described(_ fit: LogisticFit) -> [String: Any] {
      let passes = fit.certificate.passes
      return [
        "objective": fit.model.training.objective, "gradient_norm": fit.certificate.gradientNorm,
        "gap_bound": fit.certificate.gapBound as Any, "iterations": fit.model.training.iterations,
        "passes": ["full": passes.full, "evaluations": passes.evaluations, "sample": passes.sample],
        "coefficients": fit.coefficients.rows.map {
          ["name": $0.name, "estimate": $0.estimate, "standard_error": $0.standardError] as [String: Any]
        },
      ]
    }

    /// Scores all rows on all threads, beside merely reading the same bytes.
    private func scoring(_ model: LogisticModel, _ table: NumericTable) -> [String: Any] {
      let parallel = Parallel(threads: threads)
      var clock = StopWatch()
      var (scoring, reading) = ([Double](), [Double]())
      var sum: UInt64 = 0
      var probabilities = Matrix(rows: table.values.rows, columns: 1)
      table.values.withUnsafeElements { elements in
        for _ in 0..<runs {
          clock.start()
          sum &+= MemoryReading.sum(UnsafeRawBufferPointer(elements), parallel)
          reading.append(clock.lap())
          probabilities.withUnsafeMutableElements { probabilities in
            clock.start()
            score(model, elements, into: probabilities, parallel)
            scoring.append(clock.lap())
          }
        }
      }
      return [
        "bytes": table.values.count * MemoryLayout<Double>.stride, "seconds": scoring, "reading": reading,
        "sum": String(sum),
      ]
    }

    /// Rows scored by one call.
    private static let rowsScoredTogether = 8192

    private func score(
      _ model: LogisticModel, _ elements: UnsafeBufferPointer<Double>,
      into probabilities: UnsafeMutableBufferPointer<Double>, _ parallel: Parallel
    ) {
      nonisolated(unsafe) let (elements, probabilities) = (elements, probabilities)
      let columns = model.features.count
      parallel.forEachBlock(count: probabilities.count, blockSize: Self.rowsScoredTogether) { block in
        let values = block.range.lowerBound * columns..<block.range.upperBound * columns
        model.score(
          features: UnsafeBufferPointer(rebasing: elements[values]), rows: block.range.count,
          into: UnsafeMutableBufferPointer(rebasing: probabilities[block.range]))
      }
    }
  }
}
