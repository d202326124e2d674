import Foundation
import Testing

/// Coefficients learned from tables, as a user sees them.
@Suite("Coefficients of tables")
struct TableCoefficientTests {
  /// Spector and Mazzeo (1980): 32 students, and whether their grade rose.
  private static let students = """
    GPA,TUCE,PSI,GRADE
    2.66,20,0,0
    2.89,22,0,0
    3.28,24,0,0
    2.92,12,0,0
    4.00,21,0,1
    2.86,17,0,0
    2.76,17,0,0
    2.87,21,0,0
    3.03,25,0,0
    3.92,29,0,1
    2.63,20,0,0
    3.32,23,0,0
    3.57,23,0,0
    3.26,25,0,1
    3.53,26,0,0
    2.74,19,0,0
    2.75,25,0,0
    2.83,19,0,0
    3.12,23,1,0
    3.16,25,1,1
    2.06,22,1,0
    3.62,28,1,1
    2.89,14,1,0
    3.51,26,1,0
    3.54,24,1,1
    2.83,27,1,1
    3.39,17,1,1
    2.67,24,1,0
    3.65,21,1,1
    4.00,23,1,1
    3.10,21,1,0
    2.39,19,1,1
    """

  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    try revisit.write("spector.csv", students + "\n")
    return revisit
  }

  private static let spector = "train --table spector.csv --label GRADE --name s"

  private func object(_ any: Any?) throws -> [String: Any] { try #require(any as? [String: Any]) }

  private func close(_ value: Any?, _ expected: Double, _ share: Double = 1e-6) -> Bool {
    abs((value as? Double ?? .nan) / expected - 1) < share
  }

  /// Coefficients and errors as Stata 11 prints them, the rest by statsmodels 0.15.0:
  ///
  ///     m = sm.Logit(y, X).fit(tol=1e-14); m.llr, m.llr_pvalue, m.aic
  ///     2 * (m.llf - sm.Logit(y, X.drop(columns=c)).fit(tol=1e-14).llf)
  @Test(
    "Spector's coefficients, errors, deviance, AIC and likelihood-ratio tests stand in the JSON, as published"
  )
  func published() throws {
    let run = try Self.folder()("\(Self.spector) --linear --penalty 0 --coefficients --json")
    #expect(run.status == 0, "\(run.talk)")
    let model = try object(run.json["model"])
    let rows = try #require(model["coefficients"] as? [[String: Any]])
    let published = [
      "GPA": (2.82611297201, 1.26294114526), "TUCE": (0.0951576702557, 0.141554207662),
      "PSI": (2.37868772835, 1.06456430165), "(intercept)": (-13.0213483201, 4.93132462871),
    ]
    for (name, (estimate, error)) in published {
      let row = try #require(rows.first { $0["column"] as? String == name })
      #expect(close(row["per_unit"], estimate), "\(row)")
      #expect(close(row["standard_error"], error), "\(row)")
      #expect(close(row["statistic"], estimate / error), "\(row)")
      #expect(row["p_value"] is Double && row["interval"] is [Double])
    }
    let likelihood = try object(model["likelihood"])
    #expect(close(likelihood["deviance"], 25.77926844426283))
    #expect(close(likelihood["null_deviance"], 41.18345939326841))
    #expect(close(likelihood["aic"], 33.779268444262826))
    let whole = try object(likelihood["whole_model"])
    #expect(close(whole["statistic"], 15.404190949005578))
    #expect(whole["degrees_of_freedom"] as? Int == 3 && whole["penalised"] as? Bool == false)
    #expect(close(whole["p_value"], 0.0015018786820365786, 1e-5))
    let features = try #require(likelihood["features"] as? [[String: Any]])
    for (name, statistic, p) in [
      ("GPA", 6.784213764073254, 0.00919675287554696), ("PSI", 6.203697621531791, 0.012748371435385934),
      ("TUCE", 0.4738788290004763, 0.491208117100954),
    ] {
      let test = try #require(features.first { $0["terms"] as? [String] == [name] })
      #expect(close(test["statistic"], statistic) && close(test["p_value"], p, 1e-5), "\(test)")
    }
  }

  @Test("Spector's figures stand in the text, in both languages, and only --coefficients tests each feature")
  func text() throws {
    let revisit = try Self.folder()
    let run = try revisit("\(Self.spector) --linear --penalty 0 --coefficients")
    #expect(
      run.output.contains(
        "Deviance 25.779 (null 41.183), AIC 33.779; all columns together: χ² 15.404, df 3, p 0.0015"),
      "\(run.output)")
    #expect(run.output.contains("Likelihood-ratio tests, each by a fit without the feature:"))
    #expect(run.output.contains("6.784   1  0.0092  GPA"), "\(run.output)")
    // There are no customers here.
    #expect(!run.output.contains("clustered"))
    let chinese = try revisit("\(Self.spector) --linear --penalty 0 --lang zh")
    #expect(chinese.output.contains("整体似然比检验 χ² 15.404，自由度 3，p 0.0015"), "\(chinese.output)")
    #expect(!chinese.output.contains("逐一去掉特征"))
    let shrunk = try revisit("\(Self.spector) --penalty 0.1 --coefficients")
    #expect(shrunk.output.contains("(conservative)"))
    #expect(shrunk.output.contains("Likelihood-ratio tests are those of penalised fits"))
  }

  /// 40 customers with three rows each, of whom some are many-voiced; `seen` separates the classes.
  private static func customers() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["cid,days since the last paid visit to any store,age,seen,fold,y"]
    for row in 0..<120 {
      let customer = row / 3
      let y = customer * 29 % 40 + row % 3 * 4 < 20 + customer % 7
      lines.append(
        "C\(customer),\(row * 37 % 90),\(20 + customer * 11 % 30),\(y && customer % 8 == 0 ? 1 : 0),\(row % 4),\(y ? 1 : 0)"
      )
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  private static let long = "days since the last paid visit to any store"

  @Test("--id takes the rows of a customer together, in text and JSON, beside other estimators, too")
  func clusters() throws {
    let revisit = try Self.customers()
    for options in [
      "--linear", "--elastic-net 1 --penalty 0.01", "--monotone age=falling --linear", "--firth",
    ] {
      let line = "train --table t.csv --label y --id cid --drop fold,seen --coefficients \(options)"
      let run = try revisit("\(line) --json")
      #expect(run.status == 0, "\(run.talk)")
      let model = try object(run.json["model"])
      #expect(try object(model["errors"])["clusters"] as? Int == 40, "\(options)")
      let rows = try #require(model["coefficients"] as? [[String: Any]])
      let free = rows.filter { $0["is_held"] as? Bool == false }
      #expect(!free.isEmpty && free.allSatisfy { $0["clustered_error"] as? Double ?? 0 > 0 }, "\(options)")
      #expect(try revisit(line).output.contains("clustered"), "\(options)")
    }
  }

  @Test("80 columns show every figure and whole names, and a pipe never cuts a name")
  func widths() throws {
    let revisit = try Self.customers()
    let line = "train --table t.csv --label y --id cid --drop fold,seen --linear --coefficients"
    let narrow = try revisit(line)
    let lines = narrow.output.split(separator: "\n", omittingEmptySubsequences: false)
    let header = try #require(lines.firstIndex { $0.contains("clustered") && $0.contains("VIF") })
    #expect(lines[header].contains("error") && lines[header].contains("95 % interval"))
    #expect(lines[header - 1] == "feature – per")
    #expect(lines.contains("\(Self.long) – 1"))
    #expect(!narrow.output.contains("…y") && lines[header].count <= 80)
    let pipe = try revisit(
      line.split(separator: " ").map(String.init), environment: ["COLUMNS": ""])
    let row = try #require(pipe.output.split(separator: "\n").first { $0.hasPrefix(Self.long) })
    #expect(row.count > 100, "name and figures in one line: \(row)")
  }

  @Test("where the classes are separated, the message's advice works: --firth trains, judges folds, scores")
  func firth() throws {
    let revisit = try Self.customers()
    let line = "train --table t.csv --label y --id cid --folds fold --name f"
    let separated = try revisit("\(line) --linear --penalty 0")
    #expect(separated.status == 65 && separated.talk.contains("`revisit train --firth`"), "\(separated.talk)")
    #expect(!separated.talk.contains("FirthRegression"))
    let run = try revisit("\(line) --firth --profile --coefficients")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("Logistic regression by Firth's penalised likelihood: 3 columns"))
    #expect(run.output.contains("Interval and p are those of the profile of the penalised likelihood."))
    #expect(run.output.contains("mean"))
    let json = try object(revisit("\(line) --firth --json").json["model"])
    #expect(try object(json["firth"])["penalised_log_likelihood"] is Double)
    #expect(try object(json["errors"])["method"] as? String == "firth")
    #expect(try revisit("score --model f --table t.csv --out s.csv").status == 0)
    #expect(try revisit.rows("s.csv").count == 121)
    #expect(try revisit("evaluate --model f --table t.csv").status == 0)
  }

  static let refused = [
    ("--firth --penalty 0.1", "leave --penalty out"),
    ("--firth --monotone age=rising", "--firth has no meaning with --monotone"),
    ("--firth --offset age", "--offset has no meaning with --firth"),
    ("--firth --penalty-factor age=2", "--penalty-factor has no meaning with --firth"),
    ("--firth --shape age=log", "--shape has no meaning with --firth"),
    ("--coefficients --shape age=log", "--shape has no meaning with --coefficients"),
    ("--penalty 0.1 --shape age=log", "--shape has no meaning with --penalty"),
    ("--profile", "belongs to --firth"), ("--expected-directions", "has no meaning with --table"),
    ("--penalty -1", "--penalty must be 0 or more, not -1.0"),
    ("--elastic-net -1", "--elastic-net must be 0 (ridge) to 1 (lasso), not -1.0"),
  ]

  @Test("options that contradict each other are refused by the names that were given", arguments: refused)
  func contradictions(options: String, says: String) throws {
    let run = try Self.customers()("train --table t.csv --label y --id cid --drop fold \(options)")
    #expect(run.status == 64 && run.talk.contains(says), "\(run.talk)")
  }

  @Test("directions that hold coefficients are told once")
  func directions() throws {
    let run = try Self.customers()(
      "train --table t.csv --label y --id cid --drop fold --linear --monotone age=falling")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.components(separatedBy: "of 1 directions hold").count == 2, "\(run.output)")
    #expect(!run.output.contains("expected directions"))
  }
}
