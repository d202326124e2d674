import ContactQueue
import Testing

@Suite("States of a task")
struct TaskStateTests {
  @Test("Codes tell states and channels apart and lead back to them")
  func codes() {
    #expect(TaskState.allCases.compactMap { TaskState(code: $0.code) } == TaskState.allCases)
    #expect(Channel.allCases.compactMap { Channel(code: $0.code) } == Channel.allCases)
  }

  @Test("What may have been sent never becomes open again without a word from outside")
  func sentIsNotForgotten() {
    #expect(!TaskState.sent.next.contains(.leased))
    #expect(!TaskState.unknown.next.contains(.leased))
    #expect(TaskState.cancelled.next.isEmpty)
  }

  @Test("Bytes of a pseudonym lead back to it and sort as it does")
  func pseudonym() throws {
    let name = Pseudonym(high: 0x0102_0304_0506_0708, low: 0xfffe_fdfc_0000_0001)
    #expect(Pseudonym(bytes: name.bytes) == name)
    #expect(name.text == "0102030405060708fffefdfc00000001")
    #expect(Pseudonym(bytes: [1, 2]) == nil)
  }
}
