import Foundation
public import Histories

extension TermPage {
  /// Writes the page as `.html`; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, language: Language) throws(ReportError) {
    let html = html(language: language)
    try OutputFile(path: path).replace { (temporary) throws(ReportError) in
      let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotWrite(path, errno: errno) }
      do throws(ReportError) {
        var writer = ByteWriter(descriptor: descriptor, name: path)
        writer.text(html)
        try writer.finish()
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw .cannotWrite(path, errno: errno) }
    }
  }
}
