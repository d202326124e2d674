internal import Dispatch
internal import Foundation

/// Work on many elements by all cores.
enum Concurrent {
  /// Transforms every element; results stand in the order of their elements.
  ///
  /// - Complexity: O(elements), shared by the cores.
  static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
  ) -> [Result] {
    let count = elements.count
    return [Result](unsafeUninitializedCapacity: count) { results, filled in
      let parts = min(ProcessInfo.processInfo.activeProcessorCount, count)
      let start = results.baseAddress.map { UncheckedPointer($0) }
      elements.withUnsafeBufferPointer { elements in
        let source = UncheckedBuffer(elements)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
          // Each part writes a range of its own.
          for place in (count * part / parts)..<(count * (part + 1) / parts) {
            start?.value.advanced(by: place).initialize(to: transform(source.value[place]))
          }
        }
      }
      filled = count
    }
  }

  private struct UncheckedPointer<Value>: @unchecked Sendable {
    let value: UnsafeMutablePointer<Value>

    init(_ value: UnsafeMutablePointer<Value>) { self.value = value }
  }

  private struct UncheckedBuffer<Value>: @unchecked Sendable {
    let value: UnsafeBufferPointer<Value>

    init(_ value: UnsafeBufferPointer<Value>) { self.value = value }
  }
}
