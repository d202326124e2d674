import Foundation

/// The orders of the R package rfm, which stand beside the project and not in it.
enum PublishedOrders {
  private static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("../shared/reference/rfm/orders.csv").standardizedFileURL

  static let isPresent: Bool = {
    let present = FileManager.default.fileExists(atPath: file.path)
    if !present {
      print("skipped: the published RFM table, because ../shared/reference/rfm/orders.csv is not there")
    }
    return present
  }()

  /// One value a customer, in the order of the names.
  static func byCustomer() throws -> (recencyDays: [Double], frequency: [Double], monetary: [Double]) {
    let analysisDate = try day("2006-12-31")
    var orders: [String: [(day: Double, revenue: Double)]] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count == 3, let revenue = Double(cells[2]) else { throw CocoaError(.fileReadCorruptFile) }
      orders[String(cells[0]), default: []].append((try day(String(cells[1])), revenue))
    }
    let names = orders.keys.sorted()
    return (
      names.map { name in analysisDate - orders[name]!.map(\.day).max()! },
      names.map { Double(orders[$0]!.count) },
      names.map { orders[$0]!.map(\.revenue).reduce(0, +) }
    )
  }

  private static func day(_ text: String) throws -> Double {
    let format = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    return (try format.parse(text).timeIntervalSince1970 / 86_400).rounded()
  }
}
