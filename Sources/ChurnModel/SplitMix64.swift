/// The mixer of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA): neighbouring numbers get far hashes, different ones
/// different hashes.
enum SplitMix64 {
  /// The generator's odd step, 2⁶⁴ over the golden ratio.
  private static let step: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The number that the generator draws at a place of its sequence.
  @inline(__always)
  static func number(_ place: UInt64) -> UInt64 { mixed(place &* step) }

  /// The number that the generator draws next from a state.
  @inline(__always)
  static func next(_ state: UInt64) -> UInt64 { mixed(state &+ step) }

  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits &>> 31)
  }
}
