/// The kinds of work in a repair order, as a set of bits.
///
/// The members are computed, not stored: hot loops of other targets see plain numbers.
public struct VisitClasses: OptionSet, Sendable, Hashable, BitwiseCopyable {
  public let rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  @inlinable public static var accident: VisitClasses { VisitClasses(rawValue: 1 << 0) }
  @inlinable public static var recall: VisitClasses { VisitClasses(rawValue: 1 << 1) }
  @inlinable public static var warranty: VisitClasses { VisitClasses(rawValue: 1 << 2) }
  @inlinable public static var rework: VisitClasses { VisitClasses(rawValue: 1 << 3) }
  @inlinable public static var firstService: VisitClasses { VisitClasses(rawValue: 1 << 4) }
  @inlinable public static var maintenance: VisitClasses { VisitClasses(rawValue: 1 << 5) }
  @inlinable public static var repair: VisitClasses { VisitClasses(rawValue: 1 << 6) }
  @inlinable public static var accessory: VisitClasses { VisitClasses(rawValue: 1 << 7) }
  @inlinable public static var inspection: VisitClasses { VisitClasses(rawValue: 1 << 8) }
  @inlinable public static var presale: VisitClasses { VisitClasses(rawValue: 1 << 9) }
  @inlinable public static var internalWork: VisitClasses { VisitClasses(rawValue: 1 << 10) }
  @inlinable public static var counterSale: VisitClasses { VisitClasses(rawValue: 1 << 11) }

  /// Marks a text that held a class nobody knows; never kept.
  static let unknown = VisitClasses(rawValue: 1 << 15)

  /// Names as in the canonical tables, in the order in which a visit's leading class is decided.
  public static let names: [(name: String, member: VisitClasses)] = [
    ("accident", .accident), ("recall", .recall), ("warranty", .warranty), ("rework", .rework),
    ("first_service", .firstService), ("maintenance", .maintenance), ("repair", .repair),
    ("accessory", .accessory), ("inspection", .inspection), ("presale", .presale),
    ("internal", .internalWork), ("counter_sale", .counterSale),
  ]

  /// Orders of these classes alone are no visits.
  @inlinable public static var noVisit: VisitClasses { [.presale, .internalWork, .counterSale] }
  /// Maintenance sets the next due date.
  @inlinable public static var scheduled: VisitClasses { [.firstService, .maintenance] }
  @inlinable public static var unpaidByCustomer: VisitClasses { [.warranty, .recall, .firstService] }

  /// Reads names separated by `|` (or `,`); `unknown` is set when one is not known.
  init(parsing text: String, unknown: inout Bool) {
    var set: VisitClasses = []
    for part in text.split(whereSeparator: { $0 == "|" || $0 == "," }) {
      let name = part.trimmingWhiteSpace().lowercased()
      if let known = Self.names.first(where: { $0.name == name }) {
        set.insert(known.member)
      } else if !name.isEmpty {
        unknown = true
      }
    }
    self = set
  }

  /// The index in `names` of the class that leads, by their order; `nil` for none.
  @inlinable public var leadingIndex: Int? {
    rawValue == 0 ? nil : rawValue.trailingZeroBitCount
  }
}

extension StringProtocol {
  func trimmingWhiteSpace() -> String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
