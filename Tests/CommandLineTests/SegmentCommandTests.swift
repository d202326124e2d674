import Foundation
import Testing

@Suite("The segment command")
struct SegmentCommandTests {
  /// The orders of the R package rfm, which stand beside the project and not in it.
  private static let orders: URL? = {
    let file = Revisit.packageRoot.appendingPathComponent("../shared/reference/rfm/orders.csv")
      .standardizedFileURL
    guard FileManager.default.fileExists(atPath: file.path) else {
      print("skipped: the published RFM table, because ../shared/reference/rfm/orders.csv is not there")
      return nil
    }
    return file
  }()

  private static let log = """
    customer,date,amount
    a,2026-01-01,10
    a,2026-01-01,5
    a,2026-03-01,20
    b,2026-02-01,100
    c,2026-03-15,7
    c,2026-03-20,-7

    """

  private func segments(_ json: [String: Any]) throws -> [String: [String: Any]] {
    let list = try #require(json["segments"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: list.compactMap { entry in
        (entry["segment"] as? String).map { ($0, entry) }
      })
  }

  // MARK: Logs

  @Test(
    "the published table of the R package rfm comes out of the command",
    .enabled(if: orders != nil, "needs ../shared/reference/rfm/orders.csv"))
  func published() throws {
    let file = try #require(Self.orders).path
    let header = try String(contentsOfFile: file, encoding: .utf8).prefix { !$0.isNewline }.split(
      separator: ",")
    let line = [
      "segment", "--table", file, "--customer", "\(header[0])", "--date", "\(header[1])", "--amount",
      "\(header[2])", "--as-of", "2006-12-31",
    ]
    let found = try segments(try Revisit()(line + ["--json"]).json)
    // R package rfm, introduction: customers, orders, revenue
    let expected: [String: [Double]] = [
      "About To Sleep": [102, 283, 23449], "At Risk": [28, 216, 22227], "Can't Lose Them": [47, 274, 32446],
      "Champions": [35, 316, 31646], "Lost": [148, 393, 35324], "Loyal Customers": [170, 799, 76562],
      "Need Attention": [10, 57, 4562], "New Customers": [104, 329, 28837],
      "Potential Loyalist": [342, 2211, 204_856], "Promising": [9, 28, 4249],
    ]
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, figures) in expected {
      let own = try #require(found[name])
      #expect([own["count"], own["orders"], own["amount"]].map { ($0 as? NSNumber)?.doubleValue } == figures)
    }
    let byDays = try segments(try Revisit()(line + ["--count", "days", "--json"]).json)
    #expect(byDays.values.allSatisfy { $0["days"] != nil && $0["orders"] == nil })
  }

  @Test("orders are rows or days, returns are left out and told, and the order of rows plays no part")
  func log() throws {
    let revisit = try Revisit()
    try revisit.write("log.csv", Self.log)
    let run = try revisit("segment --table log.csv --out -")
    #expect(run.status == 0)
    #expect(run.talk.contains("1 row with a negative amount: taken for returns and left out"))
    let lines = run.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("customer_id,as_of,recency_days,orders,amount,recency_score,"))
    #expect(
      lines.dropFirst().map { $0.split(separator: ",").prefix(5).joined(separator: ",") } == [
        "a,2026-03-15,14,3,35.00", "b,2026-03-15,42,1,100.00", "c,2026-03-15,0,1,7.00",
      ])
    let days = try revisit("segment --table log.csv --count days --out - --quiet").output
    #expect(days.contains("a,2026-03-15,14,2,35.00"))
    let rows = Self.log.split(separator: "\n")
    try revisit.write("turned.csv", ([rows[0]] + rows.dropFirst().reversed()).joined(separator: "\n") + "\n")
    let turned = try revisit("segment --table turned.csv --out - --quiet").output
    #expect(turned.split(separator: "\n").dropFirst().sorted() == lines.dropFirst().sorted())
  }

  @Test("bad logs are one clear message, and nothing is printed")
  func badLogs() throws {
    let revisit = try Revisit()
    try revisit.write("dates.csv", "customer,date,amount\na,2026-01-01,1\nb,soon,2\n")
    try revisit.write("amounts.csv", "customer,date,amount\na,2026-01-01,1\nb,2026-01-02,much\n")
    try revisit.write("log.csv", Self.log)
    for (line, status, says) in [
      ("--table dates.csv", 65, "--date"), ("--table amounts.csv", 65, "--amount"),
      ("--table none.csv", 66, "There is no file none.csv"),
      ("--table log.csv --customer who", 64, "no column \"who\""),
      ("--table log.csv --as-of 2025-01-01", 65, "later than 2025-01-01"),
      ("--table log.csv --compare-to 2025-01-01", 65, "begins on 2026-01-01"),
    ] as [(String, Int32, String)] {
      let run = try revisit("segment \(line)")
      #expect(run.status == status && run.output.isEmpty, "\(line): \(run.talk)")
      #expect(run.talk.contains(says), "\(line): \(run.talk)")
    }
  }

  @Test("one customer, or all alike, is segmented and said to be so")
  func oneCustomer() throws {
    let revisit = try Revisit()
    try revisit.write("one.csv", "customer,date,amount\na,2026-01-01,1\n")
    for binning in ["quantile", "k-means"] {
      let run = try revisit("segment --table one.csv --binning \(binning) --json")
      #expect(run.status == 0)
      let notices = try #require(try run.json["notices"] as? [String])
      #expect(notices.contains { $0.contains("Only 1 of the 5 bins of money hold anybody") })
      #expect(try segments(try run.json)["New Customers"]?["count"] as? Int == 1)
    }
  }

  // MARK: Rules

  @Test("printed rules are a file that gives the same result")
  func printedRules() throws {
    let revisit = try Revisit()
    try revisit.write("log.csv", Self.log)
    let printed = try revisit("segment --print-rules")
    #expect(printed.status == 0 && printed.output.contains("name: Champions"))
    try revisit.write("rules.yaml", printed.output)
    let plain = try revisit("segment --table log.csv --json --quiet").output
    #expect(try revisit("segment --table log.csv --rules rules.yaml --json --quiet").output == plain)
    let three = try revisit("segment --print-rules --tiers three").output
    #expect(three.contains("高价值") && !three.contains("VIP"))
    #expect(try revisit("segment --print-rules --rules rules.yaml").output == printed.output)
  }

  @Test("own rules, bins and cut-offs; combinations without a rule are told")
  func ownRules() throws {
    let revisit = try Revisit()
    try revisit.write("log.csv", Self.log)
    try revisit.write(
      "rules.yaml", "segments:\n  - {name: fresh, zh: 新近, recency: 3}\n  - {name: rich, zh: 高额, money: 2+}\n")
    let line = "segment --table log.csv --rules rules.yaml --bins 3 --recency-cuts 10,30 --money-cuts 50,90"
    let run = try revisit("\(line) --json --quiet --lang zh")
    let found = try segments(try run.json)
    #expect(found.mapValues { $0["count"] as? Int } == ["fresh": 1, "rich": 1, "Others": 1])
    #expect(found["rich"]?["label"] as? String == "高额")
    let text = try revisit(line)
    #expect(text.talk.contains("6 of 27 combinations of scores fall under no rule"))
    let wrong = try revisit("segment --table log.csv --rules none.yaml")
    #expect(wrong.status == 66 && wrong.talk.contains("--print-rules"))
    try revisit.write("bad.yaml", "segments:\n  - {name: a, recency: 9}\n")
    let bad = try revisit("segment --table log.csv --rules bad.yaml")
    #expect(bad.status == 65 && bad.talk.contains("bad.yaml, line 2") && bad.output.isEmpty)
  }

  // MARK: Migration and page

  @Test("who moved where adds up in the terminal's JSON, in the matrix file and in the rows")
  func migration() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let line = "segment --data data --compare-to 2025-06-30"
    let run = try revisit("\(line) --json --out rows.csv --matrix matrix.csv")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    let migration = try #require(json["migration"] as? [String: Any])
    let counts = try #require(migration["counts"] as? [[Int]])
    let (new, gone) = (try #require(migration["new"] as? [Int]), try #require(migration["gone"] as? [Int]))
    let stayed = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    #expect(migration["stayed"] as? Int == stayed && stayed > 0)
    #expect(counts.joined().reduce(0, +) + new.reduce(0, +) == json["rows"] as? Int)

    let matrix = try revisit.rows("matrix.csv")
    #expect(matrix[0] == ["from_segment", "to_segment", "count", "share_of_from"])
    let sum = matrix.dropFirst().reduce(0) { $0 + (Int($1[2]) ?? 0) }
    #expect(sum == counts.joined().reduce(0, +) + new.reduce(0, +) + gone.reduce(0, +))

    let rows = try revisit.rows("rows.csv")
    let movement = try #require(rows[0].firstIndex(of: "movement"))
    let kinds = Dictionary(grouping: rows.dropFirst()) { $0[movement] }.mapValues(\.count)
    #expect(kinds["stayed"] == stayed && kinds["new"] ?? 0 == new.reduce(0, +))
    #expect(kinds["gone"] ?? 0 == gone.reduce(0, +) && kinds["moved"] == migration["moved"] as? Int)

    let narrow = try revisit(line)
    #expect(narrow.output.contains("by the bins of the later date"))
    #expect(narrow.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let wide = try revisit(line, environment: ["COLUMNS": "200"])
    #expect(wide.output.contains("→1") && wide.output.contains("gone"))
  }

  @Test("the page shows maps, tables and the matrix in both languages, and needs no other file")
  func page() throws {
    let revisit = try SampleGroup.copy(.parquet)
    for (language, words) in [
      ("en", ["Recency × Frequency", "Value tier", "gone"]), ("zh", ["近度 × 频度", "价值等级", "不再存在"]),
    ] {
      let run = try revisit(
        "segment --data data --compare-to 2025-06-30 --out page.html --lang \(language)")
      #expect(run.status == 0, "\(run.talk)")
      let page = String(decoding: try revisit.read("page.html"), as: UTF8.self)
      for word in words { #expect(page.contains(word), "\(word)") }
      for forbidden in ["<script", "<link", "<img", "src=", "href=", "url(", "@import", "http", ">nan"] {
        #expect(!page.contains(forbidden), "\(forbidden)")
      }
      #expect(page.matches(of: /<svg viewBox/).count == 3)
    }
  }

  @Test("the list shows what is at risk, part by part, and ranks by it when asked")
  func listByValue() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let json = try revisit("at-risk --data data --model sample --rank-by value --top 20 --json").json
    #expect(json["ranked_by"] as? String == "value")
    let rows = try #require(json["rows"] as? [[String: Any]])
    let values = rows.compactMap { $0["value_at_risk"] as? Double }
    #expect(values.count == 20 && values == values.sorted(by: >))
    for row in rows {
      let parts = ["clv_36", "ins_potential", "trade_potential", "referral_potential"]
        .reduce(0) { $0 + (row[$1] as? Double ?? 0) }
      let probability = try #require(row["probability"] as? Double)
      let value = try #require(row["value_at_risk"] as? Double)
      #expect(abs(value - probability * parts) < 0.05)
    }
  }
}
