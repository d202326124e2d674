import ContactQueue
import Foundation
import Testing

@testable import Outreach

@Suite("Exports")
struct ExportPaperTests {
  private static let at = Moment(milliseconds: 1_782_910_800_000)

  private func options(_ template: String? = nil) throws -> ExportOptions {
    var options = ExportOptions()
    options.template = try template.map { try MessageTemplate($0, name: "t") }
    options.sender = MailAddress("Service <service@example.com>")
    options.unsubscribe = try UnsubscribeLink("https://example.com/{task}")
    return options
  }

  private func paper(
    _ tasks: [ExportedTask], _ channel: Channel, _ options: ExportOptions
  ) throws -> ExportPaper {
    try ExportPaper(
      tasks, channel: channel, stem: "spring-\(channel.rawValue)-0001", createdAt: Self.at, options: options)
  }

  @Test("every kind gives the same bytes again", arguments: Channel.allCases)
  func repeated(channel: Channel) throws {
    let options = try options("Subject: {model}\n\n{name|you}: {plate}")
    let first = try paper(SampleTasks.tasks(30), channel, options)
    // A zip archive would show the time of making in steps of two seconds.
    if channel == .phone { Thread.sleep(forTimeInterval: 2.1) }
    let second = try paper(SampleTasks.tasks(30), channel, options)
    #expect(first.files.map(\.record) == second.files.map(\.record))
    #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
    #expect(first.files.reduce(0) { $0 + $1.rows } == 30)
  }

  @Test("a list that a sheet cannot hold goes on in the next one, and no task is left out")
  func longLists() {
    let lists: [(name: String, tasks: [ExportedTask])] = [("王强", SampleTasks.tasks(5)), ("", [])]
    let sheets = ExportPaper.sheets(lists, .english, mostRows: 2)
    #expect(sheets.map(\.name) == ["王强", "王强 (2)", "王强 (3)", "Call list"])
    #expect(sheets.map(\.rowCount) == [2, 2, 1, 0])
    let whole = ExportPaper.sheets(lists, .english)[0]
    #expect(whole.rowCount == 5)
    let rows = { (sheet: Workbook.Sheet) in (0..<sheet.rowCount).map(sheet.row) }
    #expect("\(sheets.prefix(3).flatMap(rows))" == "\(rows(whole))")
  }

  @Test("short messages come in files of at most a thousand, in E.164, with their segments")
  func batches() throws {
    let paper = try paper(SampleTasks.tasks(2001), .sms, try options("{name}, {plate}"))
    #expect(paper.files.map(\.name) == (1...3).map { "spring-sms-0001-00\($0).csv" })
    #expect(paper.files.map(\.rows) == [1000, 1000, 1])
    let rows = try StrictCSV.records(String(decoding: paper.files[0].bytes, as: UTF8.self))
    #expect(rows[0] == ["task", "phone", "text", "segments"])
    #expect(rows[1] == ["abcd0000000000000000000000000000", "+8613910000000", "张伟, 苏A10000", "1"])
    #expect(rows[3][2] == "'=HYPERLINK(\"http://x\"), 苏A10002")
    #expect(paper.segments == 2001)
  }

  @Test("tasks without a usable address or with an unknown field are in no file, and told")
  func flaws() throws {
    let tasks = [
      SampleTasks.task(0), SampleTasks.task(1, phone: "057188888888"), SampleTasks.task(2, phone: ""),
      SampleTasks.task(3, adviser: ""),
    ]
    let paper = try paper(tasks, .sms, try options("{name} {adviser}"))
    #expect(paper.flaws.map(\.task.low) == [1, 2, 3])
    #expect(paper.flaws.map(\.flaw) == [.address, .address, .field])
    #expect(paper.files.map(\.rows) == [1])
  }

  @Test("OpenIDs and mails: only addresses that can be")
  func addresses() throws {
    let wechat = try paper(
      [SampleTasks.task(0), SampleTasks.task(1, wechat: "-abc123"), SampleTasks.task(2, wechat: "张三微信号")],
      .wechat,
      ExportOptions())
    let rows = try StrictCSV.records(String(decoding: wechat.files[0].bytes, as: UTF8.self))
    #expect(rows == [["task", "openid"], ["abcd0000000000000000000000000000", "oAbc_0-xyz"]])
    #expect(wechat.flaws.count == 2)
    let mails = try paper(
      [SampleTasks.task(0), SampleTasks.task(1, email: "no mail")], .email,
      try options("Subject: {model}\n\n{name}"))
    #expect(mails.files.map(\.rows) == [1])
    #expect(mails.flaws.map(\.flaw) == [.address])
  }

  @Test("a call list is translated, and holds every task with its number as text")
  func callList() throws {
    var options = ExportOptions()
    options.format = .csv
    options.isChinese = true
    let paper = try paper(SampleTasks.tasks(10), .phone, options)
    #expect(paper.files.map(\.name) == ["spring-phone-0001.csv"])
    let text = String(decoding: paper.files[0].bytes.dropFirst(3), as: UTF8.self)
    let rows = try StrictCSV.records(text)
    #expect(rows.count == 11)
    #expect(rows[0].prefix(5) == ["序号", "姓名", "电话", "车牌", "车型"])
    #expect(rows[1].prefix(5) == ["1", "张伟", "139 1000 0000", "苏A10000", "途安"])
    #expect(rows[3][1] == "'=HYPERLINK(\"http://x\")")
    #expect(rows[3].last == "abcd0000000000000000000000000002")
    options.encoding = .gb18030
    let chinese = try self.paper(SampleTasks.tasks(10), .phone, options)
    #expect(try chinese.files[0].bytes == GB18030.bytes(text))
  }

  @Test("advisers get a file each, named after them, and nobody's tasks come last")
  func advisers() throws {
    var options = ExportOptions()
    options.format = .csv
    let paper = try paper(
      SampleTasks.tasks(9) + [SampleTasks.task(9, adviser: "a/b"), SampleTasks.task(9, adviser: "A-B")],
      .adviser, options)
    #expect(
      paper.files.map(\.name) == [
        "spring-adviser-0001-A-B.csv", "spring-adviser-0001-A-B (2).csv", "spring-adviser-0001-a-b (3).csv",
        "spring-adviser-0001-王强.csv", "spring-adviser-0001-unassigned.csv",
      ])
    #expect(paper.files.map(\.rows) == [1, 3, 1, 3, 3])
  }

  @Test("names of sheets keep to the rules of spreadsheets")
  func sheetNames() {
    var taken: Set<String> = []
    let names = [
      "'a'", "A", "x:y*z", String(repeating: "长", count: 40), String(repeating: "长", count: 41), "", "[]",
    ].map {
      ExportPaper.sheetName($0, &taken)
    }
    #expect(
      names == [
        "a", "A (2)", "x-y-z", String(repeating: "长", count: 31), String(repeating: "长", count: 27) + " (2)",
        "-", "--",
      ])
  }

  @Test("what an export lacks is said before anything is written")
  func missingOptions() throws {
    var options = ExportOptions()
    #expect(throws: OutreachError.self) { try options.check(for: .sms) }
    #expect(throws: OutreachError.self) { try options.check(for: .email) }
    options.template = try MessageTemplate("{unsubscribe}", name: "t")
    let error = #expect(throws: OutreachError.self) { try options.check(for: .sms) }
    #expect(error?.code == .usage)
    options.unsubscribe = try UnsubscribeLink("https://example.com/{task}")
    try options.check(for: .sms)
    options.sender = MailAddress("a@example.com")
    let subject = #expect(throws: OutreachError.self) { try options.check(for: .email) }
    #expect(subject?.code == .badData)
  }

  // MARK: Folder

  @Test("a folder is written once; the same export is found there again, anything else is an error and stays")
  func folder() throws {
    let parent = FileManager.default.temporaryDirectory.appendingPathComponent("papers-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: parent) }
    let paper = try paper(SampleTasks.tasks(5), .wechat, ExportOptions())
    let manifest = ExportManifest(
      queue: "q1", number: 1, channel: .wechat, campaign: "spring", owner: "me", createdAt: Self.at,
      paper: paper)
    func write() throws -> ExportFolder.Written {
      try ExportFolder.write(paper, manifest: manifest, name: "spring-wechat-0001", into: parent.path)
    }
    guard case .new = try write(), case .alreadyThere = try write() else {
      Issue.record("the second writing must find the first")
      return
    }
    let folder = parent.appendingPathComponent("spring-wechat-0001")
    #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path) == ["spring-wechat-0001"])
    let file = folder.appendingPathComponent("spring-wechat-0001.csv")
    #expect(ExportManifest.beside(file.path) == manifest)
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let sum = String(decoding: try Shell.run("/usr/bin/sha256sum", [file.path]), as: UTF8.self)
    #expect(sum.hasPrefix(manifest.files[0].sha256))
    try Data("x".utf8).write(to: folder.appendingPathComponent("other.txt"))
    let error = #expect(throws: OutreachError.self) { try write() }
    #expect(error?.code == .cannotWrite)
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("other.txt").path))
  }

  @Test(
    "LibreOffice reads the workbook back, every text as text",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/soffice"), "skipped: there is no LibreOffice"
    ))
  func office() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("office-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let tasks = SampleTasks.tasks(10)
    let paper = try paper(tasks, .phone, ExportOptions())
    try Data(paper.files[0].bytes).write(to: folder.appendingPathComponent("list.xlsx"))
    // 44 comma, 34 quote, 76 UTF-8; all cells as they are stored, not as they are shown.
    _ = try Shell.run(
      "/usr/bin/soffice",
      [
        "-env:UserInstallation=file://\(folder.path)/profile", "--headless", "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "list.xlsx",
      ], in: folder)
    let text = try String(contentsOf: folder.appendingPathComponent("list.csv"), encoding: .utf8)
    let rows = try CSVRecords(text, name: "list.csv").records.map(\.cells)
    #expect(rows.count == 11)
    #expect(rows[0] == ExportColumn.allCases.map(\.heading.english))
    for (row, task) in zip(rows.dropFirst(), tasks) {
      #expect(row.last == task.id.text)
      #expect(row[1] == task.contact.name)
      #expect(row[2].filter { $0 != " " } == task.contact.phone)
      #expect(row[7] == task.details.reasons.joined(separator: "; "))
    }
  }
}
