public import ContactQueue
internal import Foundation
public import Histories

/// What providers and people say of tasks: a CSV with a row of names first, or JSON lines.
///
/// Columns `task`, `outcome`, `at`, `reason` and `promised_on`, also under the headings of call lists; what else stands
/// in the file (names, numbers, notes) is never read. Rows without an outcome are not worked yet.
public struct ReceiptFile: Sendable {
  /// A receipt, with the line that it stands on.
  public struct Line: Sendable {
    public let number: Int
    public let receipt: Receipt
    /// The day for which the customer promised or booked a visit.
    public let promisedOn: Day?
  }

  /// Why a line cannot be used.
  public enum Flaw: String, Sendable, CaseIterable {
    case task = "task is not 32 hexadecimal digits"
    case outcome = "outcome is not one of the codes"
    case reason = "reason is not one of the codes, or contradicts the outcome"
    case time = "at is missing or no time"
    case future = "at lies in the future"
    case day = "promised_on is no day"
    case form = "the line cannot be read"
  }

  public private(set) var lines: [Line] = []
  /// In the order of lines.
  public private(set) var flaws: [(line: Int, flaw: Flaw)] = []
  /// Rows without an outcome.
  public private(set) var blank = 0
  /// Whether the file was taken as GB18030.
  public let isGuessedGB18030: Bool

  /// The cells of one line that are read.
  private struct Cells {
    var task = ""
    var outcome = ""
    var at = ""
    var reason = ""
    var promisedOn = ""
  }

  /// Clocks of others may run ahead of ours by so much.
  private static let aheadAllowed = Moment.Span.hours(24)
  /// The minute taken for receipts of which only the day is known.
  private static let noon = 12 * 60

  /// - Parameters:
  ///   - time: the clock of times that name no zone.
  ///   - day: of rows that hold no time; `nil` refuses them.
  ///   - now: what is later cannot have happened.
  /// - Throws: `inputMissing`; `badData` for a file without the columns `task` and `outcome`.
  public init(_ path: String, time: LocalTime, on day: Day? = nil, now: Moment) throws(OutreachError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw OutreachError(.inputMissing, "There is no file \(path).", next: "Name one with --file.")
    }
    let text: String
    do {
      let readable = try ReadableFile(path)
      isGuessedGB18030 = readable.isGuessedGB18030
      text = try String(contentsOf: readable.url, encoding: .utf8)
    } catch {
      throw OutreachError(.badData, "\(path) cannot be read as text.", next: "Save it as CSV or JSON lines.")
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let rows =
      text.first { !$0.isWhitespace && $0 != "\u{FEFF}" } == "{"
      ? Self.jsonLines(text) : try Self.table(text, name)
    let limit = now + Self.aheadAllowed
    for (number, cells) in rows {
      guard let cells else {
        flaws.append((number, .form))
        continue
      }
      guard !cells.outcome.isEmpty else {
        blank += 1
        continue
      }
      switch Self.line(cells, number, time, day, limit) {
      case .success(let line): lines.append(line)
      case .failure(let broken): flaws.append((number, broken.flaw))
      }
    }
  }

  private struct Broken: Error {
    let flaw: Flaw
  }

  private static func line(
    _ cells: Cells, _ number: Int, _ time: LocalTime, _ day: Day?, _ limit: Moment
  ) -> Result<Line, Broken> {
    guard let task = Pseudonym(hex: cells.task) else { return .failure(Broken(flaw: .task)) }
    guard let word = ReceiptWord(rawValue: cells.outcome.lowercased()) else {
      return .failure(Broken(flaw: .outcome))
    }
    var (outcome, reason) = word.meaning
    if !cells.reason.isEmpty {
      let code = cells.reason.lowercased()
      let known =
        code == ReceiptWord.invalid.rawValue ? FailReason.invalidAddress : FailReason(rawValue: code)
      guard let known, outcome == .failed, reason == nil || reason == known else {
        return .failure(Broken(flaw: .reason))
      }
      reason = known
    }
    if outcome == .failed, reason == nil { reason = .other }
    let at =
      cells.at.isEmpty ? day.map { time.moment($0, minute: noon) } : Moment(reading: cells.at, time: time)
    guard let at else { return .failure(Broken(flaw: .time)) }
    guard at < limit else { return .failure(Broken(flaw: .future)) }
    var promised: Day?
    if !cells.promisedOn.isEmpty {
      guard let moment = Moment(reading: cells.promisedOn, time: time) else {
        return .failure(Broken(flaw: .day))
      }
      promised = time.clock(at: moment).day
    }
    return .success(
      Line(
        number: number, receipt: Receipt(task: task, outcome: outcome, reason: reason, at: at),
        promisedOn: promised))
  }

  // MARK: Forms

  private static func table(_ text: String, _ name: String) throws(OutreachError) -> [(Int, Cells?)] {
    let records = try CSVRecords(text, name: name).records
    var places: [WritableKeyPath<Cells, String>: Int] = [:]
    for (place, heading) in (records.first?.cells ?? []).enumerated() {
      let heading = heading.trimmingCharacters(in: .whitespaces)
      let path: WritableKeyPath<Cells, String>? =
        switch ExportColumn(heading: heading) {
        case .task: \.task
        case .outcome: \.outcome
        case .at: \.at
        case .reason: \.reason
        default: heading.lowercased() == "promised_on" ? \.promisedOn : nil
        }
      if let path, places[path] == nil { places[path] = place }
    }
    guard places[\.task] != nil, places[\.outcome] != nil else {
      throw OutreachError(
        .badData, "\(name) has no columns `task` and `outcome`.",
        next: "Begin it with a line `task,outcome,at,reason`.")
    }
    return records.dropFirst().map { record in
      var cells = Cells()
      for (path, place) in places where place < record.cells.count {
        cells[keyPath: path] = record.cells[place].trimmingCharacters(in: .whitespaces)
      }
      return (record.line, cells)
    }
  }

  private static func jsonLines(_ text: String) -> [(Int, Cells?)] {
    var rows: [(Int, Cells?)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces.union(["\r", "\u{FEFF}"]))
      guard !line.isEmpty else { continue }
      let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      rows.append(
        (
          index + 1,
          object.map { object in
            func text(_ key: String) -> String { object[key] as? String ?? "" }
            return Cells(
              task: text("task"), outcome: text("outcome"), at: text("at"), reason: text("reason"),
              promisedOn: text("promised_on"))
          }
        ))
    }
    return rows
  }
}
