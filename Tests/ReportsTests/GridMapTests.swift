import Foundation
import Testing

@testable import Reports

@Suite("Grids of figures")
struct GridMapTests {
  private static func map(rows: [String], columns: [String], values: [Double?]) -> GridMap {
    GridMap(
      name: "a <map>", downTitle: "down", acrossTitle: "across", rows: rows, columns: columns,
      cells: values.map { value in
        value.map { GridMap.Cell(value: $0, text: "\(Int($0))", small: "", note: "n & \(Int($0))") }
      }, cellWidth: 50, apart: (row: 1, column: 1))
  }

  @Test("the greatest value has the strongest colour and paper-coloured text, nothing has the paper's own")
  func colours() {
    let svg = Self.map(rows: ["x", "y"], columns: ["1", "2"], values: [0, 10, 100, nil]).svg
    #expect(svg.contains("class=\"m16\"><title>n &amp; 100</title>"))
    #expect(svg.contains("class=\"m8\"><title>n &amp; 0</title>"))
    #expect(svg.matches(of: /<rect x=/).count == 3)
    #expect(svg.contains("class=\"figure strong\">100<") && svg.contains("class=\"figure\">0<"))
    #expect(svg.contains("a &lt;map&gt;") && !svg.contains("<map>"))
  }

  @Test("everything stands inside the drawing, long names and gaps included")
  func inside() throws {
    let names = ["a very long name of a segment", "b"]
    let svg = Self.map(rows: names, columns: names, values: [1, 2, 3, 4]).svg
    let size = try #require(svg.firstMatch(of: /viewBox="0 0 ([0-9.]+) ([0-9.]+)"/))
    let (width, height) = (try #require(Double(size.1)), try #require(Double(size.2)))
    let cells = svg.matches(of: /<rect x="([0-9.]+)" y="([0-9.]+)" width="([0-9.]+)" height="([0-9.]+)"/)
    #expect(cells.count == 4)
    for cell in cells {
      let numbers = [cell.1, cell.2, cell.3, cell.4].compactMap { Double($0) }
      #expect(numbers.count == 4 && numbers[0] >= 0 && numbers[0] + numbers[2] <= width)
      #expect(numbers[1] + numbers[3] <= height)
    }
    // A slanted name ends below its column and reaches to the left of the first one.
    #expect(svg.contains("rotate(-40)"))
  }

  @Test("nothing anywhere is drawn without colour")
  func empty() {
    let svg = Self.map(rows: ["x"], columns: ["1"], values: [0]).svg
    #expect(svg.contains("class=\"m8\"") && !svg.contains("nan"))
  }
}
