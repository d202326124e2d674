import Histories

/// What every page has around its content: it needs no other file and no script.
enum HTMLPage {
  /// The whole text of a page.
  ///
  /// - Parameters:
  ///   - title: any text.
  ///   - styles: further rules behind those of all pages.
  ///   - main: the content as HTML, without a line break at its end.
  static func text(title: String, language: Language, styles: [String] = [], main: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="\(language == .chinese ? "zh-CN" : "en")">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(([PageStyle.text] + styles).joined(separator: "\n"))
    </style>
    </head>
    <body>
    <main>
    \(main)
    </main>
    </body>
    </html>

    """
  }

  /// Writes a page; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  static func write(_ html: String, to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try OutputFile(path: path, protecting: inputs).write(html)
  }
}
