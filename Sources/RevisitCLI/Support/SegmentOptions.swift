import ArgumentParser
import CustomerValue
import Foundation
import Retention

/// How scores, segments and tiers are made.
struct SegmentOptions: ParsableArguments {
  enum Binning: String, CaseIterable, ExpressibleByArgument {
    case quantile
    case kMeans = "k-means"
  }

  enum Tiers: String, CaseIterable, ExpressibleByArgument {
    case four, three

    var yaml: String { self == .four ? BuiltInRules.four : BuiltInRules.three }
    var rules: TierRules { self == .four ? .four : .three }
  }

  @Option(
    help: ArgumentHelp(
      "How scores are cut: quantile, as many customers a bin, or k-means, the clusters of least spread on a logarithmic scale.",
      valueName: "rule"))
  var binning: Binning = .quantile

  @Option(
    help: ArgumentHelp(
      "Bins of each score, 2 to 9 (default: those of the rules, else 5); the ten segments need 5.",
      valueName: "n"))
  var bins: Int?

  @Option(
    help: ArgumentHelp(
      "Where the bins of recency begin, rising, one number fewer than bins; a value that reaches one is in the bin above.",
      valueName: "x,…"))
  var recencyCuts: CutOffList?

  @Option(help: ArgumentHelp("The same of frequency.", valueName: "x,…"))
  var frequencyCuts: CutOffList?

  @Option(help: ArgumentHelp("The same of money.", valueName: "x,…"))
  var moneyCuts: CutOffList?

  @Option(
    help: ArgumentHelp(
      "YAML file of segment rules, tiers or cut-offs (default: ten segments, four tiers).", valueName: "file")
  )
  var rules: String?

  @Option(
    help: ArgumentHelp(
      "Value tiers: four (VIP, main, ordinary, small) or three (high, potential, general).",
      valueName: "tiers"))
  var tiers: Tiers?

  @Flag(help: "Print the rules in use as a file to begin with, and do nothing else.")
  var printRules = false

  /// The YAML of what is in use.
  func text() throws -> String {
    guard let rules else { return BuiltInRules.ten + (tiers ?? .four).yaml }
    _ = try document()
    return try String(contentsOfFile: rules, encoding: .utf8)
  }

  func validate() throws {
    if let bins, !RulesDocument.allowedBins.contains(bins) {
      throw ValidationError(
        "--bins must be \(RulesDocument.allowedBins.lowerBound) to \(RulesDocument.allowedBins.upperBound), not \(bins)."
      )
    }
  }

  private func document() throws -> RulesDocument? {
    do {
      return try rules.map { file throws(RulesError) in try RulesDocument(file: file, bins: bins) }
    } catch {
      throw Failure.from(error)
    }
  }

  /// - Parameter measures: quantiles of plain measures are those of the R package rfm.
  /// - Throws: `Failure` for rules that cannot be used.
  func options(_ measures: SegmentPopulation.Measures) throws -> CustomerSegments.Options {
    let document = try document()
    if document?.tiers != nil, tiers != nil {
      throw Failure(
        .usage, "The rules hold tiers of their own. Leave --tiers out, or take the tiers out of the file.")
    }
    let rule: BinningRule =
      switch binning {
      case .kMeans: .kMeans
      case .quantile: measures == .service ? .quantiles : .quantilesPlusOne
      }
    var options = CustomerSegments.Options(binning: RFMBinning(rule))
    options.tiers = document?.tiers ?? (tiers ?? .four).rules
    if let own = document?.segments {
      options.rules = own
    } else if let bins, bins != options.rules.counts.recency {
      throw Failure(
        .usage,
        "The ten segments are made for \(options.rules.counts.recency) bins, not for \(bins). Give --rules a file for \(bins); "
          + "`revisit segment --print-rules` shows one to begin with.")
    }
    let (cuts, counts) = (document?.cutOffs ?? RulesDocument.CutOffs(), options.rules.counts)
    options.binning.recency =
      try cutOffs("--recency-cuts", recencyCuts?.numbers ?? cuts.recency, counts.recency) ?? rule
    options.binning.frequency =
      try cutOffs("--frequency-cuts", frequencyCuts?.numbers ?? cuts.frequency, counts.frequency) ?? rule
    options.binning.monetary =
      try cutOffs("--money-cuts", moneyCuts?.numbers ?? cuts.monetary, counts.monetary) ?? rule
    return options
  }

  private func cutOffs(_ option: String, _ numbers: [Double]?, _ bins: Int) throws -> BinningRule? {
    guard let numbers else { return nil }
    guard numbers.count == bins - 1 else {
      throw Failure(
        .usage,
        "\(option) (or cut_offs of the rules) gives \(numbers.count) cut-offs, which make \(numbers.count + 1) bins; the rules are made for \(bins). Give \(bins - 1)."
      )
    }
    return .cutOffs(numbers)
  }
}

/// Rising numbers separated by commas.
struct CutOffList: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.count == parts.count, numbers.allSatisfy(\.isFinite),
      zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
  }
}

extension SegmentPopulation.Unit: ExpressibleByArgument {}
extension SegmentPopulation.Measures: ExpressibleByArgument {}
