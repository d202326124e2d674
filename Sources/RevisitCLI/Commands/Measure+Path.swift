import ArgumentParser
import ChurnModel
import LinearAlgebra

extension Measure {
  /// Solves a path and a cross-validated ridge path several times in memory, single fits between them, and prints what it
  /// took as one JSON object.
  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Solve regularisation paths of a table of numbers several times and print what it took.",
      shouldDisplay: false)

    @Option(help: "File with numeric columns without missing values: .parquet .csv")
    var table: String

    @Option(help: "The column with the label, 0 or 1.")
    var label: String

    @Option(help: "Mixing of the path: 1 is the lasso, 0 the ridge.")
    var mixing = 1.0

    @Option(help: "Penalties of a path.")
    var count = 100

    @Option(help: "Folds of the ridge path's cross-validation.")
    var folds = 10

    @Option(help: "Number of runs of each.")
    var runs = 3

    @Option(help: "Threads (default: all cores).")
    var threads = Parallel.standard.threads

    func run() throws {
      guard runs > 0, threads > 0, count > 0, folds > 1 else {
        throw ValidationError("--runs, --threads and --count must be at least 1, --folds at least 2.")
      }
      do {
        Output.json(try measured(try NumericTable(file: table, label: label)))
      } catch {
        throw Failure.from(error)
      }
    }

    private func measured(_ table: NumericTable) throws -> [String: Any] {
      let options = Solver.options(threads: threads)
      let groups = CrossValidationFolds.grouped((0..<Int32(table.values.rows)).map { $0 }, folds: folds)
      var clock = StopWatch()
      var (fits, paths, validations) = ([Double](), [Double](), [Double]())
      var (path, validated): (RegularisationPath?, CrossValidatedPath?)
      for _ in 0..<runs {
        clock.start()
        _ = try LogisticRegression.fit(
          features: table.features, values: table.values, labels: table.labels, options: options)
        fits.append(clock.lap())
        path = try RegularisationPath.fit(
          features: table.features, values: table.values, labels: table.labels, options: options,
          path: choice(mixing))
        paths.append(clock.lap())
        validated = try RegularisationPath.crossValidate(
          features: table.features, values: table.values, labels: table.labels, folds: groups,
          options: options, path: choice(0))
        validations.append(clock.lap())
      }
      return [
        "schema": "revisit.path-measure/1", "rows": table.values.rows, "columns": table.values.columns,
        "threads": threads, "mixing": mixing, "folds": folds, "fits": fits, "paths": paths,
        "cross_validations": validations, "points": try path.map(points) ?? [],
        "phases": phases(path?.phases), "cross_validation": validated.map(described) ?? [:],
      ]
    }

    private func choice(_ mixing: Double) -> RegularisationPath.Options {
      var choice = RegularisationPath.Options()
      choice.mixing = mixing
      choice.count = count
      return choice
    }

    private func phases(_ phases: [LogisticFit.Phase]?) -> [String: Double] {
      Dictionary((phases ?? []).map { ($0.name, $0.seconds) }, uniquingKeysWith: +)
    }

    private func described(_ validated: CrossValidatedPath) -> [String: Any] {
      [
        "phases": phases(validated.path.phases), "best": validated.bestPenalty,
        "greatest_decrease": validated.greatestDecrease, "passes": validated.path.passes,
        "greatest_violation": validated.path.points.map(\.violation).max() ?? 0,
      ]
    }

    /// Every solution in units of the table's columns.
    private func points(_ path: RegularisationPath) throws -> [[String: Any]] {
      try path.points.enumerated().map { index, point in
        let columns = try path.model(at: index).columns
        let slopes = columns.map { $0.coefficient / $0.scale }
        let shift = zip(columns, slopes).reduce(0) { $0 + $1.0.mean * $1.1 }
        return [
          "lambda": point.penalty, "violation": point.violation, "nonzero": point.nonzero,
          "intercept": point.intercept - shift, "slopes": slopes,
        ]
      }
    }
  }
}
