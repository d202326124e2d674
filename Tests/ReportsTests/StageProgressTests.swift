import Synchronization
import Testing

@testable import Reports

/// Keeps what would have been written.
private final class Recorder: Sendable {
  private let written = Mutex<[String]>([])
  var output: @Sendable (String) -> Void { { text in self.written.withLock { $0.append(text) } } }
  var texts: [String] { written.withLock { $0 } }
}

@Suite("Progress")
struct StageProgressTests {
  @Test("one line stays per stage, with the seconds it took")
  func stages() {
    let recorder = Recorder()
    let progress = StageProgress(isTerminal: true, isColoured: false, output: recorder.output)
    progress.start("Loading histories")
    progress.update(0.5)
    progress.finish("1,234 visits")
    progress.start("Training")
    progress.finish()
    let lines = recorder.texts.filter { $0.hasSuffix("\n") }
    #expect(lines.count == 2)
    #expect(lines[0].contains(/✓ Loading histories 1,234 visits, \d+\.\d\d s\n$/))
    #expect(lines[1].contains(/✓ Training \d+\.\d\d s\n$/))
    #expect(recorder.texts.contains { $0.hasSuffix("Loading histories 50 %") })
  }

  @Test("nothing is written where there is no terminal")
  func silent() {
    let recorder = Recorder()
    let progress = StageProgress(isTerminal: false, isColoured: true, output: recorder.output)
    progress.start("Loading")
    progress.update(0.3)
    progress.finish("done")
    progress.start("Loading")
    progress.fail()
    #expect(recorder.texts.isEmpty)
  }

  @Test("a line is written for each whole per cent only, and never backwards")
  func throttled() {
    let recorder = Recorder()
    let progress = StageProgress(isTerminal: true, isColoured: false, output: recorder.output)
    progress.start("Scoring")
    for step in 0...10_000 { progress.update(Double(step) / 10_000) }
    progress.update(0.2)
    progress.update(.nan)
    #expect(recorder.texts.count == 1 + 101)
  }

  @Test("colours only where they are wanted")
  func colours() {
    let recorder = Recorder()
    StageProgress(isTerminal: true, isColoured: false, output: recorder.output).start("A")
    #expect(!recorder.texts.joined().contains("\u{1B}[2m"))
    StageProgress(isTerminal: true, isColoured: true, output: recorder.output).start("A")
    #expect(recorder.texts.joined().contains("\u{1B}[2m"))
    #expect(Terminal.allowsColour([:]) && Terminal.allowsColour(["NO_COLOR": ""]))
    #expect(!Terminal.allowsColour(["NO_COLOR": "1"]) && !Terminal.allowsColour(["TERM": "dumb"]))
  }

  @Test("a stage that fails, or is left open, ends its line")
  func endings() {
    let recorder = Recorder()
    let progress = StageProgress(isTerminal: true, isColoured: false, output: recorder.output)
    progress.start("One")
    progress.start("Two")
    progress.fail()
    progress.finish("nothing is open")
    let lines = recorder.texts.filter { $0.hasSuffix("\n") }
    #expect(lines.count == 2)
    #expect(lines[0].contains("✓ One") && lines[1].hasSuffix("✗ Two\n"))
  }
}
