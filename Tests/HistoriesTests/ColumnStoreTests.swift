import Testing

@testable import Histories

@Suite("Columns in files")
struct ColumnStoreTests {
  /// Gives back whatever is mapped, whenever it is asked to.
  private static func thrifty() throws -> ColumnStore { try ColumnStore(limit: 1) }

  @Test("a column in a file grows and keeps its values, whether its pages were given back or not")
  func grows() throws {
    let store = try Self.thrifty()
    let column = Buffer<Int32>(in: store)
    for value in 0..<300_000 {
      column.append(Int32(value))
      if value % 50_000 == 0 { store.relieve() }
    }
    column.base[7] = -7
    store.relieve()
    #expect(column.count == 300_000)
    #expect(
      column.values.enumerated().allSatisfy { $0.offset == 7 ? $0.element == -7 : $0.element == $0.offset })
    let order = Buffer<Int32>(in: store)
    for place in stride(from: Int32(299_999), through: 0, by: -1) { order.append(place) }
    let turned = column.gathered(by: order)
    #expect(turned.store === store)
    #expect(turned[0] == 299_999 && turned[299_992] == -7)
  }

  @Test("texts in files read as they were written")
  func texts() throws {
    let store = try Self.thrifty()
    let texts = TextColumn(in: store)
    for number in 0..<20_000 { texts.append(number % 3 == 0 ? "" : "文\(number)") }
    store.relieve()
    #expect(texts.count == 20_000)
    #expect((0..<20_000).allSatisfy { texts[$0] == ($0 % 3 == 0 ? "" : "文\($0)") })
  }

  @Test("a file without room is refused, keeps what it holds, and is told")
  func noRoom() throws {
    let store = try Self.thrifty()
    let more = 1 << 60
    let file = try #require(store.makeFile(byteCount: 8192))
    file.base.storeBytes(of: 41, as: Int.self)
    #expect(!store.remarks.contains { $0.contains("full") })
    #expect(!file.grow(to: more))
    #expect(file.base.load(as: Int.self) == 41)
    #expect(store.makeFile(byteCount: more) == nil)
    #expect(store.remarks.contains { $0.contains("full") && $0.contains("TMPDIR") })
  }

  @Test("histories loaded into files are those loaded into memory, and report the same")
  func histories() throws {
    let files = try DataFiles([
      "customers.csv": SmallGroup.customers, "vehicles.csv": SmallGroup.vehicles,
      "visits.csv": SmallGroup.visits,
      "surveys.csv": "customer_id,date,score\nC1,2024-03-09,4\nC9,2024-03-09,4\n",
      "visit_items.csv": "visit_id,job_category,amount\nV1,tyres,800\n",
    ])
    var options = Histories.LoadOptions()
    options.memoryLimit = 1
    let bounded = try Histories.load(files.path, options: options)
    let usual = try files.load()
    #expect(bounded.orders.openedOn.store != nil && usual.orders.openedOn.store == nil)
    #expect(Array(bounded.orders.openedOn.values) == Array(usual.orders.openedOn.values))
    #expect(Array(bounded.items.amounts.values) == Array(usual.items.amounts.values))
    #expect(Array(bounded.surveys.scores.values) == Array(usual.surveys.scores.values))
    #expect(bounded.customers.names[1] == usual.customers.names[1])
    #expect(bounded.vehicles.vins.texts[1] == usual.vehicles.vins.texts[1])
    #expect(bounded.report.findings.map(\.count) == usual.report.findings.map(\.count))
    #expect(bounded.report.findings.map(\.reason) == usual.report.findings.map(\.reason))
  }
}
