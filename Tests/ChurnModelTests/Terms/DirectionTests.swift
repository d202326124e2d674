import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Terms held to a direction")
struct DirectionTests {
  /// The curve of `bend` goes down and up, that of `left` up: a direction is against at least one of them.
  private static let table = TestTable.bent(count: 900)

  private static func values(_ term: TermModel.Term) -> ArraySlice<Double> {
    term.values.prefix(term.scales[0].valueNodes)
  }

  private static func isMonotone(_ values: ArraySlice<Double>, _ direction: MonotoneDirection) -> Bool {
    zip(values.dropFirst(), values).allSatisfy { direction == .rising ? $0 >= $1 : $0 <= $1 }
  }

  @Test(
    "the curve never goes the other way, at no node, whatever its shape and the data",
    arguments: MonotoneDirection.allCases, ["curve", "linear", "log", "bins"])
  func monotone(direction: MonotoneDirection, shape: String) throws {
    for seed in 1...3 {
      var table = TestTable.bent(count: 500, seed: UInt64(seed))
      for index in table.rows.indices { table.rows[index][1] += 2 }
      let own = try #require(NumberShape(shape))
      let fit = try table.terms {
        $0.directions = ["bend": direction, "left": direction]
        $0.shapes = ["bend": own, "left": own]
        $0.mostPairs = 3
      }
      let conditions = try #require(fit.directions)
      #expect(conditions.stationarity < 1e-8)
      #expect(conditions.maximumViolation == 0 && conditions.complementarity == 0)
      for term in fit.model.terms where ["bend", "left"].contains(term.name) {
        #expect(Self.isMonotone(Self.values(term), direction), "\(term.name) \(shape) \(seed)")
        #expect(term.errors.allSatisfy { $0.isFinite && $0 >= 0 })
      }
      // A pair could turn them.
      #expect(!fit.pairs.contains { pair in pair.name.contains("bend") || pair.name.contains("left") })
      #expect(fit.certificate.gapBound.map { $0 < 1e-10 } == true)
    }
  }

  @Test("a direction that the curve keeps anyway changes no bit")
  func idle() throws {
    var table = Self.table
    for index in table.rows.indices { table.labels[index] = table.rows[index][1] > Double(index % 7 - 3) / 6 }
    let free = try table.terms { $0.mostPairs = 0 }
    let held = try table.terms {
      $0.mostPairs = 0
      $0.directions = ["left": .rising]
    }
    #expect(try free.model.json() == held.model.json())
    let conditions = try #require(held.directions)
    #expect(conditions.binding == 0 && conditions.stationarity < 1e-9)
    #expect(conditions.terms.map(\.name) == ["left"])
    #expect(conditions.terms.allSatisfy { $0.multipliers.allSatisfy { $0 == 0 } })
    #expect(free.directions == nil)
  }

  @Test(
    "a curve that would only go the other way is constant, told, and left out; its missing values are free")
  func opposed() throws {
    var table = Self.table
    for index in table.rows.indices {
      let isMissing = index % 9 == 0
      table.labels[index] = isMissing || table.rows[index][1] > Double(index % 7 - 3) / 6
      if isMissing { table.rows[index][1] = .nan }
    }
    let held = try table.terms {
      $0.mostPairs = 0
      $0.directions = ["left": .falling]
    }
    let left = try #require(held.model.terms.first { $0.name == "left" })
    #expect(Self.values(left).allSatisfy { $0 == 0 })
    #expect(left.values[try #require(left.scales[0].missingNode)] > 1)
    let own = try #require(held.directions?.terms.first)
    #expect(own.heldSteps == own.steps && own.multipliers.allSatisfy { $0 > 0 })
    for index in table.rows.indices where table.rows[index][1].isNaN { table.rows[index][1] = 0.5 }
    for index in table.rows.indices { table.labels[index] = table.rows[index][1] > Double(index % 7 - 3) / 6 }
    let complete = try table.terms {
      $0.mostPairs = 0
      $0.directions = ["left": .falling]
    }
    #expect(!complete.model.terms.contains { $0.name == "left" })
    let dropped = try #require(complete.model.droppedFeatures.first { $0.feature == "left" })
    #expect(dropped.reason.contains("falling"))
  }

  @Test("weights, order of rows, mirrored columns and threads do what they do without directions")
  func metamorphic() throws {
    // Values that are few: all of them are knots, in mirrored columns, too.
    var table = Self.table
    for index in table.rows.indices { table.rows[index][0] = (table.rows[index][0] * 3).rounded() }
    let weights = table.labels.indices.map { [2.0, 1, 0][$0 % 3] }
    func fit(
      _ table: TestTable, _ direction: MonotoneDirection, weights: [Double]? = nil, threads: Int = 2
    ) throws -> TermFit {
      try table.terms(weights: weights) {
        $0.mostPairs = 0
        $0.directions = ["bend": direction]
        $0.parallel = Parallel(threads: threads)
      }
    }
    let original = try fit(table, .rising, weights: weights)
    #expect(original.directions?.binding == 1)
    var changed = table
    let order = table.labels.indices.map { ($0 * 7 + 3) % table.labels.count }
    let repeated = order.flatMap { [$0, $0].prefix(Int(weights[$0])) }
    changed.rows = repeated.map { table.rows[$0] }
    changed.labels = repeated.map { table.labels[$0] }
    let other = try fit(changed, .rising)
    #expect(greatestDifference(original.model.margins(table.rows), other.model.margins(table.rows)) < 1e-6)
    var mirrored = table
    for index in mirrored.rows.indices { mirrored.rows[index][0] *= -1e3 }
    let turned = try fit(mirrored, .falling, weights: weights)
    #expect(
      greatestDifference(original.model.margins(table.rows), turned.model.margins(mirrored.rows)) < 1e-6)
    let threads = try [1, 3, 8].map { try fit(table, .rising, threads: $0) }
    #expect(Set(try threads.map { try $0.model.json() }).count == 1)
    #expect(threads.allSatisfy { $0.directions == threads[0].directions })
  }

  @Test("what cannot have a direction, or contradicts a shape, is an error with its name")
  func errors() throws {
    func message(_ change: (inout TermOptions) -> Void) -> String {
      let error = #expect(throws: ChurnModelError.self) { try Self.table.terms(change) }
      #expect(error?.code == .invalidOption)
      return error?.message ?? ""
    }
    #expect(message { $0.directions = ["colour": .rising] }.contains("\"colour\""))
    #expect(message { $0.directions = ["town": .rising] }.contains("\"town\" holds texts"))
    #expect(message { $0.shapes = ["town": .line] }.contains("\"town\" holds texts"))
    #expect(message { $0.shapes = ["colour": .bins(.auto)] }.contains("bend, left, right, noise"))
    let both = message {
      $0.shapes = ["bend": .bins(.decreasing)]
      $0.directions = ["bend": .rising]
    }
    #expect(both.contains("\"bend\"") && both.contains("rising") && both.contains("bins:falling"))
  }
}
