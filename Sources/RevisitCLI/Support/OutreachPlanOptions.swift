import ArgumentParser
import ContactQueue
import Foundation
import Histories
import Outreach

/// A list, the histories of its customers, and the policy that it goes through.
struct OutreachPlanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whom to contact: the file of `revisit at-risk --out`, or any .csv, .parquet or .json with customer, vehicle and priority.",
      valueName: "file"))
  var list: String

  @OptionGroup var source: DataOptions

  @Option(
    help: ArgumentHelp(
      "YAML file of a contact policy (default: `revisit outreach policy`).", valueName: "file"))
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "What the contact is for: marketing, service or care (default: the first of the policy's).",
      valueName: "purpose"))
  var purpose: String?

  @Option(
    help: ArgumentHelp("Column of the list with customers (default: customer_id).", valueName: "column"))
  var customer: String?

  @Option(help: ArgumentHelp("Column with vehicles (default: vin).", valueName: "column"))
  var vehicle: String?

  @Option(
    help: ArgumentHelp("Column with priorities, higher first (default: priority).", valueName: "column"))
  var priority: String?

  @Option(
    help: ArgumentHelp(
      "Column with value tiers (default: value_tier, where it is there).", valueName: "column"))
  var tier: String?

  @Option(help: ArgumentHelp("As if it were this moment.", valueName: "time", visibility: .hidden))
  var at: GivenMoment?

  /// The files that nothing may be written over.
  var inputs: [String] { source.files + [list, policy].compactMap { $0 } }

  /// What a list is planned with.
  struct Prepared {
    let histories: Histories
    let policy: ContactPolicy
    let purpose: ConsentPurpose
    let ledger: Ledger
    let list: ContactList
    let planner: Planner
    /// What the user must know, whatever else is said.
    let notices: [String]
  }

  /// Reads everything; the policy first, which costs least to find wrong.
  func prepare(_ stages: Stages) throws -> Prepared {
    _ = try purpose(of: try readPolicy(.gmt))
    let contacts = try stages.run(
      "Reading \(list)", key: "list",
      { progress in
        try ContactList(
          list, columns: .init(customer: customer, vehicle: vehicle, priority: priority, tier: tier)
        ) { progress.note("\(Shown.count($0)) rows") }
      }, detail: { "\(Shown.count($0.count)) lines" })
    let histories = try stages.load(source, addresses: true)
    let policy = try readPolicy(TimeZone(identifier: histories.timeZone) ?? .gmt)
    let purpose = try purpose(of: policy)
    let now = at?.moment(in: policy.time) ?? Moment.now
    let ledger = try stages.run(
      "Ledger at \(policy.time.text(now))", key: "ledger",
      { _ in Ledger(histories, at: now, time: policy.time, memory: policy.memory) })
    return Prepared(
      histories: histories, policy: policy, purpose: purpose, ledger: ledger, list: contacts,
      planner: Planner(ledger: ledger, policy: policy, purpose: purpose),
      notices: notices(ledger, contacts))
  }

  private func notices(_ ledger: Ledger, _ list: ContactList) -> [String] {
    var notices: [String] = []
    if let notice = Self.withoutConsents(ledger.histories, source.data) { notices.append(notice) }
    if list.withoutPriority > 0 {
      notices.append(
        "\(Shown.count(list.withoutPriority)) lines of \(list.path) have no priority: taken as 0.")
    }
    return notices
  }

  /// What to say of histories that know of no consent.
  static func withoutConsents(_ histories: Histories, _ data: String) -> String? {
    guard !histories.knowsConsents else { return nil }
    return
      "\(data) has no table `consents`: nobody is contacted. `revisit schema consents` shows what it holds."
  }

  // MARK: Policy

  private func readPolicy(_ timeZone: TimeZone) throws -> ContactPolicy {
    guard let policy else { return .builtIn(timeZone: timeZone) }
    return try Self.read(policy: policy, timeZone: timeZone)
  }

  static func read(policy: String, timeZone: TimeZone) throws -> ContactPolicy {
    do {
      return try ContactPolicy(file: policy, timeZone: timeZone)
    } catch {
      throw Failure.from(error)
    }
  }

  private func purpose(of policy: ContactPolicy) throws -> ConsentPurpose {
    guard let purpose else { return policy.purposes[0] }
    guard let known = ConsentPurpose(contactWord: purpose) else {
      let near = CanonicalTable.nearest(to: purpose, among: ConsentPurpose.contactWords)
      throw Failure(
        .usage,
        "A contact is not for \"\(purpose)\". "
          + (near.map { "Did you mean \($0)?" }
            ?? "It is for \(ConsentPurpose.contactWords.joined(separator: ", "))."))
    }
    guard policy.purposes.contains(known) else {
      throw Failure(
        .usage,
        "The policy allows no contacts for \(purpose). Name one of \(policy.purposes.map(\.word).joined(separator: ", ")), or add it to `purposes`."
      )
    }
    return known
  }
}

/// A moment as users write it: `2026-11-23T09:00`, by the dealers' clock, or with `Z` or an offset at its end.
struct GivenMoment: ExpressibleByArgument {
  private let day: Day
  private let minute: Int
  /// `nil` for the dealers' clock.
  private let minutesFromUTC: Int?

  init?(argument: String) {
    guard
      let match = argument.wholeMatch(
        of: /(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::00)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?/),
      let day = Day(match.1)
    else { return nil }
    let (hours, minutes) = (match.2.flatMap { Int($0) } ?? 0, match.3.flatMap { Int($0) } ?? 0)
    guard hours < 24, minutes < 60 else { return nil }
    self.day = day
    minute = hours * 60 + minutes
    if match.4 != nil {
      minutesFromUTC = 0
    } else if let sign = match.5, let hours = match.6.flatMap({ Int($0) }),
      let minutes = match.7.flatMap({ Int($0) })
    {
      minutesFromUTC = (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    } else {
      minutesFromUTC = nil
    }
  }

  func moment(in time: LocalTime) -> Moment {
    guard let minutesFromUTC else { return time.moment(day, minute: minute) }
    return LocalTime(.gmt).moment(day, minute: minute) - .minutes(Int64(minutesFromUTC))
  }
}

extension Moment {
  /// By the clock.
  static var now: Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
}
