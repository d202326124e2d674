import Foundation
import Testing

/// `value` with covariates, as a user sees it.
@Suite("revisit value with covariates")
struct CovariateCommandTests {
  /// `summary.csv`: members come twice as often; the city tells nothing.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["id,frequency,recency,T,monetary,member,number,city,joined,litt,x_star"]
    for customer in 0..<600 {
      let isMember = customer % 3 == 0
      let age = 40 + customer * 37 % 60
      let visits = (customer * 7919 % 11) / (isMember ? 2 : 4)
      let recency = visits == 0 ? 0 : age * (60 + customer * 31 % 40) / 100
      let intervals = visits == 0 ? 0 : Double(visits) * log(Double(recency) / Double(visits))
      lines.append(
        "k\(customer),\(visits),\(recency),\(age),\(visits == 0 ? 0 : 20 + customer % 17),\(isMember ? "yes" : "no"),"
          + "\(customer * 13 % 29),\(["North", "South", "West"][customer * 5 % 7 % 3]),2024-01-02,\(intervals),\(visits / 3)"
      )
    }
    try revisit.write("summary.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  private static let summary = "value --table summary.csv --lang en"

  @Test(
    "coefficients, errors and tests are printed by the names of the columns, and valued by",
    arguments: [
      "mbg-cnbd-k --regularity 2", "pareto-nbd",
    ])
  func effects(_ model: String) throws {
    let revisit = try Self.folder()
    let run = try revisit(
      "\(Self.summary) --model \(model) --visit-covariates member,city --leaving-covariates number --holdout-length 20 --json"
    )
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    let parameters = try #require(json["parameters"] as? [String: Double])
    let errors = try #require(json["standard_errors"] as? [String: Any])
    for name in ["gamma_1[member]", "gamma_1[city=South]", "gamma_1[city=West]", "gamma_2[number]"] {
      #expect(parameters[name] != nil && errors[name] != nil, "\(name)")
    }
    #expect(try #require(parameters["gamma_1[member]"]) > 0.3)
    let tests = try #require(json["likelihood_ratio_tests"] as? [[String: Any]])
    #expect(tests.compactMap { $0["column"] as? String } == ["member", "city", "number", "all"])
    #expect(tests.compactMap { $0["degrees_of_freedom"] as? Int } == [1, 2, 1, 4])
    #expect((tests[0]["p_value"] as? Double).map { $0 < 1e-4 } == true)
    #expect(tests[1]["reference"] as? String == "North")
    let without = try #require(json["without_covariates"] as? [String: Any])
    let gain =
      try #require(json["log_likelihood"] as? Double) - #require(without["log_likelihood"] as? Double)
    #expect(abs(2 * gain - (try #require(tests[3]["statistic"] as? Double))) < 1e-9)
    #expect((json["holdout"] as? [String: Any])?["predicted_total"] as? Double ?? 0 > 0)
  }

  @Test("the terminal, the page and the table of customers show them")
  func outputs() throws {
    let revisit = try Self.folder()
    let run = try revisit("\(Self.summary) --model mbg-nbd --covariates member,city")
    #expect(run.output.contains("city (against North)") && run.output.contains("LR test"))
    let page = try revisit("\(Self.summary) --model mbg-nbd --covariates member --out v.html")
    #expect(page.status == 0, "\(page.talk)")
    #expect(String(decoding: try revisit.read("v.html"), as: UTF8.self).contains("Covariates"))
    let values = try revisit(
      "\(Self.summary) --model mbg-nbd --covariates member --out v.csv --intervals --json")
    #expect(values.status == 0, "\(values.talk)")
    let totals = try #require(try values.json["totals"] as? [String: Double])
    let visits = try #require(totals["expected_visits"])
    #expect(try #require(totals["expected_visits_lower"]) < visits)
    #expect(try #require(totals["expected_visits_upper"]) > visits)
  }

  @Test("with the sums of the intervals' logarithms the k of a summary is chosen")
  func regularity() throws {
    let revisit = try Self.folder()
    let json = try revisit("\(Self.summary) --model mbg-cnbd-k --json").json
    let k = try #require((json["parameters"] as? [String: Double])?["k"])
    // Visits of equal distance are as regular as can be.
    #expect(k > 4)
  }

  @Test(
    "what is no covariate is refused by its name",
    arguments: [
      ("--covariates joined", 65, "dates"), ("--covariates id", 64, "names them"),
      ("--covariates nobody", 64, "nobody"), ("--covariates frequency", 64, "how often"),
    ])
  func refusals(_ options: String, _ status: Int, _ words: String) throws {
    let revisit = try Self.folder()
    let run = try revisit("\(Self.summary) --model mbg-nbd \(options)")
    #expect(Int(run.status) == status && run.talk.contains(words), "\(run.status) \(run.talk)")
  }

  @Test("a log with covariates is refused with what to do")
  func logs() throws {
    let revisit = try Revisit()
    try revisit.write("log.csv", "customer,date\na,2024-01-02\n")
    let run = try revisit("value --table log.csv --covariates colour")
    #expect(run.status == 64 && run.talk.contains("one row a customer"), "\(run.talk)")
  }
}
