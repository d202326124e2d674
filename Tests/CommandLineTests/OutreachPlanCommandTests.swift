import Foundation
import Testing

/// `revisit outreach policy`, `preview` and `enqueue` on a simulated group.
@Suite("Lists through the policy into the queue")
struct OutreachPlanCommandTests {
  private static let at = "2026-01-05T10:00:00+08:00"

  /// The list of all relations of the simulated group, made once.
  private static let list = Result<Data, any Error> {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit("at-risk --data data --model sample --top all --out list.csv")
    try #require(run.status == 0, "\(run.talk)")
    return try revisit.read("list.csv")
  }

  /// The simulated group with its list.
  private func sample() throws -> Revisit {
    let revisit = try SampleGroup.copy(.parquet)
    try Self.list.get().write(to: revisit.path("list.csv"))
    return revisit
  }

  private func counts(_ value: Any?) -> [String: Int] { value as? [String: Int] ?? [:] }

  @Test("The policy of the program is printed, can be checked as a file, and wrong ones are refused by line")
  func policy() throws {
    let revisit = try Revisit()
    let printed = try revisit("outreach policy")
    #expect(printed.status == 0 && printed.output.contains("quiet_hours:"))
    try revisit.write("policy.yaml", printed.output)
    let read = try revisit("outreach policy --policy policy.yaml --json")
    #expect(try read.json["yaml"] as? String == printed.output)
    try revisit.write("policy.yaml", printed.output.replacing("quiet_hours:", with: "quite_hours:"))
    let wrong = try revisit("outreach policy --policy policy.yaml")
    #expect(wrong.status == 65)
    #expect(wrong.talk.contains("Did you mean `quiet_hours`?") && wrong.talk.contains("policy.yaml, line "))
    #expect(try revisit("outreach policy --policy none.yaml").status == 66)
  }

  @Test("Preview says for every line which channel it gets or why none, alike in all forms")
  func preview() throws {
    let revisit = try sample()
    let line = "outreach preview --list list.csv --data data --at \(Self.at)"
    let report = try revisit("\(line) --json --out preview.csv").json
    let lines = try #require(report["lines"] as? Int)
    let suppressed = counts(report["suppressed"]).values.reduce(0, +)
    let contacts = try #require(report["contacts"] as? Int)
    #expect(lines == contacts + suppressed && contacts > 0 && suppressed > 0)
    let rows = try revisit.rows("preview.csv")
    #expect(rows.count == lines + 1)
    #expect(
      rows[0] == [
        "line", "customer_id", "vin", "priority", "value_tier", "decision", "channel", "due_at", "reason",
        "goes_first",
      ])
    #expect(rows.dropFirst().allSatisfy { ($0[5] == "suppressed") == $0[6].isEmpty })
    #expect(rows.dropFirst().allSatisfy { $0[5] == "now" || !$0[8].isEmpty })
    for (language, title) in [("en", "Who would be contacted"), ("zh", "联系计划预览")] {
      let shown = try revisit("\(line) --lang \(language)")
      #expect(shown.status == 0 && shown.output.hasPrefix(title))
    }
    #expect(try revisit("\(line) --out -").output.hasPrefix("line,customer_id,"))
  }

  @Test("Without consents nobody is contacted, and it says so; no policy changes that")
  func noConsents() throws {
    let revisit = try sample()
    try FileManager.default.removeItem(at: revisit.path("data/consents.parquet"))
    try revisit.write(
      "open.yaml",
      "channels: {sms: {kind: machine, cost: 0}, phone: {kind: person, cost: 0}}\nchoice: {tiers: {other: [machine, person]}}\n"
    )
    for policy in ["", " --policy open.yaml"] {
      let run = try revisit("outreach preview --list list.csv --data data --json --at \(Self.at)\(policy)")
      #expect(run.status == 0)
      #expect(try run.json["contacts"] as? Int == 0)
      #expect(
        Set(counts(try run.json["suppressed"]).keys).isSubset(of: [
          "no_consent", "relation_ended", "complaint_open", "in_workshop", "visit_booked",
        ]))
      #expect(run.talk.contains("no table `consents`: nobody is contacted"))
      #expect((try run.json["notices"] as? [String])?.count == 1)
    }
  }

  @Test("A list enters the queue once; again it changes nothing, and the hold-out is the same")
  func enqueue() throws {
    let revisit = try sample()
    let line =
      "outreach enqueue --list list.csv --data data --campaign summer --queue sqlite:queue.db --holdout 20% --at \(Self.at) --json"
    let first = try revisit(line)
    #expect(first.status == 0, "\(first.talk)")
    let report = try first.json
    let enqueued = try #require(report["enqueued"] as? Int)
    let heldOut = try #require(report["held_out"] as? Int)
    let suppressed = counts(report["suppressed"]).values.reduce(0, +)
    #expect(enqueued > 0 && heldOut > 0)
    #expect(report["lines"] as? Int == enqueued + heldOut + suppressed)
    // Nine strata at most, each within one customer.
    #expect(abs(Double(heldOut) - 0.2 * Double(enqueued + heldOut)) < 12)
    #expect(counts(report["channels"]).values.reduce(0, +) == enqueued)

    let again = try revisit(line).json
    #expect(again["enqueued"] as? Int == 0)
    #expect(again["already_there"] as? Int == enqueued)
    #expect(again["held_out"] as? Int == heldOut)
    #expect(counts(again["suppressed"]) == counts(report["suppressed"]))
    #expect(try revisit("outreach verify --queue sqlite:queue.db").status == 0)
    // A day later, too, when some contacts may leave earlier and others later.
    let later = line.replacing("01-05T10", with: "01-06T15")
    #expect(try revisit(later).json["enqueued"] as? Int == 0)
  }

  @Test("A second wave holds the same customers out and nobody who was contacted")
  func waves() throws {
    let revisit = try sample()
    let line = "outreach enqueue --list list.csv --data data --campaign summer --queue sqlite:queue.db"
    let first = try revisit("\(line) --at \(Self.at) --json").json
    let second = try revisit("\(line) --at \(Self.at) --wave 2 --holdout 50% --json").json
    #expect(second["held_out"] as? Int == first["held_out"] as? Int)
    #expect(second["enqueued"] as? Int == first["enqueued"] as? Int)
    #expect(second["already_there"] as? Int == 0)
  }

  @Test(
    "A run keeps the model of its list: by the record beside the list, by --model, or says that nobody knows")
  func model() throws {
    let revisit = try SampleGroup.copy(.parquet)
    #expect(try revisit("at-risk --data data --model sample --top all --out list.csv").status == 0)
    func enqueue(_ campaign: String, _ more: String = "") throws -> [String: Any] {
      let run = try revisit(
        "outreach enqueue --list list.csv --data data --campaign \(campaign) --queue sqlite:q.db --at \(Self.at) --json\(more)"
      )
      #expect(run.status == 0, "\(run.talk)")
      return try run.json
    }
    let beside = try #require(try enqueue("a")["model"] as? [String: Any])
    #expect(beside["name"] as? String == "sample@1" && beside["from"] as? String == "list.csv.run.json")
    // A record of another file is none.
    let list = String(decoding: try revisit.read("list.csv"), as: UTF8.self).split(separator: "\n")
    try revisit.write("list.csv", list.prefix(30).joined(separator: "\n") + "\n")
    let changed = try enqueue("b")
    #expect(changed["model"] is NSNull)
    #expect((changed["notices"] as? [String])?.contains { $0.contains("other contents") } == true)
    let named = try #require(try enqueue("c", " --model sample")["model"] as? [String: Any])
    #expect(named["sha256"] as? String == beside["sha256"] as? String)
    try FileManager.default.removeItem(at: revisit.path("list.csv.run.json"))
    #expect((try enqueue("d")["notices"] as? [String])?.contains { $0.contains("--model") } == true)
    let runs = try #require(
      try revisit("outreach status --queue sqlite:q.db --json").json["runs"] as? [[String: Any]])
    #expect(runs.map { $0["model"] as? String } == [nil, "sample@1", nil, "sample@1"])
    #expect(runs[1]["model_sha256"] as? String == beside["sha256"] as? String)
    for (language, word) in [("en", "not known"), ("zh", "未知")] {
      let shown = try revisit("outreach status --queue sqlite:q.db --lang \(language)").output
      #expect(shown.contains("sample@1") && shown.contains(word))
    }
    #expect(
      try revisit("outreach enqueue --list list.csv --data data --campaign e --queue sqlite:q.db --model no")
        .status == 66)
  }

  @Test("Held tasks wait for approval")
  func hold() throws {
    let revisit = try sample()
    let run = try revisit(
      "outreach enqueue --list list.csv --data data --campaign summer --queue sqlite:queue.db --hold --at \(Self.at) --json"
    )
    let enqueued = try #require(try run.json["enqueued"] as? Int)
    #expect(enqueued > 0)
    let leased = try revisit("outreach lease --queue sqlite:queue.db --limit 5 --at 2026-01-05T03:00:00Z")
    #expect(leased.output.isEmpty)
  }

  @Test("What cannot be leaves no queue behind")
  func wrong() throws {
    let revisit = try sample()
    let base = ["outreach", "enqueue", "--data", "data", "--campaign", "c", "--queue", "sqlite:queue.db"]
    try revisit.write("nocolumn.csv", "customer_id,vin\nC1,V1\n")
    try revisit.write("bad.yaml", "channels: []\n")
    for (further, status, word) in [
      (["--list", "none.csv"], 66, "There is no list none.csv"),
      (["--list", "nocolumn.csv"], 64, "\"priority\""),
      (["--list", "list.csv", "--purpose", "survey"], 64, "A contact is not for \"survey\""),
      (["--list", "list.csv", "--purpose", "profiling"], 64, "A contact is not for \"profiling\""),
      (["--list", "list.csv", "--policy", "bad.yaml"], 65, "bad.yaml, line 1"),
      (["--list", "list.csv", "--holdout", "60%"], 64, "--holdout"),
      (["--list", "list.csv", "--wave", "0"], 64, "--wave must be 1 or more"),
      (["--list", "list.csv", "--template", "x"], 64, "name with a version"),
      (["--list", "list.csv", "--no-consent-needed"], 64, "Unknown option"),
    ] {
      let run = try revisit(base + further)
      #expect(Int(run.status) == status, "\(further): \(run.talk)")
      #expect(run.talk.contains(word), "\(further): \(run.talk)")
    }
    #expect(try !revisit.names().contains("queue.db"))
  }

  @Test("A campaign keeps its purpose")
  func purpose() throws {
    let revisit = try sample()
    let line =
      "outreach enqueue --list list.csv --data data --campaign c --queue sqlite:queue.db --at \(Self.at)"
    #expect(try revisit(line).status == 0)
    let run = try revisit("\(line) --purpose marketing")
    #expect(run.status == 64)
    #expect(run.talk.contains("another purpose"))
  }
}
