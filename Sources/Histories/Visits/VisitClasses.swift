/// The kinds of work in a repair order, as a set of bits.
public struct VisitClasses: OptionSet, Sendable, Hashable, BitwiseCopyable {
  public let rawValue: UInt16

  @inline(__always)
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  public static let accident = VisitClasses(rawValue: 1 << 0)
  public static let recall = VisitClasses(rawValue: 1 << 1)
  public static let warranty = VisitClasses(rawValue: 1 << 2)
  public static let rework = VisitClasses(rawValue: 1 << 3)
  public static let firstService = VisitClasses(rawValue: 1 << 4)
  public static let maintenance = VisitClasses(rawValue: 1 << 5)
  public static let repair = VisitClasses(rawValue: 1 << 6)
  public static let accessory = VisitClasses(rawValue: 1 << 7)
  public static let inspection = VisitClasses(rawValue: 1 << 8)
  public static let presale = VisitClasses(rawValue: 1 << 9)
  public static let internalWork = VisitClasses(rawValue: 1 << 10)
  public static let counterSale = VisitClasses(rawValue: 1 << 11)

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
  public static let noVisit: VisitClasses = [.presale, .internalWork, .counterSale]
  /// Maintenance sets the next due date.
  public static let scheduled: VisitClasses = [.firstService, .maintenance]
  public static let unpaidByCustomer: VisitClasses = [.warranty, .recall, .firstService]

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
  public var leadingIndex: Int? {
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
