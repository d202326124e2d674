public import Histories
import LinearAlgebra

/// Compares what is known as of a date from two histories that agree up to it: every feature must be the same to the
/// bit, for every relation that had begun, and so must the population.
public enum LeakProof {
  /// What a comparison found.
  public struct Finding: Sendable {
    public let asOf: Day
    /// Relations begun by the date, and their features compared.
    public let relations: Int
    public let values: Int
    /// Relations whose value differs, by feature; features that agree are left out.
    public internal(set) var changed: [Feature: Int] = [:]
    /// Relations that had begun by the date in one of the histories only.
    public internal(set) var strangers = 0
    /// Relations that are active at the date in one of the histories only.
    public internal(set) var moved = 0

    public var holds: Bool { changed.isEmpty && strangers == 0 && moved == 0 }

    init(asOf: Day, relations: Int) {
      self.asOf = asOf
      self.relations = relations
      values = relations * Feature.count
    }
  }

  private static let blockSize = 4096

  /// - Parameters:
  ///   - before: the histories as they are.
  ///   - after: the same up to the date, and different after it; rows may stand in another order.
  /// - Complexity: O(orders); one block of rows of each is in memory at a time.
  public static func compare(_ before: Histories, _ after: Histories, asOf: Day) -> Finding {
    let partners = Partners(of: after, in: before)
    let begun = relationsBegun(before, asOf)
    var finding = Finding(asOf: asOf, relations: begun.count)
    let views = (AsOfView(histories: before, asOf: asOf), AsOfView(histories: after, asOf: asOf))
    for first in stride(from: 0, to: begun.count, by: blockSize) {
      let block = begun[first..<min(first + blockSize, begun.count)]
      let pairs = block.compactMap { relation in partners.partner(of: relation).map { (relation, $0) } }
      finding.strangers += block.count - pairs.count
      compareRows(views.0.features(of: pairs.map(\.0)), views.1.features(of: pairs.map(\.1)), &finding)
    }
    let expected = Set(begun.compactMap(partners.partner))
    finding.strangers += relationsBegun(after, asOf).count { !expected.contains($0) }
    let active = Set(views.0.population().relations.compactMap(partners.partner))
    finding.moved = active.symmetricDifference(views.1.population().relations).count
    return finding
  }

  private static func relationsBegun(_ histories: Histories, _ asOf: Day) -> [Int32] {
    let starts = histories.relations.startsOn
    return (0..<histories.relations.count).filter { !starts[$0].isNone && starts[$0] <= asOf }.map(Int32.init)
  }

  private static func compareRows(_ before: Matrix, _ after: Matrix, _ finding: inout Finding) {
    before.withUnsafeElements { a in
      after.withUnsafeElements { b in
        for index in a.indices where a[index].bitPattern != b[index].bitPattern {
          finding.changed[Feature.allCases[index % Feature.count], default: 0] += 1
        }
      }
    }
  }

  /// Finds the relation of the same customer and vehicle in other histories.
  private struct Partners {
    private let other: Histories
    private let own: Histories
    private let byPair: [UInt64: Int32]

    init(of other: Histories, in own: Histories) {
      self.other = other
      self.own = own
      let relations = other.relations
      byPair = Dictionary(
        (0..<relations.count).map { (Self.key(relations.customers[$0], relations.vehicles[$0]), Int32($0)) },
        uniquingKeysWith: { first, _ in first })
    }

    func partner(of relation: Int32) -> Int32? {
      let customer = own.customers.ids.texts[Int(own.relations.customers[Int(relation)])]
      let vehicle = own.vehicles.vins.texts[Int(own.relations.vehicles[Int(relation)])]
      guard let customerCode = other.customers.ids.code(of: customer),
        let vehicleCode = other.vehicles.vins.code(of: vehicle)
      else { return nil }
      return byPair[Self.key(other.customers.golden[Int(customerCode)], vehicleCode)]
    }

    private static func key(_ customer: Int32, _ vehicle: Int32) -> UInt64 {
      UInt64(UInt32(bitPattern: customer)) << 32 | UInt64(UInt32(bitPattern: vehicle))
    }
  }
}
