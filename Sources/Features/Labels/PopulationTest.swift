import Histories

/// One comparison of a population's filter: of a feature of the catalogue, or of a fact as of the date.
struct PopulationTest: Sendable {
  /// Facts beside the features.
  enum Fact: String, CaseIterable, Sendable {
    /// 1 when the relation is active, which is what lists are made of.
    case active
    /// The vehicle's model and the customer's home store, by name.
    case model
    case store = "dealer_id"
    case listPrice = "list_price"
    case startedOn = "started_on"
    case deliveredOn = "delivered_on"
    case warrantyEndsOn = "warranty_ends_on"
    case extendedWarrantyEndsOn = "extended_warranty_ends_on"

    var type: FilterType {
      switch self {
      case .active: .truth
      case .model, .store: .text
      case .listPrice: .number
      case .startedOn, .deliveredOn, .warrantyEndsOn, .extendedWarrantyEndsOn: .day
      }
    }
  }

  private enum Source {
    case feature(Int)
    case fact(Fact)
  }

  private let source: Source
  private let test: FilterTest

  /// - Throws: `FilterError` when the name is neither a feature nor a fact, or the value does not suit it.
  init(_ comparison: FilterComparison, in histories: Histories) throws(FilterError) {
    if let definition = Catalogue.definition(named: comparison.name) {
      source = .feature(definition.feature.rawValue)
      test = try FilterTest(comparison, as: Self.type(of: definition))
    } else if let fact = Fact(rawValue: comparison.name) {
      source = .fact(fact)
      let written = try FilterTest(comparison, as: fact.type)
      switch fact {
      case .model: test = Self.coded(written, in: histories.vehicles.modelNames)
      case .store: test = Self.coded(written, in: histories.dealers)
      default: test = written
      }
    } else {
      let known = Catalogue.all.map(\.name) + Fact.allCases.map(\.rawValue)
      let near = CanonicalTable.nearest(to: comparison.name, among: known).map { "; did you mean `\($0)`?" }
      throw FilterError(
        at: comparison.position, "there is no feature or fact `\(comparison.name)`\(near ?? "")")
    }
  }

  private static func type(of definition: FeatureDefinition) -> FilterType {
    switch definition.kind {
    case .numeric, .logarithm: .number
    case .flag: .truth
    case .category(let levels): .words(levels.map(\.name))
    }
  }

  /// The test on a dictionary's codes, so that no text is made a row.
  private static func coded(_ test: FilterTest, in dictionary: TextDictionary) -> FilterTest {
    func codes(_ isWanted: (String) -> Bool) -> [Double] {
      (0..<dictionary.count).filter { isWanted(FilterTest.folded(dictionary.texts[$0])) }.map(Double.init)
    }
    return switch test {
    case .textIsIn(let texts): .numberIsIn(codes(texts.contains))
    case .textIsNotIn(let texts): .numberIsIn(codes { !texts.contains($0) })
    default: test
    }
  }

  /// Whether it holds for the loaded relation; `nil` when what it compares is missing.
  func holds(_ workspace: RelationWorkspace, _ state: DueState, row: UnsafePointer<Double>) -> Bool? {
    switch source {
    case .feature(let column): test.holds(row[column])
    case .fact(let fact): test.holds(value(of: fact, workspace, state))
    }
  }

  /// The fact as a number; NaN when it is missing.
  private func value(of fact: Fact, _ workspace: RelationWorkspace, _ state: DueState) -> Double {
    let vehicles = workspace.histories.vehicles
    let vehicle = workspace.vehicle
    func code(_ code: Int32) -> Double { code >= 0 ? Double(code) : .nan }
    func number(_ day: Day) -> Double { day.isNone ? .nan : Double(day.number) }
    return switch fact {
    case .active: workspace.isActive(state) ? 1 : 0
    case .model: code(vehicles.models.base[vehicle])
    case .store: code(workspace.histories.customers.dealers.base[workspace.customer])
    case .listPrice: vehicles.listPrices.base[vehicle]
    case .startedOn: number(workspace.start)
    case .deliveredOn: number(vehicles.deliveredOn.base[vehicle])
    case .warrantyEndsOn: number(vehicles.warrantyEndsOn.base[vehicle])
    case .extendedWarrantyEndsOn: number(vehicles.extendedWarrantyEndsOn.base[vehicle])
    }
  }
}
