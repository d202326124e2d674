import ArgumentParser
import Foundation
import Temporaries

@main
struct Revisit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revisit",
    abstract:
      "Which customers are about to stop coming to the workshop, what each is worth, why, and whom to call first.",
    discussion: """
      Start with your own exports:

        revisit check --data DIR      what loads, and what does not
        revisit train --data DIR      learn who stops coming, and how well that works
        revisit at-risk --data DIR    whom to contact first, and why

      `revisit schema --mapping` shows how exports of any system are mapped. Without
      data of your own, use the small dealer group in datasets/lakeside, or make one
      with `revisit simulate`.

      Data goes to standard output, talk to standard error. Exit codes: 0 done;
      1 done, but a check failed; 64 wrong usage; 65 bad data; 66 input missing;
      70 a fault of ours; 73 output cannot be written; 75 try again later.
      """,
    version: "0.1.0",
    subcommands: [
      Simulate.self, Check.self, FeaturesCommand.self, Train.self, Evaluate.self, Score.self, Segment.self,
      Value.self, AtRisk.self, OutreachCommand.self, Models.self, Schema.self, Doctor.self, Measure.self,
    ])

  static func main() {
    Temporaries.removeAtEnd()
    // A reader that has seen enough (`| head`) shows as a failed write, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Failure.report(failure)
    } catch {
      exit(withError: error)
    }
  }
}
