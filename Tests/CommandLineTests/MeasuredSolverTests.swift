import Foundation
import Testing

@Suite("Measuring the solver")
struct MeasuredSolverTests {
  private func table() throws -> Revisit {
    let revisit = try Revisit()
    let rows = (0..<500).map { row in
      let (first, second) = (sin(Double(row)), cos(Double(row * row)))
      return "\(first),\(second),\(first + second + sin(Double(7 * row)) > 0.6 ? 1 : 0)"
    }
    try revisit.write("numbers.csv", "first,second,lapsed\n" + rows.joined(separator: "\n") + "\n")
    return revisit
  }

  @Test("paths, cross-validations and bins are timed, and every solution meets its conditions")
  func paths() throws {
    let revisit = try table()
    let measured = try revisit(
      "measure path --table numbers.csv --label lapsed --runs 2 --count 8 --folds 3"
    ).json
    for name in ["fits", "paths", "cross_validations"] {
      #expect((measured[name] as? [Double])?.count == 2, "\(name)")
    }
    let points = try #require(measured["points"] as? [[String: Any]])
    #expect(points.count == 8 && points.allSatisfy { $0["violation"] as? Double ?? 1 <= 1e-8 })
    #expect(points.allSatisfy { ($0["slopes"] as? [Double])?.count == 2 })
    let bins = try revisit("measure bins --table numbers.csv --label lapsed --runs 2 --columns 5").json
    #expect((bins["seconds"] as? [String: [Double]])?["fit"]?.count == 2)
    #expect((bins["bins"] as? [Int])?.count == 5)
  }

  @Test("every fit and its phases are timed, and the solution is the optimum")
  func solver() throws {
    let revisit = try table()
    let measured = try revisit("measure solver --table numbers.csv --label lapsed --runs 2").json
    #expect(measured["rows"] as? Int == 500 && measured["columns"] as? Int == 2)
    #expect((measured["fits"] as? [Double])?.count == 2)
    #expect(((measured["phases"] as? [String: [Double]])?["solve"])?.count == 2)
    #expect((measured["gradient_norm"] as? Double ?? 1) <= 1e-9)
    #expect((measured["coefficients"] as? [[String: Any]])?.count == 3)
  }

  @Test(
    "a table that cannot be fitted is refused in words",
    arguments: [
      ("measure solver --table none.csv --label lapsed", 66, "none.csv"),
      ("measure solver --table gap.csv --label lapsed", 65, "missing values"),
      ("measure solver --table gap.csv --label other", 65, "no column \"other\""),
    ])
  func refused(_ line: String, _ status: Int, _ says: String) throws {
    let revisit = try Revisit()
    try revisit.write("gap.csv", "first,lapsed\n1,0\n,1\n")
    let run = try revisit(line)
    #expect(Int(run.status) == status && run.talk.contains(says))
  }
}
