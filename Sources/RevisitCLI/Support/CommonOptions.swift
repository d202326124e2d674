import ArgumentParser
import Foundation
import Histories
import Reports

/// What every command takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one JSON object with a `schema` field instead of text.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Language of headings and reasons (default: from the locale).", valueName: "zh|en"))
  var lang: Language?

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  @Flag(help: ArgumentHelp("Add the seconds of each stage to the JSON.", visibility: .hidden))
  var timings = false

  var language: Language {
    if let lang { return lang }
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.hasPrefix("zh") ? .chinese : .english
  }
}

extension Language: ExpressibleByArgument {}

/// The folder of histories.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String

  @OptionGroup var memory: MemoryOptions

  init() {}

  init(data: String, memory: MemoryOptions) {
    self.data = data
    self.memory = memory
  }

  var loadOptions: Histories.LoadOptions {
    var options = Histories.LoadOptions()
    options.memoryLimit = memory.memory?.bytes
    return options
  }

  /// The folder's files: inputs, which nothing may be written over.
  var files: [String] {
    let walker = FileManager.default.enumerator(atPath: data)
    return (walker?.allObjects as? [String] ?? []).map { "\(data)/\($0)" }
  }
}

extension Day: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}

/// Dates separated by commas.
struct DayList: ExpressibleByArgument {
  let days: [Day]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let days = parts.compactMap { Day($0.trimmingCharacters(in: .whitespaces)) }
    guard !days.isEmpty, days.count == parts.count else { return nil }
    self.days = days
  }
}
