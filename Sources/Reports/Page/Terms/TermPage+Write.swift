public import Histories

extension TermPage {
  /// Writes the page as `.html`; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, language: Language) throws(ReportError) {
    let html = html(language: language)
    let file = try OutputFile(path: path)
    try file.replace { (temporary) throws(ReportError) in
      try file.fill(temporary) { (descriptor) throws(ReportError) in
        var writer = ByteWriter(descriptor: descriptor, name: path)
        writer.text(html)
        try writer.finish()
      }
    }
  }
}
