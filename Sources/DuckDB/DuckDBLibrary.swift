import CDuckDB
public import Foundation

/// DuckDB's shared library, found and loaded at run time.
///
/// It is looked for in this order: the file named by `REVISIT_DUCKDB_LIBRARY`; the project's `.deps/duckdb/` (beside
/// the working directory or above the executable); the system's library path (`libduckdb.so`). The library out of
/// DuckDB's Python wheel expects Python's symbols, so `libpython3.11` is loaded before a file of that kind.
public final class DuckDBLibrary: @unchecked Sendable {
  // Immutable after loading; DuckDB's functions may be called from any thread.
  let call: cduckdb_functions

  /// The file that was loaded.
  public let path: String

  /// DuckDB's own version, such as `v2.0.0`.
  public var version: String { call.library_version().map { String(cString: $0) } ?? "unknown" }

  /// The version that Revisit is made for.
  public static let expectedVersion = "v2.0.0"

  /// The library of this process, loaded on first use.
  private static let loaded = Result<DuckDBLibrary, DuckDBError> { () throws(DuckDBError) in try find() }

  /// The library, loaded once per process.
  ///
  /// - Throws: `DuckDBError` with `libraryNotFound` or `libraryUnusable`; the message says where it was looked for.
  public static func shared() throws(DuckDBError) -> DuckDBLibrary {
    try loaded.get()
  }

  /// Where the library is looked for, in order.
  public static func candidates(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String] {
    if let named = environment["REVISIT_DUCKDB_LIBRARY"], !named.isEmpty { return [named] }
    var folders: [URL] = []
    for start in [FileManager.default.currentDirectoryPath, Bundle.main.executablePath ?? ""]
    where !start.isEmpty {
      var folder = URL(fileURLWithPath: start).resolvingSymlinksInPath()
      for _ in 0..<6 where folder.path != "/" {
        folders.append(folder)
        folder.deleteLastPathComponent()
      }
    }
    var found: [String] = []
    for folder in folders {
      let directory = folder.appendingPathComponent(".deps/duckdb").path
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      found += names.filter { $0.hasSuffix(".so") }.sorted().map { directory + "/" + $0 }
    }
    return found + ["libduckdb.so"]
  }

  static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(DuckDBError) -> DuckDBLibrary {
    var reasons: [String] = []
    for candidate in candidates(environment: environment) {
      do {
        return try DuckDBLibrary(path: candidate)
      } catch {
        reasons.append("\(candidate): \(error.message)")
      }
    }
    throw DuckDBError(
      .libraryNotFound,
      "DuckDB was not found (\(reasons.joined(separator: "; "))). "
        + "Run `make setup`, or set REVISIT_DUCKDB_LIBRARY to a DuckDB 2.0.0 library.")
  }

  init(path: String) throws(DuckDBError) {
    if path.contains("cpython-311") { Self.loadPython() }
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw DuckDBError(.libraryNotFound, dlerror().map { String(cString: $0) } ?? "cannot be loaded")
    }
    var table = cduckdb_functions()
    if let missing = cduckdb_fill(&table, handle, { dlsym($0, $1!) }) {
      throw DuckDBError(.libraryUnusable, "has no function \(String(cString: missing))")
    }
    self.call = table
    self.path = path
    guard version == Self.expectedVersion else {
      throw DuckDBError(.libraryUnusable, "is DuckDB \(version), but \(Self.expectedVersion) is needed")
    }
  }

  /// Makes Python's symbols visible, which the library out of the wheel leaves open; no interpreter is started.
  private static func loadPython() {
    for name in ["libpython3.11.so.1.0", "libpython3.11.so"] where dlopen(name, RTLD_NOW | RTLD_GLOBAL) != nil
    {
      return
    }
  }
}

extension Result {
  fileprivate init(_ body: () throws(Failure) -> Success) {
    do { self = .success(try body()) } catch { self = .failure(error) }
  }
}
