import Foundation
import Testing

/// `value` on tables and data folders, as a user sees it.
@Suite("revisit value")
struct ValueCommandTests {
  /// A folder with `log.csv`: 160 customers who come every few weeks until they leave.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["client,day,paid"]
    for customer in 0..<160 {
      let gap = 9 + customer * 31 % 47
      let visits = [1, 2, 12, 4, 1, 7, 1, 3][customer % 8]
      for visit in 0..<visits {
        let day = customer % 90 + visit * gap + visit * visit % 5
        guard day < 540 else { continue }
        lines.append("c\(customer),\(date(day)),\(20 + customer * 13 % 50 + visit % 3)")
      }
    }
    try revisit.write("log.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  /// A day of 2024 and later as YYYY-MM-DD.
  private static func date(_ day: Int) -> String {
    let formatter = DateFormatter()
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd"
    return formatter.string(from: Date(timeIntervalSince1970: 1_704_067_200 + Double(day) * 86_400))
  }

  private static let log = "value --table log.csv --customer client --date day --amount paid"

  @Test("a log with a hold-out: the JSON has all figures under the names of the papers")
  func json() throws {
    let revisit = try Self.folder()
    let run = try revisit("\(Self.log) --calibration-end 2024-12-31 --model mbg-cnbd-k --json")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    #expect(json["schema"] as? String == "revisit.value/1")
    #expect(json["model"] as? String == "mbg-cnbd-k")
    let parameters = try #require(json["parameters"] as? [String: Double])
    #expect(Set(parameters.keys) == ["r", "alpha", "a", "b", "k"])
    #expect(Set((try #require(json["standard_errors"] as? [String: Any])).keys) == ["r", "alpha", "a", "b"])
    #expect((json["log_likelihood"] as? Double).map { $0 < 0 } == true)
    let spend = try #require(json["spend"] as? [String: Any])
    #expect(Set((spend["parameters"] as? [String: Double] ?? [:]).keys) == ["p", "q", "v"])
    let holdOut = try #require(json["holdout"] as? [String: Any])
    #expect(
      Set(holdOut.keys) == ["length", "actual_total", "predicted_total", "mae", "rmse", "by_frequency"])
    let rows = try #require(holdOut["by_frequency"] as? [[String: Any]])
    #expect(rows.compactMap { $0["frequency"] as? Int } == Array(0...7))
    #expect(rows.compactMap { $0["customers"] as? Int }.reduce(0, +) == json["customers"] as? Int)
    let fit = try #require(json["frequency_fit"] as? [[String: Double]])
    let expected = fit.compactMap { $0["expected"] }.reduce(0, +)
    #expect(abs(expected - Double(try #require(json["customers"] as? Int))) < 1e-6)
  }

  @Test("auto compares the families and takes the one with the least AIC")
  func automatic() throws {
    let revisit = try Self.folder()
    let json = try revisit("\(Self.log) --json").json
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(
      models.compactMap { $0["model"] as? String } == [
        "bg-nbd", "mbg-nbd", "bg-cnbd-k", "mbg-cnbd-k", "pareto-nbd",
      ])
    let least = models.compactMap { $0["aic"] as? Double }.min()
    #expect(json["aic"] as? Double == least)
  }

  @Test("the numbers agree: 0 for no horizon, never less for a longer one, and P(alive) between 0 and 1")
  func agreement() throws {
    let revisit = try Self.folder()
    func values(_ months: Int) throws -> [[String: Double]] {
      let intervals = months == 12 ? " --intervals" : ""
      let run = try revisit(
        "\(Self.log) --model bg-nbd --horizon-months \(months) --out v.csv\(intervals)")
      #expect(run.status == 0, "\(run.talk)")
      let rows = try revisit.rows("v.csv")
      return rows.dropFirst().map { row in
        Dictionary(
          uniqueKeysWithValues: zip(rows[0], row).compactMap { name, cell in Double(cell).map { (name, $0) } }
        )
      }
    }
    let (none, one, two) = (try values(0), try values(12), try values(24))
    #expect(none.count == 160)
    for ((none, one), two) in zip(zip(none, one), two) {
      #expect(none["expected_visits"] == 0 && none["clv"] == 0)
      for name in ["expected_visits", "clv"] {
        let (shorter, longer) = (try #require(one[name]), try #require(two[name]))
        #expect(shorter > 0 && longer >= shorter && shorter.isFinite)
      }
      #expect(try #require(two["clv"]) <= #require(two["residual_value"]))
      let alive = try #require(one["p_alive"])
      #expect(alive > 0 && alive <= 1)
      let spend = try #require(one["expected_spend"])
      #expect(
        try #require(one["expected_spend_lower"]) < spend && spend < #require(one["expected_spend_upper"]))
      #expect(try #require(one["expected_visits_lower"]) <= #require(one["expected_visits_upper"]))
      // Of who has nearly surely left all that may still come lies beyond the interval.
      #expect(try #require(one["clv_lower"]) <= #require(one["clv_upper"]))
      if alive > 0.5 { #expect(try #require(one["clv"]) <= #require(one["clv_upper"])) }
    }
  }

  @Test("days and weeks give the same values, and the order of rows changes nothing")
  func units() throws {
    let revisit = try Self.folder()
    let weeks = try revisit("\(Self.log) --model bg-nbd --json").json
    let days = try revisit("\(Self.log) --model bg-nbd --unit day --month-days 30.436875 --json").json
    let lines = String(decoding: try revisit.read("log.csv"), as: UTF8.self).split(separator: "\n")
    try revisit.write(
      "turned.csv", ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n")
    let turned = try revisit(Self.log.replacing("log.csv", with: "turned.csv") + " --model bg-nbd --json")
      .json
    for name in ["clv", "expected_visits", "residual_value", "alive"] {
      let values = [weeks, days, turned].compactMap { ($0["totals"] as? [String: Double])?[name] }
      #expect(values.count == 3 && values.allSatisfy { abs($0 / values[0] - 1) < 1e-6 }, "\(name): \(values)")
    }
  }

  @Test("words in both languages on 80 columns, and a page with all drawings")
  func words() throws {
    let revisit = try Self.folder()
    for (language, word) in [("en", "Customer value"), ("zh", "客户价值")] {
      let run = try revisit("\(Self.log) --model mbg-nbd --calibration-end 2024-12-31 --lang \(language)")
      #expect(run.status == 0 && run.output.contains(word), "\(run.talk)")
      let page = try revisit(
        "\(Self.log) --model mbg-nbd --calibration-end 2024-12-31 --lang \(language) --out v.html")
      #expect(page.status == 0, "\(page.talk)")
      let html = String(decoding: try revisit.read("v.html"), as: UTF8.self)
      #expect(html.contains(word) && html.count(of: "<svg") == 5 && !html.contains("NaN"))
    }
  }

  @Test(
    "a column that looks like a hold-out of unknown length is told and not needed; one that is named needs its length"
  )
  func holdOutWithoutLength() throws {
    let revisit = try Revisit()
    let lines = (0..<60).map { row in "\(row % 4),\(row % 4 == 0 ? 0 : 5 + row % 30),38,\(row % 3)" }
    try revisit.write("t.csv", (["x,t_x,T_cal,x_star"] + lines).joined(separator: "\n") + "\n")
    let found = try revisit("value --table t.csv --model bg-nbd --json")
    #expect(found.status == 0 && found.talk.contains("--holdout-length"), "\(found.talk)")
    #expect(try found.json["holdout"] == nil)
    let named = try revisit("value --table t.csv --model bg-nbd --holdout x_star")
    #expect(named.status == 65 && named.talk.contains("--holdout-length"), "\(named.talk)")
    let whole = try revisit("value --table t.csv --model bg-nbd --holdout-length 39 --json")
    #expect(try whole.json["holdout"] != nil)
  }

  @Test("repeats whose recency was rounded to 0 take part, and that is told")
  func roundedTimes() throws {
    let revisit = try Revisit()
    let lines = (0..<120).map { row in
      let repeats = row * 7 % 5
      return "\(repeats),\(repeats == 0 || row % 40 == 1 ? 0 : 5 + row * 11 % 30),\(36 + row % 4)"
    }
    try revisit.write("t.csv", (["frequency,recency,T"] + lines).joined(separator: "\n") + "\n")
    let run = try revisit("value --table t.csv --model bg-nbd --out v.csv")
    #expect(
      run.status == 0 && run.talk.contains("3 of 120 customers came again with a recency of 0"), "\(run.talk)"
    )
    let table = String(decoding: try revisit.read("v.csv"), as: UTF8.self)
    #expect(table.split(separator: "\n").count == 121 && !table.lowercased().contains("nan"))
  }

  @Test(
    "what cannot be is an error with row and column, or with what to do",
    arguments: [
      ("frequency,recency,T\n1,50,39\n1,3,39\n", 65, "\"recency\" is larger than \"T\" in row 1"),
      (
        "frequency,recency,T\n1,5,39\n0,3,39\n", 65, "\"frequency\" is 0, but \"recency\" is above 0 in row 2"
      ),
      ("frequency,recency,T\n1.5,5,39\n0,0,39\n", 65, "Column \"frequency\" is no whole number"),
      ("frequency,recency,T\n-1,5,39\n0,0,39\n", 65, "Column \"frequency\""),
      ("frequency,recency,T\n1,,39\n0,0,39\n", 65, "Column \"recency\" is missing or negative in row 1"),
      ("frequency,recency,T\n3,20,39\n", 65, "one customer"),
      ("frequency,recency,T\n0,0,39\n0,0,38\n0,0,30\n0,0,20\n0,0,10\n", 65, "nobody came again"),
      ("frequency,recency\n1,2\n", 64, "frequency, recency and T"),
      ("customer,date,amount\na,2024-01-01,1\na,gestern,2\n", 65, "holds no date in row 2"),
      ("customer,date,amount\na,2124-01-01,1\n", 65, "later than 20"),
    ])
  func badInput(text: String, status: Int32, message: String) throws {
    let revisit = try Revisit()
    try revisit.write("t.csv", text)
    let run = try revisit("value --table t.csv --model bg-nbd")
    #expect(run.status == status && run.talk.contains(message), "\(run.status): \(run.talk)")
    #expect(run.output.isEmpty)
  }

  @Test("a suspected unit and customers with more than 1,000 visits are told, and nothing is NaN")
  func suspicions() throws {
    let revisit = try Revisit()
    var lines = ["frequency,recency,T,monetary"]
    for row in 0..<60 {
      lines.append("\(row % 4),\(row % 4 == 0 ? 0 : 100 + row * 3),\(400 + row),\(row % 5 == 0 ? 0 : row)")
    }
    lines.append("1500,420,430,12")
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    let run = try revisit("value --table t.csv --model bg-nbd --unit month --json")
    #expect(run.status == 0, "\(run.talk)")
    let warnings = try #require(try run.json["warnings"] as? [[String: Any]])
    let codes = Set(warnings.compactMap { $0["code"] as? String })
    #expect(codes.isSuperset(of: ["suspected_unit", "many_visits", "non_positive_spend"]), "\(codes)")
    #expect(!run.output.contains("null"))
  }

  @Test(
    "wrong usage is told before anything is read",
    arguments: [
      "value", "value --table a.csv --data b", "value --table a.csv --discount -1",
      "value --table a.csv --horizon-months -3",
      "value --table a.csv --model poisson", "value --data d --customer c",
      "value --table a.csv --regularity 3",
      "value --table a.csv --out v.xls",
    ])
  func usage(line: String) throws {
    #expect(try Revisit()(line).status == 64)
  }

  @Test("a data folder: every relation with the P(alive) of the features")
  func dataFolder() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit("value --data data --model bg-nbd --as-of 2025-06-30 --out v.csv --json")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try run.json["holdout"] != nil)
    let features = try revisit("features --data data --as-of 2025-06-30 --out f.csv")
    #expect(features.status == 0, "\(features.talk)")
    let (values, rows) = (try revisit.rows("v.csv"), try revisit.rows("f.csv"))
    let alive = try #require(rows[0].firstIndex(of: "p_alive"))
    let known = Dictionary(rows.dropFirst().map { ("\($0[0]) \($0[1])", $0[alive]) }) { first, _ in first }
    let own = try #require(values[0].firstIndex(of: "p_alive"))
    var compared = 0
    for row in values.dropFirst() {
      guard let feature = known["\(row[0]) \(row[1])"].flatMap(Double.init), let value = Double(row[own])
      else { continue }
      #expect(abs(feature - value) < 1e-9)
      compared += 1
    }
    #expect(compared > 100)
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
