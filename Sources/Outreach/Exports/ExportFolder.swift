internal import Foundation
internal import Temporaries

/// Writes an export's folder whole or not at all, and never over another one.
public enum ExportFolder {
  public enum Written: Sendable {
    case new
    /// The folder was there with the same files, byte by byte.
    case alreadyThere
  }

  private static let folderMode = 0o700

  /// Makes sure that a folder of this name can be made, before anything is chosen for it.
  ///
  /// - Throws: `cannotWrite`.
  public static func check(name: String, into parent: String) throws(OutreachError) {
    let place = URL(fileURLWithPath: parent).appendingPathComponent(name)
    guard !FileManager.default.fileExists(atPath: place.path) else {
      throw OutreachError(
        .cannotWrite, "\(place.path) is there; an export is never written over. Nothing was handed out.",
        next: "Take it away, or choose another folder with --out.")
    }
    guard FolderPlace.canBeWritten(URL(fileURLWithPath: parent)) else {
      throw OutreachError(
        .cannotWrite, "\(parent) cannot be written. Nothing was handed out.",
        next: "Choose another folder with --out.")
    }
  }

  /// - Parameters:
  ///   - name: the folder's name below `parent`, which is made when it is not there.
  /// - Throws: `cannotWrite`, also for a folder of that name that holds anything else.
  public static func write(
    _ paper: ExportPaper, manifest: ExportManifest, name: String, into parent: String
  ) throws(OutreachError) -> Written {
    var contents = paper.files.map { ($0.name, $0.bytes) }
    contents.append((ExportManifest.fileName, manifest.bytes))
    let place = URL(fileURLWithPath: parent).appendingPathComponent(name)
    if FileManager.default.fileExists(atPath: place.path) {
      guard holds(place, exactly: contents) else {
        throw OutreachError(
          .cannotWrite, "\(place.path) is there and holds something else; an export is never written over.",
          next: "Take it away, or choose another folder with --out.")
      }
      return .alreadyThere
    }
    let failure = OutreachError(
      .cannotWrite, "\(place.path) cannot be written.",
      next: "Check that the folder is writable and has space, then write this export again with --number.")
    let unfinished = URL(fileURLWithPath: parent).appendingPathComponent(".\(name).\(getpid()).partial").path
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      Temporaries.register(unfinished)
      defer {
        try? FileManager.default.removeItem(atPath: unfinished)
        Temporaries.forget(unfinished)
      }
      try FileManager.default.createDirectory(
        atPath: unfinished, withIntermediateDirectories: false,
        attributes: [.posixPermissions: folderMode])
      for (file, bytes) in contents {
        try DurableFile.write(bytes, toNew: "\(unfinished)/\(file)", mode: DurableFile.ownersMode)
      }
      try DurableFile.flush(folder: unfinished)
      // Not over a folder that somebody made meanwhile: an empty one would be replaced, which loses nothing.
      guard rename(unfinished, place.path) == 0 else { throw failure }
      try DurableFile.flush(folder: parent)
    } catch {
      throw failure
    }
    return .new
  }

  private static func holds(_ folder: URL, exactly contents: [(String, [UInt8])]) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path),
      Set(names) == Set(contents.map(\.0))
    else { return false }
    return contents.allSatisfy { name, bytes in
      FileManager.default.contents(atPath: folder.appendingPathComponent(name).path).map(Array.init) == bytes
    }
  }
}
