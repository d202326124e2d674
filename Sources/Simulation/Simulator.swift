import DuckDB
import Dispatch
public import Foundation
import Synchronization
import Temporaries

/// Invents the histories of a dealer group and writes them as the files of a data folder.
///
/// Every customer has a random stream of its own, derived from the seed, and every file is sorted by keys that no two
/// rows share: the bytes depend on the options alone, not on threads. docs/simulation.md describes the model.
public struct Simulator: Sendable {
  public enum Stage: String, Sendable { case generating, writing }

  private static let partialName = "simulation.partial"
  private static let databaseMemory = "480MB"

  let options: SimulationOptions

  /// - Throws: `SimulationError` with `invalidOption`.
  public init(options: SimulationOptions) throws(SimulationError) {
    try options.validate()
    self.options = options
  }

  /// Writes the histories to a folder that is new or empty.
  ///
  /// Everything is made in a subfolder, from which the finished files are moved at the end; the file without
  /// which no folder loads (`customers`, or the mapping) comes last. What an interrupted run left in the subfolder is removed by the next one.
  ///
  /// - Parameter progress: called from the calling thread with the stage, what is done of it and its total.
  /// - Throws: `SimulationError`.
  /// - Complexity: O(customers · log customers) time; memory is bounded, about 0.8 GB at most.
  public func write(
    to folder: URL, progress: (_ stage: Stage, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws(SimulationError) -> SimulationSummary {
    let isNewFolder = !FileManager.default.fileExists(atPath: folder.path)
    if isNewFolder { Temporaries.register(folder.path, removal: .onlyIfEmpty) }
    let partial = folder.appendingPathComponent(Self.partialName)
    defer {
      Temporaries.forget(partial.path)
      Temporaries.forget(folder.path)
    }
    try prepare(folder, partial)
    defer {
      try? FileManager.default.removeItem(at: partial)
      // After a failure nothing is left of a folder that was not there before; one that holds files stays.
      if isNewFolder { rmdir(folder.path) }
    }
    do {
      let database = try Database(
        path: partial.appendingPathComponent("work.duckdb").path,
        settings: [
          "memory_limit": Self.databaseMemory, "temp_directory": partial.appendingPathComponent("spill").path,
          "preserve_insertion_order": "true",
        ])
      let world = World(options)
      let connection = try database.connect()
      // The tables live for a minute: time spent on packing them would be lost.
      try connection.execute("PRAGMA force_compression = 'uncompressed'")
      for table in TableLayout.all { try connection.execute(table.createStatement) }
      try generate(world, into: database, progress: progress)
      try SmallTables.write(world, connection)

      let exporter = Exporter(connection: connection, options: options, folder: partial)
      let files =
        options.layout == .canonical ? CanonicalExport.files(options) : DealerSystemExport.files(options)
      var tables: [SimulationSummary.Table] = []
      for (index, file) in files.enumerated() {
        progress(.writing, index, files.count)
        let rows = try exporter.write(file)
        tables.append(
          SimulationSummary.Table(
            name: file.table, rows: rows, file: folder.appendingPathComponent(file.path)))
      }
      progress(.writing, files.count, files.count)
      var paths = files.map(\.path)
      if options.layout == .dealerSystem {
        try DealerSystemExport.mapping(options).write(
          to: partial.appendingPathComponent(DealerSystemExport.mappingFile), atomically: false,
          encoding: .utf8)
        paths.append(DealerSystemExport.mappingFile)
      }
      try Temporaries.publish { try move(paths, from: partial, to: folder) }
      return SimulationSummary(tables: tables)
    } catch let error as SimulationError {
      throw error
    } catch let error as DuckDBError {
      let isMissing = error.code == .libraryNotFound || error.code == .libraryUnusable
      throw SimulationError(
        isMissing ? .engineMissing : .database, error.description(sparing: [partial.path]))
    } catch {
      throw SimulationError(.cannotWrite, error.localizedDescription)
    }
  }

  private func prepare(_ folder: URL, _ partial: URL) throws(SimulationError) {
    let manager = FileManager.default
    do {
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
      let present = try manager.contentsOfDirectory(atPath: folder.path).filter { $0 != Self.partialName }
      guard present.isEmpty else {
        throw SimulationError(
          .folderNotEmpty, "\(folder.path) is not empty: name a new folder, or empty this one first")
      }
      try? manager.removeItem(at: partial)
      Temporaries.register(partial.path)
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
    } catch let error as SimulationError {
      throw error
    } catch {
      throw SimulationError(.cannotWrite, "cannot make \(folder.path): name a folder that you may write to")
    }
  }

  private func move(_ paths: [String], from partial: URL, to folder: URL) throws {
    for path in paths {
      let target = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: partial.appendingPathComponent(path), to: target)
    }
  }

  // MARK: Generating

  /// What the generating threads share.
  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let failure = Mutex<DuckDBError?>(nil)
  }

  /// A connection of its own for each thread; DuckDB lets several append to one table.
  private struct Worker: @unchecked Sendable {
    // Made on the calling thread, then used by one other thread only.
    let writer: RowWriter
  }

  private func generate(
    _ world: World, into database: Database, progress: (Stage, Int, Int) -> Void
  ) throws {
    let groups = (options.customers + GroupGenerator.size - 1) / GroupGenerator.size
    let workers = min(max(1, ProcessInfo.processInfo.activeProcessorCount), 8, groups)
    let shared = Shared()
    let group = DispatchGroup()
    for _ in 0..<workers {
      let worker = Worker(writer: try RowWriter(connection: try database.connect()))
      DispatchQueue.global().async(group: group) {
        do throws(DuckDBError) {
          try Self.work(worker.writer, world, groups: groups, shared)
        } catch {
          shared.failure.withLock { $0 = $0 ?? error }
          shared.next.store(groups, ordering: .relaxed)
        }
      }
    }
    let total = options.customers
    while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      progress(.generating, min(shared.done.load(ordering: .relaxed) * GroupGenerator.size, total), total)
    }
    if let error = shared.failure.withLock({ $0 }) { throw error }
    progress(.generating, total, total)
  }

  private static func work(
    _ writer: RowWriter, _ world: World, groups: Int, _ shared: Shared
  ) throws(DuckDBError) {
    var generator = GroupGenerator(world: world)
    let prospects = ProspectGenerator(world: world)
    var rows = GroupRows()
    while true {
      let group = shared.next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard group < groups else { break }
      generator.generate(group: group, into: &rows)
      prospects.generate(into: &rows)
      var dirt = Dirt(rate: world.options.dirt, seed: world.options.seed, group: group)
      var blemishes = dirt.spoil(&rows, until: world.until)
      var prospectDirt = ProspectDirt(rate: world.options.dirt, seed: world.options.seed, group: group)
      blemishes.prospects = prospectDirt.spoil(&rows.prospects)
      try writer.write(rows, blemishes: blemishes)
      shared.done.wrappingAdd(1, ordering: .relaxed)
    }
    try writer.finish()
  }
}
