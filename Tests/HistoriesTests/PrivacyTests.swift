import Foundation
import Testing

@testable import Histories

@Suite("No personal data in errors and reports")
struct PrivacyTests {
  private static let personal = [
    "13912345678", "１３９１２３４５６７８", "139-1234-5678", "Ouyang", "欧阳", "11010519491231002X", "secret@example.com",
  ]

  private func expectNothingPersonal(_ text: String, _ comment: String) {
    let shown = (Self.personal + ["1234567"]).filter { text.contains($0) }
    #expect(shown.isEmpty, "\(comment)")
  }

  @Test("cells that cannot be read are counted, never quoted", arguments: Self.personal)
  func cells(_ value: String) throws {
    let columns =
      "visit_id,customer_id,vin,opened_at,closed_at,odometer_km,classes,customer_paid,booked,status"
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(SmallGroup.vinA),2024-03-05,\(value),\(value),\(value),\(value),\(value),\(value)",
          "V2,C1,\(SmallGroup.vinA),\(value),,,repair,,,", "V3,\(value),\(value),2024-03-05,,,repair,,,",
          "V4,C1,\(value),2024-03-05,,,repair,,,",
          "V5,C1,\(SmallGroup.vinA),2024-03-05,,,repair,,,,\(value),\(value)",
        ], columns: columns),
      "surveys.csv": "customer_id,date,score\n\(value),2024-01-01,5\nC1,\(value),5\nC1,2024-01-01,\(value)\n",
      "ownerships.csv": "vin,customer_id,from,to\n\(value),\(value),\(value),\(value)\n",
      "consents.csv":
        "customer_id,channel,purpose,granted,at\n\(value),\(value),\(value),\(value),\(value)\nC1,\(value),\(value),true,2024-01-01\n",
      "appointments.csv":
        "customer_id,vin,booked_at,for_date,state\nC1,\(value),2024-01-01,2024-01-02,\(value)\nC1,,\(value),\(value),\n",
      "dealers.csv": "dealer_id,latitude,longitude\nD1,\(value),\(value)\n",
      "schedules.csv": "first_service_months,first_service_km,months,km\n\(value),1,1,1\n",
    ]).load()
    #expect(histories.report.findings.count > 8)
    expectNothingPersonal(histories.report.everything, "report")
  }

  @Test(
    "errors of a mapping's SQL never quote cells",
    arguments: [
      "SELECT phone::DATE AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT name::INTEGER AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT email::INTEGER AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT phone::BOOLEAN AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT phone::BIGINT::TINYINT AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT strptime(name, '%Y-%m-%d') AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT error(name || phone || email) AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT customer_id FROM read_csv('people.csv', columns = {'customer_id': 'VARCHAR'}, header = true, auto_detect = false)",
      "SELECT name::DECIMAL(4, 2) AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT (name || '\"')::JSON AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT name::UUID AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT email::INTERVAL AS customer_id FROM read_csv('people.csv', all_varchar = true)",
      "SELECT regexp_matches('a', name || '(') AS customer_id FROM read_csv('people.csv', all_varchar = true)",
    ])
  func sqlErrors(_ sql: String) throws {
    for phone in Self.personal.prefix(3) {
      let files = try SmallGroup.files([
        "people.csv": "customer_id,name,phone,email\nC1,Ouyang 欧阳,\(phone),secret@example.com\n",
        "revisit.yaml": "tables:\n  visits: visits.csv\n  customers:\n    sql: |\n      \(sql)\n",
      ])
      let error = #expect(throws: HistoriesError.self, "\(sql)") { _ = try files.load() }
      expectNothingPersonal(error?.description ?? "", "error")
      #expect(error?.what.contains("revisit.yaml: customers") == true)
    }
  }

  @Test("the words that help to mend a mapping stay in the message")
  func usefulWords() throws {
    let files = try SmallGroup.files([
      "revisit.yaml":
        "tables:\n  visits: visits.csv\n  customers:\n    sql: SELECT name::INTEGER AS customer_id FROM read_csv('customers.csv')\n"
    ])
    let error = #expect(throws: HistoriesError.self) { _ = try files.load() }
    #expect(error?.what.contains("Could not convert string") == true)
    for word in ["INTEGER", "column name", "line 2"] {
      #expect(error?.what.contains(word) == true, "\(error?.what ?? "") lacks \(word)")
    }
  }

  @Test(
    "the digits of the data folder's own path are taken out with it, those of a mapping's texts are masked")
  func ownPaths() throws {
    let files = try DataFiles()
    let path = files.path + "/export 20260131235959"
    try files.write(Data(SmallGroup.customers.utf8), to: "export 20260131235959/customers.csv")
    func told(missing name: String) throws -> String {
      let mapping =
        "tables:\n  customers: customers.csv\n  visits:\n    sql: SELECT * FROM read_csv('\(name)')\n"
      try files.write(Data(mapping.utf8), to: "export 20260131235959/revisit.yaml")
      let error = #expect(throws: HistoriesError.self) { _ = try Histories.load(path) }
      return error?.what ?? ""
    }
    let plain = try told(missing: "missing.csv")
    #expect(plain.contains("\"missing.csv\"") && !plain.contains("…"), "\(plain)")
    let masked = try told(missing: "missing_13912345678.csv")
    #expect(masked.contains("\"missing_….csv\""), "\(masked)")
    expectNothingPersonal(masked, "error")
  }
}
