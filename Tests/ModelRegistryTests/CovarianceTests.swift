import ChurnModel
import Foundation
import LinearAlgebra
import Testing

@testable import ModelRegistry

@Suite("Covariances in the registry")
struct CovarianceTests {
  private static func saved(_ folder: URL) throws -> (
    registry: ModelRegistry, entry: ModelRegistry.Entry, fit: LogisticFit
  ) {
    let fit = try LogisticRegression.fit(
      features: [FeatureColumn(name: "x", kind: .numeric)], values: Matrix((0..<20).map { [Double($0)] }),
      labels: (0..<20).map { $0 % 3 == 0 })
    let registry = ModelRegistry(root: folder)
    let entry = try registry.save(.coefficients(fit.model), covariance: MarginCovariance(fit), name: "churn")
    return (registry, entry, fit)
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("a covariance comes back as it was, and a model without has none")
  func savesAndLoads() throws {
    try withFolder { folder in
      let (registry, entry, fit) = try Self.saved(folder)
      #expect(entry.hasCovariance)
      #expect(try registry.covariance(of: entry)?.json() == MarginCovariance(fit).json())
      #expect(try registry.load(entry.reference).model.json() == fit.model.json())
      let plain = try registry.save(.coefficients(fit.model), name: "churn")
      #expect(!plain.hasCovariance)
      #expect(try registry.covariance(of: plain) == nil)
    }
  }

  @Test("a covariance that was changed, lost or slipped in is an error; the model itself stays good")
  func damaged() throws {
    try withFolder { folder in
      let (registry, entry, fit) = try Self.saved(folder)
      let file = entry.folder.appendingPathComponent("covariance.json")
      func code() -> ModelRegistryError.Code? {
        do {
          _ = try registry.covariance(of: entry)
          return nil
        } catch {
          return error.code
        }
      }
      let original = try Data(contentsOf: file)
      try Data(
        String(decoding: original, as: UTF8.self).replacing("\"columns\" : 2", with: "\"columns\" : 3").utf8
      )
      .write(to: file)
      #expect(code() == .damaged)
      try FileManager.default.removeItem(at: file)
      #expect(code() == .damaged)
      #expect(throws: Never.self) { try registry.load(entry.reference) }
      let plain = try registry.save(.coefficients(fit.model), name: "churn")
      try original.write(to: plain.folder.appendingPathComponent("covariance.json"))
      #expect {
        _ = try registry.covariance(of: plain)
      } throws: {
        ($0 as? ModelRegistryError)?.code == .damaged
      }
    }
  }
}
