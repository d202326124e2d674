import Histories
public import Retention

extension AtRiskList {
  /// The narrowest terminal that the table is made for; narrower ones wrap its lines.
  public static let narrowestTerminal = 72

  /// The list as an aligned table for a terminal, in the list's language.
  ///
  /// Rank, customer, vehicle, days overdue, probability, value at stake and reasons are always there; the more width,
  /// the more columns. The reasons stand in a column of their own where there is room, else on a second line.
  /// - Parameters:
  ///   - width: cells in a line; East Asian wide characters take two.
  ///   - colour: whether risk shows in colour.
  public func terminalTable(width: Int, colour: Bool = false) -> String {
    AtRiskTerminal(list: self, width: max(width, Self.narrowestTerminal), colour: colour).text
  }
}

/// Puts the terminal table together.
struct AtRiskTerminal {
  let list: AtRiskList
  let width: Int
  let colour: Bool
  private var language: Language { list.language }

  private static let indent = "   "
  private static let separator = " · "

  var text: String {
    var lines = titleLines
    if list.rows.isEmpty {
      lines += ["", AtRiskWords.empty[language]]
    } else {
      lines += [""] + tableLines + [""]
      lines += wrapped(AtRiskWords.howToRead(list, language)).map(dim)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var titleLines: [String] {
    let title = [AtRiskWords.title[language], list.dealerGroup].compactMap { $0 }.joined(
      separator: Self.separator)
    let details = [
      "\(AtRiskWords.asOf[language]) \(list.asOf)", "\(AtRiskWords.model[language]) \(list.model)",
      AtRiskWords.counts(
        shown: list.rows.count, of: list.matchingRelations, active: list.activeRelations, language),
    ].map(DisplayWidth.harmless)
    let oneLine = details.joined(separator: Self.separator)
    let detailLines =
      DisplayWidth.of(oneLine) <= width
      ? [oneLine]
      : [details.prefix(2).joined(separator: Self.separator), details[2]].map {
        DisplayWidth.cut($0, to: width)
      }
    let cut = DisplayWidth.cut(DisplayWidth.harmless(title), to: width)
    return [colour ? TextTable.painted(cut, .bold) : cut] + detailLines
  }

  private var tableLines: [String] {
    // The reasons stand beside the columns only if nothing of them is lost there.
    let columns = AtRiskTerminalColumns(list: list).all
    let plain = TextTable(columns: columns, width: width)
    let room = width - plain.lineWidth - TextTable.gap
    let longest = list.rows.map { DisplayWidth.of(joined($0.reasons, width: .max)) }.max() ?? 0
    let besides = room >= max(longest, DisplayWidth.of(AtRiskWords.reasons[language]))
    let table = besides ? TextTable(columns: columns + [reasonsColumn(room)], width: width) : plain
    var lines = [table.headerLine(colour: colour)]
    for index in list.rows.indices {
      lines.append(table.line(row: index, colour: colour))
      if !besides, let second = secondLine(list.rows[index]) { lines.append(dim(second)) }
    }
    return lines
  }

  private func reasonsColumn(_ room: Int) -> TextTable.Column {
    TextTable.Column(
      header: AtRiskWords.reasons[language], alignment: .left, importance: 0, narrowest: room, widest: room,
      cells: list.rows.map { TextTable.Cell(joined($0.reasons, width: room)) })
  }

  private func secondLine(_ row: AtRiskRow) -> String? {
    guard !row.reasons.isEmpty else { return nil }
    return Self.indent + joined(row.reasons, width: width - Self.indent.count)
  }

  /// As many whole reasons as fit, at least the first, which is cut if need be.
  private func joined(_ reasons: [String], width: Int) -> String {
    let separator = language == .english ? "; " : "；"
    var text = ""
    for reason in reasons.map(DisplayWidth.harmless) {
      let longer = text.isEmpty ? reason : text + separator + reason
      if !text.isEmpty, DisplayWidth.of(longer) > width { break }
      text = longer
    }
    return DisplayWidth.cut(text, to: width)
  }

  private func dim(_ line: String) -> String {
    colour ? TextTable.painted(line, .dim) : line
  }

  /// The text in lines of at most the table's width, broken at blanks, or between wide characters.
  private func wrapped(_ text: String) -> [String] {
    var lines = [""]
    for word in Self.words(DisplayWidth.harmless(text)) {
      let line = lines[lines.count - 1]
      if !line.isEmpty, DisplayWidth.of(line + word) > width {
        lines[lines.count - 1] = line.last == " " ? String(line.dropLast()) : line
        lines.append(word)
      } else {
        lines[lines.count - 1] = line + word
      }
    }
    return lines.map { DisplayWidth.cut($0.last == " " ? String($0.dropLast()) : $0, to: width) }
  }

  /// Words with the blank after them; every wide character is a word, with the punctuation after it.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var startsNew = true
    for character in text {
      let isClosing = "，。；：、）％".contains(character)
      let isWide = DisplayWidth.of(character) > 1 && !isClosing
      if words.isEmpty || isWide || (startsNew && !isClosing) { words.append("") }
      words[words.count - 1].append(character)
      startsNew = character == " " || isWide || isClosing
    }
    return words
  }
}
