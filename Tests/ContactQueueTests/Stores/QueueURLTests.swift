import Testing

@testable import ContactQueue

@Suite("URLs of queues")
struct QueueURLTests {
  @Test(
    "A file may be named in three ways",
    arguments: [
      ("sqlite:queue.db", "queue.db"), ("sqlite:/srv/a b.db", "/srv/a b.db"),
      ("sqlite:///srv/q.db", "/srv/q.db"),
    ])
  func file(url: String, path: String) throws {
    #expect(try QueueURL(url) == .sqlite(path: path))
  }

  @Test(
    "A server's database is named without the user",
    arguments: [
      ("postgres://li@db.example:5433/outreach", "database outreach at db.example:5433"),
      ("postgresql:///outreach?host=/run/sockets", "database outreach"),
      ("postgres://db/outreach?passfile=/etc/pass", "database outreach at db"),
    ])
  func server(url: String, place: String) throws {
    #expect(try QueueURL(url).place == place)
  }

  @Test(
    "A password is refused and not repeated",
    arguments: [
      "postgres://li:secret@db/outreach", "postgres://li:@db/outreach",
      "postgres://db/outreach?user=li&password=secret", "postgres://db/outreach?PASSWORD=secret",
    ])
  func password(url: String) {
    let failure = #expect(throws: QueueError.self) { try QueueURL(url) }
    #expect(failure?.code == .usage)
    #expect(failure?.what.contains("password") == true)
    #expect(failure?.description.contains("secret") == false)
  }

  @Test(
    "What is no queue is wrong usage",
    arguments: ["queue.db", "sqlite:", "sqlite::memory:", "postgres://db", "mysql://db/x", ""])
  func other(url: String) {
    let failure = #expect(throws: QueueError.self) { try QueueURL(url) }
    #expect(failure?.code == .usage)
  }
}
