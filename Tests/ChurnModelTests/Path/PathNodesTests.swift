import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Nodes of a smooth path")
struct PathNodesTests {
  private func penalties(_ count: Int, ratio: Double = 1e-4) -> [Double] {
    (0..<count).map { 30 * pow(ratio, Double($0) / Double(count - 1)) }
  }

  @Test(
    "what a ridge's coefficients are made of is known between nodes to eight digits, however strong the curvature",
    arguments: [1e-6, 1e-3, 0.03, 0.4, 7, 200], [1e-4, 1e-2])
  func interpolation(curvature: Double, ratio: Double) {
    let penalties = penalties(100, ratio: ratio)
    let nodes = PathNodes(penalties, isSmooth: true)
    #expect(!nodes.areAll)
    func value(_ place: Int) -> [Double] { [curvature / (curvature + penalties[place]), 1] }
    let found = nodes.interpolate(nodes.positions.map(value))
    for (place, found) in found.enumerated() {
      #expect((found[0] - value(place)[0]).magnitude < 3e-8)
      #expect((found[1] - 1).magnitude < 1e-12)
    }
    for position in nodes.positions { #expect(found[position] == value(position)) }
  }

  @Test("both ends are nodes, each once and in their order")
  func order() {
    let nodes = PathNodes(penalties(100), isSmooth: true).positions
    #expect(nodes.first == 0 && nodes.last == 99)
    #expect(zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("paths with kinks, of few λ and of a single one have nodes only")
  func allNodes() {
    for nodes in [
      PathNodes(penalties(100), isSmooth: false), PathNodes(penalties(20), isSmooth: true),
      PathNodes([0.5], isSmooth: true),
    ] {
      #expect(nodes.areAll)
      #expect(nodes.interpolate(nodes.positions.map { [Double($0)] }) == nodes.positions.map { [Double($0)] })
    }
  }

  @Test("a λ that occurs many times has the same value each time")
  func repeated() {
    let penalties = (penalties(100) + [Double](repeating: 0.3, count: 7)).sorted(by: >)
    let nodes = PathNodes(penalties, isSmooth: true)
    let values = nodes.interpolate(nodes.positions.map { [1 / (1 + penalties[$0])] })
    let same = penalties.indices.filter { penalties[$0] == 0.3 }.map { values[$0][0] }
    #expect(same.count == 7)
    #expect(same.allSatisfy { ($0 - 1 / 1.3).magnitude < 1e-8 })
    #expect(PathNodes([2, 2], isSmooth: true).interpolate([[3]]) == [[3], [3]])
  }

  @Test(
    "a path of a hundred λ has the solutions and held-out losses that a few of them have alone, with few rows and many",
    arguments: [600, 9000])
  func sameAsAlone(rows: Int) throws {
    let table = TestTable(count: rows, missing: false)
    let folds = CrossValidationFolds.grouped((0..<Int32(rows)).map { $0 / 2 }, folds: 5)
    var options = LogisticOptions()
    options.warmStartRows = 4000
    var path = RegularisationPath.Options()
    path.mixing = 0
    func validate(_ path: RegularisationPath.Options) throws -> CrossValidatedPath {
      try RegularisationPath.crossValidate(
        features: table.features, values: table.values, labels: table.labels, folds: folds, options: options,
        path: path)
    }
    let whole = try validate(path)
    let chosen = [0, 11, 46, 47, 71, 98, 99]
    path.penalties = chosen.map { whole.path.points[$0].penalty }
    let alone = try validate(path)
    #expect(whole.path.points.count == 100)
    #expect(whole.path.points.allSatisfy { $0.violation <= path.tolerance })
    for (place, point) in zip(chosen, alone.path.points) {
      for (one, other) in zip(whole.path.points[place].coefficients, point.coefficients) {
        #expect((one - other).magnitude < 1e-6)
      }
    }
    for (one, other) in zip(whole.folds, alone.folds) {
      for (index, place) in chosen.enumerated() {
        // Fits of folds are exact to 1e-9 of their objective, which is more of a loss that they have not seen.
        #expect((one.logLoss[place] - other.logLoss[index]).magnitude < 1e-5)
      }
    }
  }
}
