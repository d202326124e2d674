import Foundation
import Synchronization
import Temporaries

/// Where large columns lie when memory is bounded: each in a file without a name that is mapped into memory.
///
/// Columns are written and swept from one end to the other, relation by relation. What was read or written stays
/// mapped until the process comes near its limit; then all pages are given back at once, and those still needed come
/// back one by one from where the system keeps them. Nothing that is computed can depend on it.
public final class ColumnStore: Sendable {
  /// Bytes that the process should not go beyond.
  public let limit: Int
  private let folder: TemporaryFolder
  private let files = Mutex<[ObjectIdentifier: Weak]>([:])
  /// Columns that did not fit on the disk, and stay in memory.
  private let refused = Atomic<Int>(0)
  /// File pages that are resident from the start: the program itself.
  private let programBytes: Int

  private struct Weak {
    weak var file: ColumnFile?
  }

  /// Pages are given back at this share of the limit: what comes between two looks needs room, too.
  private static let fullness = 0.85
  /// Giving back less is not worth the trouble.
  private var worthwhileBytes: Int { min(64 << 20, limit / 8) }

  /// - Throws: `HistoriesError` when no temporary folder can be made.
  init(limit: Int) throws(HistoriesError) {
    self.limit = limit
    do {
      folder = try TemporaryFolder()
    } catch {
      throw HistoriesError(
        .cannotWrite, "No temporary folder can be made.", next: "Set TMPDIR to a writable folder with room.")
    }
    programBytes = Self.resident().files
  }

  /// What stands in the way of the limit, in whole sentences.
  var remarks: [String] {
    var remarks: [String] = []
    if liesInMemory {
      remarks.append(
        "The temporary folder lies in memory, where --memory saves nothing: set TMPDIR to a folder on a disk."
      )
    }
    if refused.load(ordering: .relaxed) > 0 {
      remarks.append(
        "The temporary folder is full, so some columns stay in memory: set TMPDIR to a folder with more room."
      )
    }
    let resident = Self.resident()
    let needed = resident.all - resident.files
    if needed > limit {
      let megabytes = (needed + 999_999) / 1_000_000
      remarks.append(
        "Customers, vehicles and relations alone take \(megabytes) MB, more than --memory allows.")
    }
    return remarks
  }

  /// Whether the folder of temporary files itself lies in memory, where nothing is gained by it.
  private var liesInMemory: Bool {
    guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return false }
    let path = folder.url.path
    // Device, mount point, type, …; of two on one point the later one hides the earlier.
    var nearest = (length: 0, type: "")
    for line in mounts.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 2, words[1].count >= nearest.length else { continue }
      if words[1] == "/" || path.hasPrefix(words[1] + "/") { nearest = (words[1].count, words[2]) }
    }
    return nearest.type == "tmpfs" || nearest.type == "ramfs"
  }

  /// A file for a column; `nil` when there is no room, and the column stays in memory.
  func makeFile(byteCount: Int) -> ColumnFile? {
    guard let file = ColumnFile(in: folder.url.path, byteCount: byteCount) else {
      noteRefused()
      return nil
    }
    files.withLock { $0[ObjectIdentifier(file)] = Weak(file: file) }
    return file
  }

  func noteRefused() {
    refused.add(1, ordering: .relaxed)
  }

  /// Forgets a file; to be called before it goes.
  func remove(_ file: ColumnFile) {
    _ = files.withLock { $0.removeValue(forKey: ObjectIdentifier(file)) }
  }

  /// Gives mapped pages back when the process comes near its limit. To be called now and then from long loops.
  ///
  /// - Complexity: a look at the system's count of pages; when it is high, one call a column.
  public func relieve() {
    let resident = Self.resident()
    guard Double(resident.all) > Self.fullness * Double(limit),
      resident.files - programBytes > worthwhileBytes
    else { return }
    files.withLock { files in
      for entry in files.values { entry.file?.giveBack() }
    }
  }

  /// Bytes of the process in memory, and those of them that lie in files, too.
  static func resident() -> (all: Int, files: Int) {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (0, 0) }
    defer { close(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { text in
      let count = read(descriptor, text.baseAddress, text.count)
      guard count > 0 else { return (0, 0) }
      let words = text[..<count].split(separator: UInt8(ascii: " ")).prefix(3).map { word in
        word.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
      }
      let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
      return words.count == 3 ? (words[1] * pageSize, words[2] * pageSize) : (0, 0)
    }
  }
}

/// A file without a name, mapped into memory: the block of one column. It is gone with the object, or with the process.
final class ColumnFile: @unchecked Sendable {
  private let descriptor: Int32
  /// Guards the mapping while it moves: `giveBack` comes from other threads.
  private let mapping: Mutex<Mapping>

  private struct Mapping: @unchecked Sendable {
    var base: UnsafeMutableRawPointer
    var byteCount: Int
  }

  /// - Returns: `nil` when the file cannot be made or there is no room for it.
  init?(in folder: String, byteCount: Int) {
    var path = Array("\(folder)/column-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return nil }
    unlink(&path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // Room is taken at once: a page that finds none when it is written would end the process.
    guard posix_fallocate(descriptor, 0, byteCount) == 0,
      let base = Self.map(descriptor, byteCount)
    else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    mapping = Mutex(Mapping(base: base, byteCount: byteCount))
  }

  deinit {
    mapping.withLock { _ = munmap($0.base, $0.byteCount) }
    close(descriptor)
  }

  private static func map(_ descriptor: Int32, _ byteCount: Int) -> UnsafeMutableRawPointer? {
    let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    return base == MAP_FAILED ? nil : base
  }

  var base: UnsafeMutableRawPointer { mapping.withLock { $0 }.base }

  /// Makes the file larger; its content may move to another address.
  ///
  /// - Returns: whether there was room.
  func grow(to byteCount: Int) -> Bool {
    guard posix_fallocate(descriptor, 0, byteCount) == 0 else { return false }
    return mapping.withLock { mapping in
      guard let base = Self.map(descriptor, byteCount) else { return false }
      munmap(mapping.base, mapping.byteCount)
      mapping = Mapping(base: base, byteCount: byteCount)
      return true
    }
  }

  /// Unmaps the pages; their content stays in the file.
  func giveBack() {
    mapping.withLock { _ = madvise($0.base, $0.byteCount, MADV_DONTNEED) }
  }
}
