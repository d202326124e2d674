public import Histories

extension TermPage {
  /// Writes the page as `.html`; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, language: Language) throws(ReportError) {
    try HTMLPage.write(html(language: language), to: path)
  }
}
