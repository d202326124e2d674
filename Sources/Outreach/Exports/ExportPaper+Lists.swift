internal import ContactQueue
internal import Histories

/// Lists for people.
extension ExportPaper {
  /// The tasks of each adviser in the order of their names; those of nobody come last.
  static func byAdviser(
    _ tasks: [ExportedTask], _ options: ExportOptions
  ) -> [(name: String, tasks: [ExportedTask])] {
    let groups = Dictionary(grouping: tasks) { $0.details.adviser ?? "" }
    let nobody = Bilingual("unassigned", "未分配")[options.language]
    return groups.keys.sorted { ($0.isEmpty ? 1 : 0, $0) < ($1.isEmpty ? 1 : 0, $1) }
      .map { ($0.isEmpty ? nobody : $0, groups[$0] ?? []) }
  }

  /// One workbook with a sheet a list, or one CSV file a list.
  mutating func writeLists(
    _ lists: [(name: String, tasks: [ExportedTask])], stem: String, _ options: ExportOptions
  ) throws(OutreachError) {
    let language = options.language
    var usable: [(name: String, tasks: [ExportedTask])] = []
    for list in lists {
      let isReachable = { (task: ExportedTask) in task.contact.phone?.isEmpty == false }
      flaws += list.tasks.filter { !isReachable($0) }.map { ($0.id, .address) }
      usable.append((list.name, list.tasks.filter(isReachable)))
    }
    if options.format == .csv {
      var taken: Set<String> = []
      for list in usable {
        var text = CSVText()
        text.add(ExportColumn.allCases.map { $0.heading[language] })
        for (index, task) in list.tasks.enumerated() {
          text.add(
            ExportColumn.allCases.map { Self.text($0.cell(task, line: index + 1, language: language)) })
        }
        let end = list.name.isEmpty ? "" : "-" + Self.free(Self.fileName(list.name), &taken, longest: 80)
        let bytes = try text.bytes(options.encoding == .gb18030 ? .gb18030 : .utf8WithMark)
        files.append(File(name: "\(stem)\(end).csv", rows: list.tasks.count, bytes: bytes))
      }
      return
    }
    files.append(
      File(
        name: "\(stem).xlsx", rows: usable.reduce(0) { $0 + $1.tasks.count },
        bytes: try Workbook(sheets: Self.sheets(usable, language)).bytes()))
  }

  /// A sheet a list; a list that one sheet cannot hold goes on in the next.
  static func sheets(
    _ lists: [(name: String, tasks: [ExportedTask])], _ language: Language, mostRows: Int = Workbook.mostRows
  ) -> [Workbook.Sheet] {
    var taken: Set<String> = []
    let title = Bilingual("Call list", "外呼名单")[language]
    let columns = ExportColumn.allCases.map { $0.column(language) }
    var sheets: [Workbook.Sheet] = []
    for list in lists.isEmpty ? [("", [])] : lists {
      for start in stride(from: 0, to: max(list.tasks.count, 1), by: mostRows) {
        let part = list.tasks[start..<min(start + mostRows, list.tasks.count)]
        sheets.append(
          Workbook.Sheet(
            name: sheetName(list.name.isEmpty ? title : list.name, &taken), columns: columns,
            rowCount: part.count,
            row: { index in
              ExportColumn.allCases.map {
                $0.cell(part[start + index], line: start + index + 1, language: language)
              }
            }))
      }
    }
    return sheets
  }

  private static func text(_ cell: Workbook.Cell) -> String {
    switch cell {
    case .text(let text): text
    case .number(let value):
      value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
    }
  }

  /// A name that a sheet may have: 31 characters, none of `[ ] : * ? / \`, no apostrophe at an end, none twice.
  static func sheetName(_ name: String, _ taken: inout Set<String>) -> String {
    let longest = 31
    var plain = String(name.map { "[]:*?/\\".contains($0) || $0.isNewline ? "-" : $0 })
    while plain.first == "'" { plain.removeFirst() }
    plain = String(plain.prefix(longest))
    while plain.last == "'" { plain.removeLast() }
    return free(plain.isEmpty ? "-" : plain, &taken, longest: longest)
  }

  /// The name, or the name with the first free number behind it; capitals make no other name.
  private static func free(_ name: String, _ taken: inout Set<String>, longest: Int) -> String {
    var candidate = name
    var number = 1
    while !taken.insert(candidate.lowercased()).inserted {
      number += 1
      let end = " (\(number))"
      candidate = name.prefix(longest - end.count) + end
    }
    return candidate
  }
}

extension ExportOptions {
  var language: Language { isChinese ? .chinese : .english }
}
