import LinearAlgebra

/// Vectors with one element a row of a panel, zeros at first.
final class PanelVectors: @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    memory = .allocate(capacity: count * Panel.usualCapacity)
    memory.initialize(repeating: 0)
  }

  deinit { memory.deallocate() }

  subscript(index: Int) -> UnsafeMutableBufferPointer<Double> {
    let capacity = Panel.usualCapacity
    return UnsafeMutableBufferPointer(rebasing: memory[index * capacity..<(index + 1) * capacity])
  }
}
