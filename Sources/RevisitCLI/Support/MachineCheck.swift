import DuckDB
import Foundation
import Histories
import LinearAlgebra

/// What Revisit needs of the machine, and whether it is there.
enum MachineCheck {
  struct Finding {
    enum State: String {
      case good, poor, missing

      var mark: String {
        switch self {
        case .good: "✓"
        case .poor: "!"
        case .missing: "✗"
        }
      }
    }

    let name: String
    let title: String
    let state: State
    let detail: String
    /// What to do about it.
    var next: String?

    var isGood: Bool { state == .good }
  }

  private static let gibibyte = 1_073_741_824.0

  static func findings(language: Language) -> [Finding] {
    [
      duckDB(language), spreadsheetEncoding(language), openBLAS(language), locale(language), cores(language),
      memory(language), temporaryFolder(language),
    ]
  }

  private static func duckDB(_ language: Language) -> Finding {
    let title = "DuckDB"
    do {
      let library = try DuckDBLibrary.shared()
      return Finding(
        name: "duckdb", title: title, state: .good, detail: "\(library.version), \(library.path)")
    } catch {
      return Finding(
        name: "duckdb", title: title, state: .missing, detail: error.description,
        next: "make setup")
    }
  }

  /// Conversion from GB18030 needs a module of the C library that small systems leave out.
  private static func spreadsheetEncoding(_ language: Language) -> Finding {
    let title = Bilingual("GB18030 files", "GB18030文件")[language]
    let name = "gb18030"
    guard let descriptor = iconv_open("UTF-8", "GB18030"), descriptor != iconv_t(bitPattern: -1) else {
      return Finding(
        name: name, title: title, state: .poor,
        detail: Bilingual("cannot be read", "无法读取")[language], next: "apt-get install libc-bin locales")
    }
    iconv_close(descriptor)
    return Finding(
      name: name, title: title, state: .good, detail: Bilingual("can be read", "可以读取")[language])
  }

  private static func openBLAS(_ language: Language) -> Finding {
    Finding(
      name: "openblas", title: "OpenBLAS", state: .good,
      detail: "\(BLASDescription.configuration), \(BLASDescription.kernels)")
  }

  private static func locale(_ language: Language) -> Finding {
    let environment = ProcessInfo.processInfo.environment
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    let isUTF8 = name.lowercased().contains("utf-8") || name.lowercased().contains("utf8")
    return Finding(
      name: "locale", title: Bilingual("Locale", "区域设置")[language], state: isUTF8 ? .good : .poor,
      detail: "\(name), --lang \(language.rawValue)",
      next: isUTF8 ? nil : "export LANG=C.UTF-8")
  }

  private static func cores(_ language: Language) -> Finding {
    Finding(
      name: "cores", title: Bilingual("Cores", "处理器核数")[language], state: .good,
      detail: "\(ProcessInfo.processInfo.activeProcessorCount)")
  }

  private static func memory(_ language: Language) -> Finding {
    let bytes = Double(ProcessInfo.processInfo.physicalMemory)
    let least = 2.0
    let isEnough = bytes / gibibyte >= least
    return Finding(
      name: "memory", title: Bilingual("Memory", "内存")[language], state: isEnough ? .good : .poor,
      detail: "\(Shown.number(bytes / gibibyte, 1)) GiB",
      next: isEnough
        ? nil
        : Bilingual("1 million customers need about 1.5 GB", "一百万客户约需1.5 GB")[language])
  }

  private static func temporaryFolder(_ language: Language) -> Finding {
    let folder = FileManager.default.temporaryDirectory.path
    let isWritable = access(folder, W_OK | X_OK) == 0
    return Finding(
      name: "temporary_folder", title: Bilingual("Temporary files", "临时文件夹")[language],
      state: isWritable ? .good : .missing, detail: folder,
      next: isWritable
        ? nil : Bilingual("set TMPDIR to a folder that you may write to", "把TMPDIR设为可写的文件夹")[language])
  }
}
