import Foundation
import Testing

@testable import ChurnModel

@Suite("Models as JSON")
struct JSONTests {
  private func model(coefficient: Double) throws -> LogisticModel {
    let fitted = try TestTable(count: 400).fit().model
    var columns = fitted.columns
    columns[0].coefficient = coefficient
    return try LogisticModel(
      features: fitted.features, columns: columns, intercept: -coefficient, penalty: fitted.penalty,
      training: fitted.training, dropped: fitted.droppedFeatures, metadata: ["label": "lapse_365 \"流失\" / é"])
  }

  @Test(
    "numbers come back to the last bit",
    arguments: [
      0.1, 1.0 / 3, .leastNonzeroMagnitude, Double.leastNormalMagnitude.nextDown, .greatestFiniteMagnitude,
      0x1p53 + 2,
      -0.0, 1e22, 123456789.12345679, 2.0.squareRoot(),
    ])
  func awkwardNumbers(number: Double) throws {
    let model = try model(coefficient: number)
    let back = try LogisticModel(json: try model.json())
    #expect(back.columns[0].coefficient.bitPattern == number.bitPattern)
    #expect(back.intercept.bitPattern == (-number).bitPattern)
    #expect(back.columns == model.columns)
    #expect(back.features == model.features)
    #expect(back.metadata == model.metadata)
    #expect(back.training == model.training)
    #expect(back.droppedFeatures == model.droppedFeatures)
    #expect(try back.json() == model.json())
  }

  @Test("a model that was read scores to the same bit")
  func scoresAlike() throws {
    let table = TestTable(count: 400)
    let model = try table.fit().model
    #expect(try LogisticModel(json: model.json()).margins(table.rows) == model.margins(table.rows))
  }

  @Test("numbers that are not finite are refused", arguments: [Double.nan, .infinity])
  func notFinite(number: Double) {
    let error = #expect(throws: ChurnModelError.self) { try model(coefficient: number) }
    #expect(error?.code == .damagedModel)
  }

  @Test("another format version and damage are told apart")
  func damage() throws {
    let text = try #require(String(data: try model(coefficient: 1).json(), encoding: .utf8))
    func code(_ text: String) -> ChurnModelError.Code? {
      do {
        _ = try LogisticModel(json: Data(text.utf8))
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(text) == nil)
    #expect(
      code(text.replacingOccurrences(of: "\"formatVersion\" : 1", with: "\"formatVersion\" : 3"))
        == .otherFormat)
    #expect(code(String(text.dropLast(20))) == .damagedModel)
    #expect(code("{}") == .damagedModel)
    #expect(
      code(text.replacingOccurrences(of: "\"feature\" : \"age\"", with: "\"feature\" : \"x\""))
        == .damagedModel)
    #expect(
      code(text.replacingOccurrences(of: "\"scale\" :", with: "\"scale\" : -1, \"x\" :")) == .damagedModel)
  }

  @Test("models that the repository keeps can still be read", arguments: [1, 2])
  func keptModels(version: Int) throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(
      contentsOf: root.appendingPathComponent("models/lakeside/\(version)/model.json"))
    let model = try LogisticModel(json: data)
    #expect(model.columns.count > 10)
    #expect(try LogisticModel(json: model.json()).columns == model.columns)
  }
}
