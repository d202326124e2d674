import ContactQueue
import Foundation
import PrivatePostgreSQL
import Temporaries
import Testing

@Suite("Workers killed under load", .serialized)
struct KillTests {
  /// Kills of each store: together 200 in every run of the tests, 5,000 in the soak.
  private static let kills = ProcessInfo.processInfo.environment["REVISIT_SOAK"] == "1" ? 2500 : 100

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func run(_ url: String, seed: UInt64, cutter: ConnectionCutter? = nil) throws {
    let loop = try KillLoop(url: url, folder: folder, seed: seed)
    loop.enqueue()
    var round = 0
    while loop.kills < Self.kills {
      let isMore = cutter.map { $0.cut(during: { loop.round(round) }) } ?? loop.round(round)
      if !isMore { loop.enqueue() }
      round += 1
    }
    let outcome = try loop.settle()
    outcome.check()
    print(
      "kills: \(loop.kills), tasks: \(outcome.enqueued), delivered: \(outcome.delivered), unknown: \(outcome.unknown),",
      "sent twice: \(outcome.sendings - outcome.distinct), events: \(outcome.chain.events)")
  }

  @Test("SQLite: no task is lost or sent twice, and the chain is whole")
  func sqlite() throws {
    try run("sqlite:\(folder.url.path)/queue.db", seed: 1)
  }

  @Test(
    "PostgreSQL: no task is lost or sent twice, and the chain is whole, while connections are lost as well",
    .enabled(if: PrivatePostgreSQL.isInstalled))
  func postgresql() throws {
    let server = try PrivatePostgreSQL.shared()
    let url = try server.makeDatabase()
    let cutter = ConnectionCutter(server: server, url: url)
    defer { cutter.stop() }
    try run(url, seed: 2, cutter: cutter)
    #expect(cutter.stop() > 0)
  }
}
