import Histories
import Testing

@Suite("Filters of targets")
struct FilterTests {
  private static let values: [String: Double] = ["a": 1, "b": 2, "c": 3, "gone": .nan]

  private static func holds(_ text: String) throws -> Bool? {
    let tree = try FilterParser.parse(text).map { (comparison) throws(FilterError) in
      (comparison.name, try FilterTest(comparison, as: .number))
    }
    return tree.holds { name, test in test.holds(values[name] ?? .nan) }
  }

  static let truths: [(String, Bool?)] = [
    ("a = 1", true), ("a == 1", true), ("a != 1", false), ("a <> 2", true), ("a < 1", false),
    ("a <= 1", true), ("b > 1.5", true), ("b >= 2", true), ("b>=2 and c=3", true), ("a = -1", false),
    ("a = 1 or b = 9 and c = 9", true), ("(a = 1 or b = 9) and c = 9", false),
    ("not a = 1", false), ("not (a = 2 or b = 3)", true), ("not not a = 1", true),
    ("NOT a = 2 AND b = 2", true),
    ("a in (3, 2, 1)", true), ("a not in (3, 2)", true), ("a in (4)", false),
    ("gone = 1", nil), ("gone != 1", nil), ("not gone = 1", nil), ("gone in (1)", nil),
    ("gone = 1 and a = 2", false), ("gone = 1 and a = 1", nil), ("gone = 1 or a = 1", true),
    ("gone = 1 or a = 2", nil), ("gone is missing", true), ("gone is not null", false),
    ("a is missing", false), ("a is not missing", true), ("((((a = 1))))", true),
  ]

  @Test("comparisons, lists, and, or, not and missing values are what they are in SQL", arguments: truths)
  func meaning(text: String, expected: Bool?) throws {
    #expect(try Self.holds(text) == expected)
  }

  static let errors: [(String, Int, String)] = [
    ("", 1, "empty"), ("   ", 1, "empty"), ("a", 2, "in"), ("a = ", 5, "a value"), ("= 3", 1, "a name"),
    ("a = 1 b = 2", 7, "`and`, `or` or the end"), ("a = 1 and", 10, "a name"), ("(a = 1", 1, "not closed"),
    ("a = 1)", 6, "`and`, `or`"), ("a in 1", 6, "`(`"), ("a in (1, )", 10, "a value"),
    ("a in (1 2)", 9, "`,` or `)`"), ("a = 'x", 5, "no end"), ("a ; b", 3, "`;`"), ("a = 1 -- x", 7, "`and`"),
    ("a is 3", 6, "missing"), ("a not 3", 7, "`in`"), ("and = 3", 1, "a name"), ("a = or", 5, "a value"),
    ("a = x", 5, "is a number"), ("a $ 1", 3, "`$`"), ("a < 1 < c", 7, "`and`"),
    (String(repeating: "(", count: 60), 51, "50"),
  ]

  @Test("a mistake is named with the character where it stands", arguments: errors)
  func mistakes(text: String, position: Int, says: String) {
    let error = #expect(throws: FilterError.self) { try Self.holds(text) }
    #expect(error?.position == position, "\(error?.message ?? "")")
    #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
  }

  private static func test(_ text: String, _ type: FilterType) throws -> FilterTest {
    guard case .leaf(let comparison) = try FilterParser.parse(text) else {
      throw FilterError(at: 0, "not one comparison")
    }
    return try FilterTest(comparison, as: type)
  }

  @Test("words, days, truths and texts are compared as what they are")
  func types() throws {
    let words = FilterType.words(["ICE", "HEV", "PHEV"])
    #expect(try Self.test("p in (phev, 'ICE')", words) == .numberIsIn([2, 0]))
    #expect(try Self.test("p != hev", words) == .number(.unequal, 1))
    let day = Double(Day("2024-12-31")!.number)
    #expect(try Self.test("d >= 2024-12-31", .day) == .number(.atLeast, day))
    #expect(try Self.test("t = yes", .truth) == .number(.equal, 1))
    #expect(try Self.test("t = FALSE", .truth) == .number(.equal, 0))
    let text = try Self.test("s in ('ＡＢ c ', \"it''s \"\"x\"\"\")", .text)
    #expect(text.holds(text: "ab c") == true && text.holds(text: "it''s \"x\"") == true)
    #expect(text.holds(text: "other") == false && text.holds(text: nil) == nil && text.holds(text: "") == nil)
    #expect(try Self.test("s is missing", .text).holds(text: "") == true)
  }

  static let unsuited: [(String, FilterType, String)] = [
    ("p = PHEW", .words(["ICE", "PHEV"]), "did you mean `PHEV`?"),
    ("p < ICE", .words(["ICE", "PHEV"]), "in"),
    ("d = 3", .day, "2024-12-31"), ("t = maybe", .truth, "true or false"), ("s > x", .text, "=, != or in"),
    ("n in (1, two)", .number, "`two` is none"), ("n = nan", .number, "is none"),
  ]

  @Test("a value that does not suit is refused with what would", arguments: unsuited.indices)
  func unsuitedValue(index: Int) {
    let (text, type, says) = Self.unsuited[index]
    let error = #expect(throws: FilterError.self) { try Self.test(text, type) }
    #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
  }
}
