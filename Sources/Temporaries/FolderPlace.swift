public import Foundation

/// Places of folders that may not be there yet.
public enum FolderPlace {
  /// Whether the folder, or the nearest above it that is there, is a folder that can be written to.
  public static func canBeWritten(_ folder: URL) -> Bool {
    var place = folder.standardizedFileURL
    var isFolder: ObjCBool = false
    while !FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder), place.path != "/" {
      place = place.deletingLastPathComponent()
    }
    return isFolder.boolValue && access(place.path, W_OK | X_OK) == 0
  }
}
