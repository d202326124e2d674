import ChurnModel
import LinearAlgebra
import Reports
import Testing

@Suite("Tables of coefficients")
struct CoefficientDocumentTests {
  private static let features = [
    FeatureColumn(name: "days_over_due", kind: .numeric), FeatureColumn(name: "rec_q_days", kind: .logarithm),
    FeatureColumn(name: "never_serviced", kind: .flag),
  ]

  /// The flag separates; days overdue lower the outcome.
  private static let rows: [[Double]] = (0..<160).map { (index: Int) -> [Double] in
    let overdue = Double((index * 37) % 101)
    let recency = Double((index * index) % 900)
    return [overdue, recency, index % 9 == 4 ? 1 : 0]
  }
  private static let labels: [Bool] = rows.enumerated().map { (index: Int, row: [Double]) -> Bool in
    let draw = Double((index * 53) % 160)
    return row[2] == 1 || draw > 60 + row[0]
  }
  private static let clusters: [Int32] = (0..<160).map { Int32($0 / 2) }

  private func lines(_ fit: LogisticFit, _ width: Int, chinese: Bool = false) -> [String] {
    CoefficientDocument(fit).lines(language: chinese ? .chinese : .english, width: width)
  }

  private func ridge() throws -> LogisticFit {
    try LogisticRegression.fit(
      features: Self.features, values: Matrix(Self.rows), labels: Self.labels, clusters: Self.clusters)
  }

  @Test("80 and 200 columns show every figure and every name whole, in both languages")
  func widths() throws {
    let fit = try ridge()
    for chinese in [false, true] {
      let narrow = lines(fit, 80, chinese: chinese)
      #expect(narrow.allSatisfy { DisplayWidth.of($0) <= 80 })
      let wide = lines(fit, 200, chinese: chinese)
      let headings =
        chinese
        ? ["效应", "聚类误", "95 % 区间", "每标准差", "VIF"]
        : ["effect", "clustered", "95 % interval", "per SD", "VIF"]
      for heading in headings { #expect(wide[0].contains(heading) && narrow[1].contains(heading)) }
      #expect(narrow[2] == (chinese ? "（截距）" : "(intercept)"))
      #expect(wide[1].hasPrefix(chinese ? "（截距）" : "(intercept)"))
    }
    // The strongest after the intercept, and what a unit of each is.
    #expect(lines(fit, 80).contains("days overdue – day"))
    let wide = lines(fit, 200)
    #expect(wide.contains { $0.contains("days overdue") && $0.contains(" day ") })
    #expect(wide.contains { $0.contains("e-fold (day)") })
  }

  @Test("the notes say what the errors are: shrunk, clustered, given bounds, or by profile")
  func notes() throws {
    let shrunk = lines(try ridge(), 120).joined(separator: "\n")
    #expect(shrunk.contains("0.001: errors and p are those of shrunk coefficients."))
    #expect(shrunk.contains("80 customers"))
    let bounded = try ConstrainedRegression.fit(
      features: Self.features, values: Matrix(Self.rows), labels: Self.labels,
      bounds: ["days_over_due": .nonNegative])
    let held = lines(bounded, 120)
    #expect(held.contains { $0.contains("days overdue") && $0.contains("at its bound") })
    #expect(held.contains { $0.contains("are held; errors of the others are given that") })
    let firth = try FirthRegression.fit(
      features: Self.features, values: Matrix(Self.rows), labels: Self.labels, profiles: .all)
    let profiled = lines(firth, 120).joined(separator: "\n")
    #expect(profiled.contains("profile of the penalised likelihood") && !profiled.contains("shrunk"))
    #expect(profiled.contains("<0.0001"))
  }
}
