import Foundation
import Retention
import Testing

@testable import Reports

@Suite("Output files")
struct OutputTests {
  @Test("the extension names the format, in capitals or not, and - is CSV")
  func formats() throws {
    #expect(try OutputFormat(path: "out/at-risk.csv") == .csv)
    #expect(try OutputFormat(path: "LIST.JSON") == .json)
    #expect(try OutputFormat(path: "a.b/list.tar.parquet") == .parquet)
    #expect(try OutputFormat(path: "list.html") == .html)
    #expect(try OutputFormat(path: "-") == .csv)
  }

  @Test(
    "an unknown format is wrong usage, and the message names the known ones",
    arguments: ["list.xls", "list", "a.csv/list", ""])
  func unknownFormat(_ path: String) {
    let error = #expect(throws: ReportError.self) { try OutputFormat(path: path) }
    #expect(error?.code == .unknownFormat)
    #expect(error?.exitCode == 64)
    #expect(error?.message.contains(".csv .json .parquet .html") == true)
  }

  @Test(
    "the same list gives the same bytes, and nothing else is left beside them",
    arguments: OutputFormat.allCases)
  func sameBytes(_ format: OutputFormat) throws {
    let folder = try TemporaryFolder()
    let names = ["1.\(format.rawValue)", "2.\(format.rawValue)"]
    for name in names { try SampleList.chinese.write(to: folder.path(name)) }
    let contents = names.map { FileManager.default.contents(atPath: folder.path($0)) }
    #expect(contents[0] == contents[1])
    #expect((contents[0]?.count ?? 0) > 1000)
    #expect(try folder.names() == names)
  }

  @Test("the file holds what the functions in memory give, beyond one buffer too")
  func fileEqualsMemory() throws {
    let folder = try TemporaryFolder()
    let list = SampleList.make(language: .chinese, rows: 8000)
    try list.write(to: folder.path("list.csv"))
    try list.write(to: folder.path("list.json"))
    try list.write(to: folder.path("list.html"))
    #expect(list.csv().count > 2 << 20)
    #expect(FileManager.default.contents(atPath: folder.path("list.csv")) == Data(list.csv()))
    #expect(FileManager.default.contents(atPath: folder.path("list.json")) == Data(list.json()))
    #expect(FileManager.default.contents(atPath: folder.path("list.html")) == Data(list.html().utf8))
  }

  @Test("a folder that is not there is an output that cannot be written", arguments: OutputFormat.allCases)
  func missingFolder(_ format: OutputFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("nowhere/list.\(format.rawValue)")
    let error = #expect(throws: ReportError.self) { try SampleList.english.write(to: path) }
    #expect(error?.code == .cannotWrite)
    #expect(error?.exitCode == 73)
    #expect(error?.message.contains(path) == true)
    #expect(try folder.names().isEmpty)
  }

  @Test("a failing write leaves the old file as it was and nothing beside it")
  func failureLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("list.csv")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let failure = ReportError(.cannotWrite, "made up")
    let error = #expect(throws: ReportError.self) {
      try OutputFile(path: path).replace { (temporary) throws(ReportError) in
        var writer = ByteWriter(descriptor: open(temporary, O_WRONLY), name: path)
        writer.text("half a file")
        try writer.finish()
        throw failure
      }
    }
    #expect(error == failure)
    #expect(FileManager.default.contents(atPath: path) == Data("old".utf8))
    #expect(try folder.names() == ["list.csv"])
  }

  @Test("a place that is taken by a folder cannot be written, and nothing is left")
  func placeTaken() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("list.json")
    try FileManager.default.createDirectory(atPath: path + "/inside", withIntermediateDirectories: true)
    let error = #expect(throws: ReportError.self) { try SampleList.english.write(to: path) }
    #expect(error?.code == .cannotWrite)
    #expect(try folder.names() == ["list.json"])
  }

  @Test(
    "a full disk is an error, not a short file",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var writer = ByteWriter(descriptor: descriptor, name: "list.csv")
    SampleList.make(language: .english, rows: 5000).writeCSV(to: &writer)
    let hasFailed = writer.hasFailed
    #expect(hasFailed)
    let error: ReportError?
    do throws(ReportError) {
      try writer.finish()
      error = nil
    } catch let thrown {
      error = thrown
    }
    #expect(error?.code == .cannotWrite)
    #expect(error?.message.contains("list.csv") == true)
  }

  @Test("an input is never written over, by whatever name")
  func inputsAreSafe() throws {
    let folder = try TemporaryFolder()
    let input = folder.path("visits.csv")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: input))
    let alias = folder.path("alias.csv")
    try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: input)
    for path in [input, alias] {
      let error = #expect(throws: ReportError.self) {
        try SampleList.english.write(to: path, protecting: [folder.path("not-there.csv"), input])
      }
      #expect(error?.code == .overwritesInput)
      #expect(error?.exitCode == 64)
    }
    #expect(FileManager.default.contents(atPath: input) == Data("precious".utf8))
  }
}
