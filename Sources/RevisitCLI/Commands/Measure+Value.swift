import ArgumentParser
import BuyTillYouDie
import CustomerValue
import Evaluation
import Foundation
import LinearAlgebra
import Tables

extension Measure {
  /// Fits a model of visits several times in memory, values all customers by it, and prints what it took as one JSON object.
  struct Value: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fit a model of visits several times and print what it took.", shouldDisplay: false)

    @Option(help: "One row a customer: frequency, recency, T, monetary and perhaps covariates.")
    var table: String

    @Option(help: "The model: bg-nbd, mbg-nbd, bg-cnbd-k, mbg-cnbd-k or pareto-nbd.")
    var model = "bg-nbd"

    @Option(help: "The k of regular models.")
    var regularity = 1

    @Option(help: "Covariates for both processes.")
    var covariates: ColumnList?

    @Option(help: "Number of runs.")
    var runs = 3

    @Flag(help: "Only fit: no spend, no values.")
    var fitOnly = false

    func run() throws {
      guard let kind = RepeatModelKind(rawValue: model), runs > 0 else {
        throw ValidationError("--model must be a family of models, --runs at least 1.")
      }
      do {
        Output.json(try measured(kind))
      } catch {
        throw Failure.from(error)
      }
    }

    private func measured(_ kind: RepeatModelKind) throws -> [String: Any] {
      let (histories, covariates) = try read()
      var options = RepeatFitOptions()
      options.regularity = kind.isRegular ? regularity : nil
      let resident = ProcessMemory.resident
      ProcessMemory.resetPeak()
      var clock = StopWatch()
      var (counts, fits, effects) = ([Double](), [Double](), [Double]())
      var seconds: [String: [Double]] = [:]
      var result: [String: Any] = [:]
      var fitted: (RepeatModelFit, RepeatCovariateFit?)?
      for _ in 0..<runs {
        clock.start()
        let groups = try RepeatGroups(histories.visits, logIntervals: histories.logIntervals)
        counts.append(clock.lap())
        let fit = try RepeatModelFit(groups, kind: kind, options: options)
        fits.append(clock.lap())
        var withCovariates: RepeatCovariateFit?
        if let covariates {
          clock.start()
          withCovariates = try RepeatCovariateFit(
            histories.visits, logIntervals: histories.logIntervals, rate: covariates.visits.covariates,
            leaving: covariates.leaving.covariates, base: fit, options: options)
          effects.append(clock.lap())
        }
        fitted = (fit, withCovariates)
      }
      seconds["count"] = counts
      seconds["fit"] = fits
      if !effects.isEmpty { seconds["covariates"] = effects }
      let peak = ProcessMemory.peak
      if let (fit, withCovariates) = fitted {
        result["parameters"] = (withCovariates?.model ?? fit.model).parameters
        result["log_likelihood"] = withCovariates?.logLikelihood ?? fit.logLikelihood
        let group =
          withCovariates.map { LifetimeValuation.Group(fit: $0) } ?? LifetimeValuation.Group(fit: fit)
        if !fitOnly { try value(histories, group, &seconds, &result) }
      }
      result["schema"] = "revisit.value-measure/1"
      result["customers"] = histories.count
      result["model"] = kind.rawValue
      result["regularity"] = regularity
      result["threads"] = Parallel.standard.threads
      result["seconds"] = seconds
      let ofCovariates = [covariates?.visits, covariates?.leaving].compactMap { $0?.covariates.values }
      let arrays =
        histories.count * MemoryLayout<RepeatHistory>.stride
        + ofCovariates.reduce(0) { $0 + $1.rows * $1.columns * MemoryLayout<Double>.stride }
      result["memory"] = [
        "arrays_bytes": arrays, "resident_before_bytes": resident, "peak_of_fits_bytes": peak,
        "fit_bytes_per_customer": Double(max(peak - resident, 0)) / Double(histories.count),
        "bytes_per_customer": Double(max(peak - resident, 0) + arrays) / Double(histories.count),
      ]
      return result
    }

    private func read() throws -> (histories: PurchaseHistories, covariates: CustomerCovariates?) {
      let file = try TableFile(table)
      guard let columns = try SummaryColumns(file, given: SummaryColumns.Given()) else {
        throw ValidationError("The table needs the columns frequency, recency and T.")
      }
      let names = covariates?.names ?? []
      let summary = try SummaryHistories(
        file, columns: columns, covariates: CustomerCovariates.Columns(visits: names, leaving: names),
        unit: .week, holdOutLength: nil)
      return (summary.histories, summary.covariates)
    }

    /// P(alive), and visits and value of twelve months, with and without all that is still to come.
    private func value(
      _ histories: PurchaseHistories, _ group: LifetimeValuation.Group, _ seconds: inout [String: [Double]],
      _ result: inout [String: Any]
    ) throws {
      var clock = StopWatch()
      let spend = histories.spend.map { SpendModel(SpendSample(counts: $0.counts, means: $0.means)) }
      seconds["spend"] = [clock.lap()]
      let options = ValueOptions()
      let month = try RepeatHorizon(
        months: options.horizonMonths, monthlyRate: options.monthlyRate,
        unitsPerMonth: options.daysPerMonth / histories.unit.days)
      var (horizons, all) = ([Double](), [Double]())
      for _ in 0..<runs {
        clock.start()
        let forecast = RepeatForecast(histories.visits, group.models, [month])
        horizons.append(clock.lap())
        let valuation = try LifetimeValuation(histories, groups: [group], spend: spend, options: options)
        all.append(clock.lap())
        result["alive"] = forecast.probabilityAlive.reduce(0, +)
        result["residual_visits"] = valuation.residualVisits?.reduce(0, +)
      }
      seconds["alive_and_horizon"] = horizons
      seconds["value_and_residual"] = all
    }
  }
}

/// The memory of this process, as the kernel accounts for it.
enum ProcessMemory {
  static var resident: Int { bytes("VmRSS:") }
  /// Since the start, or since it was reset.
  static var peak: Int { bytes("VmHWM:") }

  /// Makes the memory that is resident now the peak.
  static func resetPeak() {
    // What "5" does is told in proc(5).
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)
  }

  private static func bytes(_ field: String) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .ascii),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kibibytes * 1024
  }
}
