import Foundation

/// Where PostgreSQL's server is installed, and who may run it.
enum ServerPrograms {
  private static let debian = "/usr/lib/postgresql"
  private static let oldest = 15

  /// The folder of `initdb` and `postgres`: Debian's newest, or one on the path.
  static let folder: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
    let packaged = versions.compactMap(Int.init).filter { $0 >= oldest }.sorted(by: >).map {
      "\(debian)/\($0)/bin"
    }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (packaged + path.split(separator: ":").map(String.init)).first { folder in
      ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
  }()

  /// The user that Debian's package makes; only root needs another user than itself, for the server refuses root.
  static let serverUser: (id: uid_t, group: gid_t)? = {
    guard geteuid() == 0, let entry = getpwnam("postgres") else { return nil }
    return (entry.pointee.pw_uid, entry.pointee.pw_gid)
  }()

  /// The words before a command that make it run as that user.
  static let asServerUser: [String] =
    serverUser.map {
      ["/usr/bin/setpriv", "--reuid=\($0.id)", "--regid=\($0.group)", "--clear-groups"]
    } ?? []
}
