import ArgumentParser

/// Times parts of the engine for the benchmarks; not shown in the help.
struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time parts of the engine.", shouldDisplay: false,
    subcommands: [Solver.self, Path.self, Bins.self, Queue.self, Value.self])
}
