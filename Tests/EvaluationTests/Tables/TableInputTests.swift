import ChurnModel
import Evaluation
import Foundation
import Tables
import Testing

/// Bad input is an error or a notice that names the column, the row and the next step.
@Suite("Tables as they come")
struct TableInputTests {
  private let invented = InventedTable(rows: 120)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The invented table with one column changed.
  private func changed(_ column: String, _ cell: (Int, String) -> String) throws -> TableFile {
    let place = invented.index(column)
    let rows = invented.rows.enumerated().map { row, cells in
      var cells = cells
      cells[place] = cell(row, cells[place])
      return cells
    }
    return try folder.table(invented.lines(rows))
  }

  private func error(_ file: TableFile, _ roles: TableRoles = InventedTable.roles(weight: true)) throws
    -> TableError
  {
    try #require(throws: TableError.self) { try TrainingTable(file, roles: roles) }
  }

  @Test("labels that are not two-valued, and none at all")
  func labels() throws {
    let three = try error(changed("churn") { row, cell in row == 5 ? "2" : cell })
    #expect(three.code == .badData && three.message.contains("\"churn\" has 3 different values"), "\(three)")
    let one = try error(changed("churn") { _, _ in "1" })
    #expect(one.message.contains("has one value only"), "\(one)")
    let none = try error(changed("churn") { _, _ in "" })
    #expect(none.message.contains("has no value"), "\(none)")
    var roles = InventedTable.roles()
    roles.label = "chrun"
    let absent = try error(folder.table(invented.lines), roles)
    #expect(absent.code == .unknownColumn && absent.message.contains("Did you mean \"churn\"?"), "\(absent)")
  }

  @Test("rows without a label are left out and counted; the others give the model they would give alone")
  func missingLabels() throws {
    let file = try changed("churn") { row, cell in row % 10 == 3 ? "NA" : cell }
    let table = try TrainingTable(file, roles: InventedTable.roles())
    #expect(table.rows == 108)
    let notice = try #require(table.notices.first { $0.code == .unlabelledRows })
    #expect(notice.text.english.contains("12 rows") && notice.text.english.contains("first row 4"))
    let kept = invented.rows.enumerated().filter { $0.offset % 10 != 3 }.map(\.element)
    let alone = try TrainingTable(
      folder.table(invented.lines(kept), name: "kept.csv"), roles: InventedTable.roles())
    #expect(
      try TableTraining(table).everything().probabilities == TableTraining(alone).everything().probabilities)
  }

  @Test(
    "weights that are missing, negative, infinite, texts or all zero", arguments: ["", "-1", "inf", "many"])
  func weights(_ cell: String) throws {
    let problem = try error(changed("weight") { row, old in row == 6 ? cell : old })
    #expect(problem.code == .badData)
    #expect(problem.message.contains("\"weight\"") && problem.message.contains("row 7"), "\(problem)")
    let zero = try error(changed("weight") { _, _ in "0" })
    #expect(zero.message.contains("All weights"), "\(zero)")
  }

  @Test("a text among numbers is missing there, and its place is told without its content")
  func strayText() throws {
    let table = try TrainingTable(
      try changed("visits") { row, cell in row == 9 ? "Grace Hopper" : cell }, roles: InventedTable.roles())
    let visits = try #require(table.features.firstIndex { $0.name == "visits" })
    #expect(table.features[visits].kind == .numeric && table.missing[visits] == 1)
    let notice = try #require(table.notices.first { $0.code == .strayTexts })
    #expect(notice.columns == ["visits"] && notice.text.english.contains("row 10"))
    #expect(!notice.text.english.contains("Hopper") && !notice.text.chinese.contains("Hopper"))
  }

  @Test("fewer than ten rows of one class are warned of")
  func fewPositives() throws {
    func notices(_ positives: Int) throws -> [TableNotice] {
      try TrainingTable(
        try changed("churn") { row, _ in row % 13 == 5 && row / 13 < positives ? "1" : "0" },
        roles: InventedTable.roles(folds: false)
      ).notices.filter { $0.code == .fewOfOneClass }
    }
    #expect(try notices(9).first?.text.english.contains("Only 9 rows have churn = 1") == true)
    #expect(try notices(1).first?.text.english.contains("Only 1 row has churn = 1") == true)
  }

  @Test("every feature is in a term or is left out with a reason")
  func everyFeature() throws {
    let file = try changed("region") { row, _ in "r\(row % 60)" }
    let fit = try TableTraining(TrainingTable(file, roles: InventedTable.roles())).fit()
    let used = Set(fit.model.usedFeatures)
    for (index, feature) in fit.model.features.enumerated() {
      let reasons = fit.model.droppedFeatures.filter { $0.feature == feature.name }
      #expect(used.contains(index) == reasons.isEmpty, "\(feature.name): \(reasons.map(\.reason))")
    }
    #expect(
      fit.model.droppedFeatures.first { $0.feature == "region" }?.reason
        == "each of its 60 levels has too few rows")
  }

  @Test("a model that does no better than the share of positives is said to be none")
  func noSkill() throws {
    let table = try TrainingTable(
      try changed("churn") { row, _ in (row * 7919) % 31 < 15 ? "1" : "0" },
      roles: InventedTable.roles(folds: true))
    let folds = try TableCrossValidation.run(TableTraining(table), folds: #require(table.folds))
    let (own, null) = (
      folds.map(\.metrics.logLoss).reduce(0, +) / 3, folds.map(\.nullLogLoss).reduce(0, +) / 3
    )
    #expect(null > 0.68 && null < 0.71)
    #expect(TableCrossValidation.notices(folds).map(\.code) == (own < null ? [] : [.noBetterThanShare]))
    #expect(TableCrossValidation.notices([]).isEmpty)
  }

  @Test("infinite values")
  func infinite() throws {
    let problem = try error(changed("visits") { row, cell in row == 9 ? "inf" : cell })
    #expect(problem.message.contains("\"visits\" is infinite in row 10"), "\(problem)")
  }

  @Test("fold columns with one fold, one class, gaps or too many values")
  func folds() throws {
    let label = invented.index("churn")
    #expect(try error(changed("fold") { _, _ in "1" }).message.contains("has one value only"))
    let pure = try error(changed("fold") { row, _ in invented.rows[row][label] })
    #expect(
      pure.message.contains("one class only") && pure.message.contains("Fold \"0\" (1 of 2)"), "\(pure)")
    #expect(
      try error(changed("fold") { row, cell in row == 2 ? "" : cell }).message.contains("missing in row 3"))
    #expect(try error(changed("fold") { row, _ in "\(row)" }).message.contains("120 values, more than 100"))
  }

  @Test("a column for two purposes and unknown columns are wrong usage")
  func roles() throws {
    let file = try folder.table(invented.lines)
    var twice = InventedTable.roles()
    twice.drop = ["churn"]
    #expect(try error(file, twice).message.contains("Give it one purpose"))
    var unknown = InventedTable.roles()
    unknown.drop = ["regoin"]
    let problem = try error(file, unknown)
    #expect(
      problem.code == .unknownColumn && problem.message.contains("Did you mean \"region\"?"), "\(problem)")
    var all = InventedTable.roles()
    all.drop = ["age", "visits", "member", "region", "since", "weight"]
    #expect(try error(file, all).message.contains("no column left to learn from"))
  }

  @Test("an id among the features is named: as a leak where it separates the classes, else as an id")
  func leaks() throws {
    let lines =
      ["number,sorted,known,x,churn"]
      + (0..<60).map { row in
        let churn = row >= 40 ? 1 : 0
        return "\((row * 37) % 61),\(row),\(churn == 1 ? "" : "here"),\(row % 7),\(churn)"
      }
    let table = try TrainingTable(folder.table(lines), roles: TableRoles(label: "churn"))
    let found = table.notices.filter { $0.code == .separates || $0.code == .looksLikeID }
    #expect(found.first { $0.columns == ["sorted"] }?.code == .separates)
    #expect(found.first { $0.columns == ["known"] }?.code == .separates, "missing in one class only")
    #expect(found.first { $0.columns == ["number"] }?.code == .looksLikeID)
    #expect(found.count == 3)
  }

  @Test("more columns than rows is a notice, and the ridge fit goes through")
  func wide() throws {
    let names = (0..<60).map { "x\($0)" }
    let lines =
      [(names + ["churn"]).joined(separator: ",")]
      + (0..<30).map { row in
        (names.indices.map { "\((row * ($0 + 3) * 7919) % 101)" } + ["\(row % 2)"]).joined(separator: ",")
      }
    let table = try TrainingTable(folder.table(lines), roles: TableRoles(label: "churn"))
    #expect(table.notices.contains { $0.code == .moreColumnsThanRows })
    let fit = try TableTraining(table).fit()
    #expect(fit.certificate.gradientNorm < 1e-9)
  }

  @Test("identifiers and dates are said, and a column that is all missing does no harm")
  func notices() throws {
    var roles = InventedTable.roles()
    roles.id = nil
    let table = try TrainingTable(changed("age") { _, _ in "?" }, roles: roles)
    #expect(table.notices.first { $0.code == .identifier }?.columns == ["key"])
    #expect(table.notices.first { $0.code == .day }?.columns == ["since"])
    #expect(table.features.map(\.name) == ["age", "member", "region", "since", "visits"])
    #expect(try TableTraining(table).fit().model.droppedFeatures.contains { $0.feature == "age" })
  }

  // MARK: Scoring

  @Test("a column that the model uses and that is not there is named; others are ignored and said")
  func scoring() throws {
    let table = try TrainingTable(folder.table(invented.lines), roles: InventedTable.roles())
    let model = try TableTraining(table).fit(metadata: table.schema.metadata).model
    let lines = ["Region,age,member,since,extra", "north,30,yes,2015-01-01,9"]
    let absent = try #require(throws: TableError.self) {
      try ScoringTable(folder.table(lines, name: "new.csv"), model: model)
    }
    #expect(absent.code == .badData)
    #expect(absent.message.contains("2 columns that the model uses: \"region\", \"visits\""), "\(absent)")
    #expect(absent.message.contains("Did you mean \"Region\"?"), "\(absent)")
    let more = ["region,age,member,since,visits,extra", "north,30,yes,2015-01-01,2,9"]
    let scored = try ScoringTable(folder.table(more, name: "more.csv"), model: model)
    #expect(scored.notices.first { $0.code == .ignoredColumns }?.columns == ["extra"])
    let dates = ["region,age,member,since,visits", "north,30,yes,16436,2"]
    let number = try #require(throws: TableError.self) {
      try ScoringTable(folder.table(dates, name: "dates.csv"), model: model)
    }
    #expect(number.message.contains("learned from dates"), "\(number)")
  }

  @Test("missing and unseen values are counted by column, and score the same whatever they are")
  func counts() throws {
    let table = try TrainingTable(folder.table(invented.lines), roles: InventedTable.roles())
    var training = TableTraining(table)
    training.learner = .coefficients(LogisticOptions(), choosesPenalty: false)
    let model = try training.fit(metadata: table.schema.metadata).model
    let header = "age,member,region,since,visits"
    let rows = ["NA,perhaps,mars,2015-01-01,2", "30,No,,2015-01-01,2", "30,,centre,2015-01-01,2"]
    let scored = try ScoringTable(folder.table([header] + rows, name: "new.csv"), model: model)
    let counts = Dictionary(uniqueKeysWithValues: scored.counts.map { ($0.feature, $0.counts) })
    #expect(counts["age"] == ColumnReading.Counts(missing: 1, unseen: 0))
    #expect(counts["member"] == ColumnReading.Counts(missing: 1, unseen: 1))
    #expect(counts["region"] == ColumnReading.Counts(missing: 1, unseen: 1))
    #expect(scored.notices.filter { $0.code == .unseen }.flatMap(\.columns) == ["member", "region"])
    let probabilities = scored.probabilities(model)
    #expect(probabilities.allSatisfy { $0 > 0 && $0 < 1 })
    // Whatever the level is that nobody knows, it scores the same.
    let other = try ScoringTable(
      folder.table([header, "NA,maybe,venus,2015-01-01,2"], name: "other.csv"), model: model)
    #expect(other.probabilities(model)[0] == probabilities[0])
  }
}
