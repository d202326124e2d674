internal import CXLSXWriter
internal import Foundation
internal import Temporaries

/// A workbook of text tables, the same bytes whenever it is made of the same cells.
///
/// Every text is written as text, never as a formula or number. The first row stays when the table is scrolled, and can
/// be filtered by. Rows are made when they are written and go to a temporary file, so that memory does not grow with them.
struct Workbook {
  enum Cell {
    case text(String)
    case number(Double)
  }

  struct Column {
    let heading: String
    /// Words that may stand in it, offered as a list; any text without them.
    var choices: [String] = []
    /// Whether long texts run on over several lines.
    var isWrapped = false
  }

  struct Sheet {
    let name: String
    let columns: [Column]
    let rowCount: Int
    /// The cells of a row, one a column, the same whenever they are asked for.
    let row: (Int) -> [Cell]
  }

  /// The most rows that a sheet holds below its heading.
  static let mostRows = (1 << 20) - 1
  private static let narrowest = 6.0
  private static let widest = 44.0
  /// Room beside the longest text, for the arrow of the filter.
  private static let margin = 3.0
  /// Points.
  private static let lineHeight = 15.0
  private static let mostLines = 8
  /// The most that a cell of a spreadsheet holds.
  private static let longestText = 32_767
  private static let headingFill: UInt32 = 0xDDE6F0
  /// Each sheet whose rows go to a file keeps it open to the end, and a process may not hold many. More sheets, which no
  /// single long list makes, are put together in memory.
  private static let mostOpenSheets = 100

  let sheets: [Sheet]

  /// - Throws: `cannotWrite` when there is no room for temporary files.
  func bytes() throws(OutreachError) -> [UInt8] {
    do {
      let folder = try TemporaryFolder()
      let file = folder.url.appendingPathComponent("workbook.xlsx").path
      try write(to: file, temporaries: folder.url.path)
      return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch let error as OutreachError {
      throw error
    } catch {
      throw Self.noRoom
    }
  }

  private static var noRoom: OutreachError {
    OutreachError(.cannotWrite, "A workbook cannot be made.", next: "Set TMPDIR to a folder with room.")
  }

  private func write(to file: String, temporaries: String) throws(OutreachError) {
    let status = temporaries.withCString { folder in
      var options = lxw_workbook_options()
      options.tmpdir = UnsafeMutablePointer(mutating: folder)
      options.constant_memory = sheets.count <= Self.mostOpenSheets ? 1 : 0
      guard let book = workbook_new_opt(file, &options) else { return LXW_ERROR_CREATING_XLSX_FILE }
      // Without a fixed time of making, two workbooks of one content would differ.
      var properties = lxw_doc_properties()
      properties.created = Self.noTime
      workbook_set_properties(book, &properties)
      let heading = workbook_add_format(book)
      format_set_bold(heading)
      format_set_bg_color(heading, Self.headingFill)
      format_set_bottom(heading, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_align(heading, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
      let plain = workbook_add_format(book)
      format_set_align(plain, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
      // `@` is the number format of text: what people type into such a cell stays as typed.
      format_set_num_format(plain, "@")
      let wrapped = workbook_add_format(book)
      format_set_align(wrapped, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
      format_set_num_format(wrapped, "@")
      format_set_text_wrap(wrapped)
      let number = workbook_add_format(book)
      format_set_align(number, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
      for sheet in sheets {
        guard let page = workbook_add_worksheet(book, sheet.name) else {
          workbook_close(book)
          return LXW_ERROR_SHEETNAME_ALREADY_USED
        }
        Self.fill(page, sheet, (heading, plain, wrapped, number))
      }
      return workbook_close(book)
    }
    guard status == LXW_NO_ERROR else { throw Self.noRoom }
  }

  /// The first second that a zip archive can name.
  private static let noTime: time_t = 315_532_800

  private typealias Formats = (
    heading: UnsafeMutablePointer<lxw_format>?, plain: UnsafeMutablePointer<lxw_format>?,
    wrapped: UnsafeMutablePointer<lxw_format>?, number: UnsafeMutablePointer<lxw_format>?
  )

  private static func fill(_ page: UnsafeMutablePointer<lxw_worksheet>, _ sheet: Sheet, _ formats: Formats) {
    let last = UInt16(max(0, sheet.columns.count - 1))
    let widths = widths(of: sheet)
    for (place, column) in sheet.columns.enumerated() {
      let place = UInt16(place)
      let format = column.isWrapped ? formats.wrapped : formats.plain
      worksheet_set_column(page, place, place, widths[Int(place)], format)
      worksheet_write_string(page, 0, place, column.heading, formats.heading)
      if !column.choices.isEmpty, sheet.rowCount > 0 {
        offer(column.choices, in: page, column: place, rows: sheet.rowCount)
      }
    }
    // Row by row from the first: what is behind a row that was begun cannot be written any more.
    for index in 0..<sheet.rowCount {
      let line = UInt32(index + 1)
      let row = sheet.row(index)
      let height = lines(of: row, in: sheet)
      if height > 1 { worksheet_set_row(page, line, Double(height) * lineHeight, nil) }
      for (place, cell) in row.enumerated() {
        switch cell {
        case .text(let text) where text.isEmpty: continue
        case .text(let text):
          let format = sheet.columns[place].isWrapped ? formats.wrapped : formats.plain
          worksheet_write_string(page, line, UInt16(place), shortened(text), format)
        case .number(let value): worksheet_write_number(page, line, UInt16(place), value, formats.number)
        }
      }
    }
    worksheet_freeze_panes(page, 1, 0)
    worksheet_autofilter(page, 0, 0, UInt32(sheet.rowCount), last)
    worksheet_set_landscape(page)
    worksheet_repeat_rows(page, 0, 0)
    worksheet_fit_to_pages(page, 1, 0)
  }

  private static func shortened(_ text: String) -> String {
    // No text has more characters than bytes, and these need no counting.
    text.utf8.count <= longestText ? text : String(text.prefix(longestText))
  }

  private static func offer(
    _ choices: [String], in page: UnsafeMutablePointer<lxw_worksheet>, column: UInt16, rows: Int
  ) {
    var words = choices.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    words.withUnsafeMutableBufferPointer { list in
      var rule = lxw_data_validation()
      rule.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
      rule.value_list = list.baseAddress
      worksheet_data_validation_range(page, 1, column, UInt32(rows), column, &rule)
    }
  }

  /// As wide as the longest text, within bounds, in characters of a Latin font.
  private static func widths(of sheet: Sheet) -> [Double] {
    var longest = sheet.columns.map { cells($0.heading) }
    for index in 0..<sheet.rowCount {
      for (place, cell) in sheet.row(index).enumerated() {
        if case .text(let text) = cell { longest[place] = max(longest[place], cells(text)) }
      }
    }
    return longest.map { min(widest, max(narrowest, Double($0) + margin)) }
  }

  /// How many lines the longest text that runs on takes; not every program finds out by itself.
  private static func lines(of row: [Cell], in sheet: Sheet) -> Int {
    var lines = 1
    for (place, column) in sheet.columns.enumerated() where column.isWrapped {
      if case .text(let text) = row[place] {
        lines = max(lines, Int((Double(cells(text)) / (widest - margin)).rounded(.up)))
      }
    }
    return min(lines, mostLines)
  }

  /// Characters of East Asia are twice as wide.
  private static func cells(_ text: String) -> Int {
    let firstWide: UInt32 = 0x1100
    return text.unicodeScalars.reduce(0) { $0 + ($1.value >= firstWide ? 2 : 1) }
  }
}
