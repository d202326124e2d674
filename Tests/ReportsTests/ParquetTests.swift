import DuckDB
import Foundation
import Histories
import Retention
import Testing

@testable import Reports

@Suite("Parquet")
struct ParquetTests {
  @Test("DuckDB reads back every row with typed columns")
  func readBack() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("the list's rows.parquet")
    var list = SampleList.make(language: .chinese, rows: 5000)
    list.rows[17].probability = .nan
    try list.write(to: path)
    let connection = try Database().connect()
    let source = "'\(path.replacing("'", with: "''"))'"
    let described = try connection.query("SELECT column_name, column_type FROM (DESCRIBE FROM \(source))")
    var types: [String: String] = [:]
    try described.forEachChunk { chunk in
      for row in 0..<chunk.rowCount { types[chunk.column(0).string(row)!] = chunk.column(1).string(row)! }
    }
    #expect(types.count == list.columns.count)
    #expect(types["last_visit_on"] == "DATE" && types["warranty_ends_on"] == "DATE")
    #expect(types["open_complaint"] == "BOOLEAN" && types["probability"] == "DOUBLE")
    #expect(types["rank"] == "BIGINT" && types["reason_3"] == "VARCHAR")

    let result = try connection.query(
      "SELECT rank, name, last_visit_on, probability, open_complaint, warranty_ends_on, reason_1 FROM \(source)"
    )
    var index = 0
    try result.forEachChunk { chunk in
      for row in 0..<chunk.rowCount {
        let expected = list.rows[index]
        #expect(chunk.column(0).values(as: Int64.self)[row] == Int64(expected.rank))
        #expect(chunk.column(1).string(row) == expected.name)
        #expect(chunk.column(2).values(as: Int32.self)[row] == expected.lastVisitOn?.number)
        #expect(chunk.column(3).isValid(row) == expected.probability.isFinite)
        if expected.probability.isFinite {
          #expect(chunk.column(3).values(as: Double.self)[row] == expected.probability)
        }
        #expect(chunk.column(4).values(as: Bool.self)[row] == expected.openComplaint)
        #expect(chunk.column(5).isValid(row) == (expected.warrantyEndsOn != nil))
        #expect(chunk.column(6).string(row) == expected.reasons[0])
        index += 1
      }
    }
    #expect(index == 5000)
  }

  @Test(
    "a disk that is full is an error that names the file",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() {
    let error = #expect(throws: ReportError.self) {
      try ParquetFile.write(SampleList.make(language: .english, rows: 5000), to: "/dev/full")
    }
    #expect(error?.code == .parquetFailed)
    #expect(error?.message.contains("/dev/full cannot be written as Parquet") == true)
  }
}
