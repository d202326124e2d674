import Foundation
import PrivatePostgreSQL
import Temporaries
import Testing

@Suite("The PostgreSQL server killed under load", .enabled(if: PrivatePostgreSQL.isInstalled))
struct ServerCrashTests {
  private static let crashes = ProcessInfo.processInfo.environment["REVISIT_SOAK"] == "1" ? 100 : 3

  @Test("no task is lost or sent twice, and the chain is whole")
  func crash() throws {
    let server = try PrivatePostgreSQL.alone()
    let folder = try TemporaryFolder()
    let loop = try KillLoop(url: try server.makeDatabase(), folder: folder, seed: 3)
    loop.enqueue()
    var cutOff = 0
    for _ in 0..<Self.crashes { cutOff += try loop.crash(server.crash) }
    // What did not notice the crash shows nothing.
    #expect(cutOff > 0)
    let outcome = try loop.settle()
    outcome.check()
    print(
      "crashes: \(Self.crashes), cut off: \(cutOff), tasks: \(outcome.enqueued), delivered: \(outcome.delivered),",
      "unknown: \(outcome.unknown), sent twice: \(outcome.sendings - outcome.distinct), events: \(outcome.chain.events)"
    )
  }
}
