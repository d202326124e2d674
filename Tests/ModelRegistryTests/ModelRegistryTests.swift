import ChurnModel
import Foundation
import LinearAlgebra
import Testing

@testable import ModelRegistry

@Suite("Model registry")
struct ModelRegistryTests {
  private func model(_ note: String = "") throws -> AnyModel {
    .coefficients(
      try LogisticRegression.fit(
        features: [FeatureColumn(name: "x", kind: .numeric)], values: Matrix((0..<20).map { [Double($0)] }),
        labels: (0..<20).map { $0 % 3 == 0 }, metadata: ["note": note]
      ).model)
  }

  @Test("a model of terms comes back as one, and scores to the same bits")
  func terms() throws {
    try withFolder { folder in
      let values = Matrix((0..<60).map { [Double($0 * 7 % 60)] })
      let fit = try TermRegression.fit(
        features: [FeatureColumn(name: "x", kind: .numeric)], values: values,
        labels: (0..<60).map { ($0 * 7 % 60) < 20 || $0 % 5 == 0 })
      let registry = ModelRegistry(root: folder)
      try registry.save(.terms(fit.model), name: "curves")
      let back = try registry.load(try ModelReference(parsing: "curves")).model
      #expect(back.probabilities(values) == AnyModel.terms(fit.model).probabilities(values))
      #expect(try back.json() == fit.model.json())
    }
  }

  /// Calls `body` with a folder that is gone afterwards.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("models-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func error(_ body: () throws(ModelRegistryError) -> Void) -> ModelRegistryError? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test("saved models are numbered from 1 and come back as they were, the newest by default")
  func savesAndLoads() throws {
    try withFolder { folder in
      let registry = ModelRegistry(root: folder)
      for note in ["first", "second"] { try registry.save(try model(note), name: "churn") }
      try registry.save(try model("other"), name: "a.b_c-1")
      #expect(try registry.list().map(\.reference.description) == ["a.b_c-1@1", "churn@1", "churn@2"])
      let newest = try registry.load(try ModelReference(parsing: "churn"))
      #expect(newest.entry.reference.version == 2 && newest.model.metadata["note"] == "second")
      let first = try registry.load(try ModelReference(parsing: "churn@1"))
      #expect(try first.model.json() == model("first").json())
    }
  }

  @Test("a version that someone else has taken meanwhile is not touched")
  func neverOverwrites() throws {
    try withFolder { folder in
      let taken = folder.appendingPathComponent("churn/1")
      let racing = ModelRegistry(root: folder) { from, to in
        // Another process is faster by a moment.
        if to.lastPathComponent == "1" {
          try? FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
          try? Data("theirs".utf8).write(to: taken.appendingPathComponent("model.json"))
        }
        return VersionFolder.rename(from: from, to: to)
      }
      let entry = try racing.save(try model(), name: "churn")
      #expect(entry.reference.version == 2)
      #expect(try Data(contentsOf: taken.appendingPathComponent("model.json")) == Data("theirs".utf8))
    }
  }

  @Test("a save that fails at the last moment leaves nothing behind")
  func failureLeavesNothing() throws {
    try withFolder { folder in
      let failing = ModelRegistry(root: folder) { _, _ in .failed("no space") }
      let model = try model()
      let problem = error { () throws(ModelRegistryError) in try failing.save(model, name: "churn") }
      #expect(problem?.code == .notWritable && problem?.message.contains("no space") == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
      try ModelRegistry(root: folder).save(model, name: "churn")
      #expect(error { () throws(ModelRegistryError) in try failing.save(model, name: "churn") } != nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/churn") == ["1"])
    }
  }

  @Test("what an interrupted save left is neither listed nor loaded")
  func leftovers() throws {
    try withFolder { folder in
      let leftover = folder.appendingPathComponent("churn/.saving-1")
      try FileManager.default.createDirectory(at: leftover, withIntermediateDirectories: true)
      try Data("{".utf8).write(to: leftover.appendingPathComponent("model.json"))
      let registry = ModelRegistry(root: folder)
      #expect(try registry.list() == [])
      let entry = try registry.save(try model(), name: "churn")
      #expect(entry.reference.version == 1)
    }
  }

  @Test("whether a model could be saved is known before there is one, and asking makes nothing")
  func checkSaving() throws {
    try withFolder { folder in
      let below = folder.appendingPathComponent("a/b")
      try ModelRegistry(root: below).checkSaving()
      #expect(!FileManager.default.fileExists(atPath: folder.path))
      try Data().write(to: folder)
      for root in [folder, below] {
        let problem = error { () throws(ModelRegistryError) in try ModelRegistry(root: root).checkSaving() }
        #expect(problem?.code == .notWritable)
      }
    }
  }

  @Test("where a file stands in the folder's place, saving says so")
  func notWritable() throws {
    try withFolder { folder in
      try Data().write(to: folder)
      let model = try model()
      let problem = error { () throws(ModelRegistryError) in
        try ModelRegistry(root: folder).save(model, name: "churn")
      }
      #expect(problem?.code == .notWritable)
    }
  }

  @Test("a missing model is told with those that are there")
  func notFound() throws {
    try withFolder { folder in
      let registry = ModelRegistry(root: folder)
      let empty = error { () throws(ModelRegistryError) in _ = try registry.load(ModelReference(parsing: "x"))
      }
      #expect(empty?.code == .notFound && empty?.message.contains("train one first") == true)
      try registry.save(try model(), name: "churn")
      let name = error { () throws(ModelRegistryError) in _ = try registry.load(ModelReference(parsing: "x"))
      }
      #expect(name?.code == .notFound && name?.message.contains("there are: churn") == true)
      let version = error { () throws(ModelRegistryError) in
        _ = try registry.load(ModelReference(parsing: "churn@7"))
      }
      #expect(version?.code == .notFound && version?.message.contains("versions of churn: 1") == true)
    }
  }

  @Test("a changed byte, a lost file and another format are told with the file")
  func damaged() throws {
    try withFolder { folder in
      let registry = ModelRegistry(root: folder)
      let entry = try registry.save(try model(), name: "churn")
      let file = entry.folder.appendingPathComponent("model.json")
      let checksum = entry.folder.appendingPathComponent("model.sha256")
      let reference = try ModelReference(parsing: "churn")
      func problem() -> ModelRegistryError? {
        error { () throws(ModelRegistryError) in _ = try registry.load(reference) }
      }
      #expect(problem() == nil)

      let original = try Data(contentsOf: file)
      let text = try #require(String(data: original, encoding: .utf8))
      try Data(text.replacingOccurrences(of: "\"penalty\" : 0.001", with: "\"penalty\" : 0.002").utf8).write(
        to: file)
      #expect(problem()?.code == .damaged && problem()?.message.contains(file.path) == true)

      // An intact file of a later program: its checksum is right, its format is not.
      let later = ModelRegistry(root: folder.appendingPathComponent("later"))
      let place = try later.save(try model(), name: "churn").folder
      let future = text.replacingOccurrences(of: "\"formatVersion\" : 1", with: "\"formatVersion\" : 9")
      try Data(future.utf8).write(to: place.appendingPathComponent("model.json"))
      let digest = ModelRegistry.checksum(Data(future.utf8))
      try Data("\(digest)  model.json\n".utf8).write(to: place.appendingPathComponent("model.sha256"))
      let other = error { () throws(ModelRegistryError) in _ = try later.load(reference) }
      #expect(other?.code == .otherFormat && other?.message.contains("model.json") == true)

      try original.write(to: file)
      #expect(problem() == nil)
      try FileManager.default.removeItem(at: checksum)
      #expect(problem()?.code == .damaged && problem()?.message.contains(checksum.path) == true)
    }
  }

  @Test("the checksum is SHA-256")
  func checksum() {
    // FIPS 180-4, example "abc".
    #expect(
      ModelRegistry.checksum(Data("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(
    "names that could leave the folder are refused",
    arguments: [
      "", "..", "../x", "a/b", ".hidden", "Churn", "客户", "-x", "x@", "x@0", "x@-1", "x@1@2", "x@1.5", "a b",
    ])
  func badNames(text: String) {
    let problem = error { () throws(ModelRegistryError) in _ = try ModelReference(parsing: text) }
    #expect(problem?.code == .invalidName)
  }
}
