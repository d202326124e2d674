public import ChurnModel
internal import Crypto
public import Foundation
internal import Temporaries

/// A folder of versioned models: `<root>/<name>/<version>/model.json` beside its SHA-256 in `model.sha256`.
///
/// A model that was trained for intervals has `covariance.json` beside it, which only those read who want intervals; its
/// checksum is another line of `model.sha256`.
///
/// A version appears complete or not at all, and is never changed afterwards. The checksum file has the form that
/// `sha256sum --check` reads.
public struct ModelRegistry: Sendable {
  /// The registry's folder; it is made by the first save.
  public let root: URL

  static let modelFile = "model.json"
  static let covarianceFile = "covariance.json"
  static let checksumFile = "model.sha256"

  /// Makes a finished folder a version; replaced by tests that let it fail.
  private let commit: @Sendable (_ from: URL, _ to: URL) -> CommitResult

  public init(root: URL) {
    self.init(root: root, commit: VersionFolder.rename)
  }

  init(root: URL, commit: @escaping @Sendable (_ from: URL, _ to: URL) -> CommitResult) {
    self.root = root
    self.commit = commit
  }

  /// One stored version.
  public struct Entry: Sendable, Equatable {
    /// The file that holds the model.
    public var modelFile: URL { folder.appendingPathComponent(ModelRegistry.modelFile) }

    /// Name and version.
    public let reference: ModelReference
    /// The version's folder.
    public let folder: URL

    /// Whether the model was saved with what intervals are made of.
    public var hasCovariance: Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(covarianceFile).path)
    }
  }

  /// All versions, by name and then by version number.
  ///
  /// Folders that are no models, leftovers of an interrupted save among them, are skipped.
  ///
  /// - Throws: `ModelRegistryError` (`notReadable`).
  public func list() throws(ModelRegistryError) -> [Entry] {
    var entries: [Entry] = []
    for name in try names(in: root).sorted() {
      guard let reference = try? ModelReference(name: name) else { continue }
      for version in try versions(of: reference.name) {
        guard let numbered = try? ModelReference(name: name, version: version) else { continue }
        entries.append(Entry(reference: numbered, folder: folder(name, version)))
      }
    }
    return entries
  }

  // MARK: Saving

  /// Makes sure that a model can be saved, before anybody spends minutes on making one.
  ///
  /// - Throws: `ModelRegistryError` (`notWritable`).
  public func checkSaving() throws(ModelRegistryError) {
    guard FolderPlace.canBeWritten(root) else {
      throw ModelRegistryError(
        .notWritable, "cannot keep models in \(root.path), which is no folder that can be written to")
    }
  }

  /// Saves a model as the next version of `name`.
  ///
  /// The files are written to a temporary folder beside the versions, flushed to the disk, and the folder is renamed.
  ///
  /// - Parameter covariance: of the model, for intervals of its probabilities.
  /// - Returns: the new version.
  /// - Throws: `ModelRegistryError` (`invalidName`, `notWritable`, `damaged` for numbers that are not finite); nothing
  ///   is left behind then.
  @discardableResult
  public func save(
    _ model: AnyModel, covariance: MarginCovariance? = nil, name: String
  ) throws(ModelRegistryError) -> Entry {
    let reference = try ModelReference(name: name)
    var files: [(name: String, contents: Data)] = []
    do {
      files.append((Self.modelFile, try model.json()))
      if let covariance { files.append((Self.covarianceFile, try covariance.json())) }
    } catch {
      throw ModelRegistryError(.damaged, "model \(name) was not saved: \(error.message)")
    }
    let home = root.appendingPathComponent(reference.name, isDirectory: true)
    let isNew = !FileManager.default.fileExists(atPath: home.path)
    let temporary = home.appendingPathComponent(".saving-\(UUID().uuidString)", isDirectory: true)
    if isNew { Temporaries.register(home.path, removal: .onlyIfEmpty) }
    Temporaries.register(temporary.path)
    defer {
      Temporaries.forget(temporary.path)
      Temporaries.forget(home.path)
    }
    do {
      try VersionFolder.make(temporary)
      var checksums = ""
      for file in files {
        try VersionFolder.write(file.contents, to: temporary.appendingPathComponent(file.name))
        checksums += "\(Self.checksum(file.contents))  \(file.name)\n"
      }
      try VersionFolder.write(Data(checksums.utf8), to: temporary.appendingPathComponent(Self.checksumFile))
      try VersionFolder.flush(temporary)
      return try publish(temporary, reference.name)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      // Fails, as it should, when another save has put a version there.
      if isNew { rmdir(home.path) }
      throw error
    }
  }

  private func publish(_ temporary: URL, _ name: String) throws(ModelRegistryError) -> Entry {
    var version = (try versions(of: name).last ?? 0) + 1
    while true {
      let target = folder(name, version)
      switch commit(temporary, target) {
      case .done:
        try VersionFolder.flush(target.deletingLastPathComponent())
        return Entry(reference: try ModelReference(name: name, version: version), folder: target)
      case .taken:
        version += 1
      case .failed(let reason):
        throw ModelRegistryError(
          .notWritable, "cannot make \(target.path): \(reason); check the disk and the folder's rights")
      }
    }
  }

  // MARK: Loading

  /// Loads a model after its checksum was verified.
  ///
  /// - Throws: `ModelRegistryError` (`notFound`, `damaged`, `otherFormat`, `notReadable`).
  public func load(_ reference: ModelReference) throws(ModelRegistryError) -> (
    model: AnyModel, entry: Entry
  ) {
    let entry = try find(reference)
    let file = entry.folder.appendingPathComponent(Self.modelFile)
    let json = try verifiedContents(entry, file)
    do {
      return (try AnyModel(json: json), entry)
    } catch {
      throw Self.unreadable(file, error)
    }
  }

  /// What intervals of a model's probabilities are made of, after its checksum was verified; nil when the model was saved
  /// without.
  ///
  /// - Throws: `ModelRegistryError` (`damaged`, `otherFormat`).
  public func covariance(of entry: Entry) throws(ModelRegistryError) -> MarginCovariance? {
    let wasSaved = try checksums(entry)[Self.covarianceFile] != nil
    guard entry.hasCovariance || wasSaved else { return nil }
    let file = entry.folder.appendingPathComponent(Self.covarianceFile)
    let json = try verifiedContents(entry, file)
    do {
      return try MarginCovariance(json: json)
    } catch {
      throw Self.unreadable(file, error)
    }
  }

  private static func unreadable(_ file: URL, _ error: ChurnModelError) -> ModelRegistryError {
    ModelRegistryError(
      error.code == .otherFormat ? .otherFormat : .damaged, "\(file.path): \(error.message)")
  }

  /// The stored version that a reference means.
  ///
  /// - Throws: `ModelRegistryError` (`notFound` with what there is instead, `notReadable`).
  public func find(_ reference: ModelReference) throws(ModelRegistryError) -> Entry {
    let versions = try versions(of: reference.name)
    guard let version = reference.version ?? versions.last, versions.contains(version) else {
      throw ModelRegistryError(.notFound, try notFoundMessage(reference, versions))
    }
    return Entry(
      reference: try ModelReference(name: reference.name, version: version),
      folder: folder(reference.name, version))
  }

  private func notFoundMessage(
    _ reference: ModelReference, _ versions: [Int]
  ) throws(ModelRegistryError) -> String {
    if !versions.isEmpty {
      let list = versions.map(String.init).joined(separator: ", ")
      return "there is no model \(reference) in \(root.path); versions of \(reference.name): \(list)"
    }
    let names = Set(try list().map(\.reference.name)).sorted()
    if names.isEmpty {
      return "there is no model \(reference): \(root.path) holds no model yet; train one first"
    }
    return "there is no model \(reference) in \(root.path); there are: \(names.joined(separator: ", "))"
  }

  private func verifiedContents(_ entry: Entry, _ file: URL) throws(ModelRegistryError) -> Data {
    guard let json = try? Data(contentsOf: file) else {
      throw damaged(entry, "\(file.path) cannot be read")
    }
    let expected = try checksums(entry)[file.lastPathComponent]
    guard Self.checksum(json) == expected else {
      throw damaged(entry, "\(file.path) is not what was saved (its SHA-256 differs)")
    }
    return json
  }

  /// The SHA-256 of each file as it was saved, by the file's name.
  private func checksums(_ entry: Entry) throws(ModelRegistryError) -> [String: String] {
    let file = entry.folder.appendingPathComponent(Self.checksumFile)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw damaged(entry, "\(file.path) cannot be read")
    }
    var checksums: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2 { checksums[String(parts[1])] = String(parts[0]) }
    }
    return checksums
  }

  private func damaged(_ entry: Entry, _ problem: String) -> ModelRegistryError {
    ModelRegistryError(
      .damaged,
      "model \(entry.reference) is damaged: \(problem); restore the folder from a backup, use another version or "
        + "train again")
  }

  // MARK: Folders

  private func folder(_ name: String, _ version: Int) -> URL {
    root.appendingPathComponent(name, isDirectory: true)
      .appendingPathComponent(String(version), isDirectory: true)
  }

  private func versions(of name: String) throws(ModelRegistryError) -> [Int] {
    try names(in: root.appendingPathComponent(name, isDirectory: true))
      .compactMap { text in Int(text).flatMap { $0 > 0 && String($0) == text ? $0 : nil } }.sorted()
  }

  /// Names in a folder; none when it is not there.
  private func names(in folder: URL) throws(ModelRegistryError) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue
    else {
      return []
    }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw ModelRegistryError(.notReadable, "cannot read the folder \(folder.path); check its rights")
    }
  }

  static func checksum(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }
}
