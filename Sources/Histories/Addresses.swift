/// Where people lived who were entered several times: one contiguous run per golden customer of their rows with a known
/// place and day of registration, sorted by that day. Who was entered once has no row here: dealer systems keep the
/// present address only.
public final class Addresses {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var registeredOn = Buffer<Day>()
  /// Hash of city and district.
  public internal(set) var places = Buffer<UInt64>()
}

/// Where a customer lives, to about a kilometre: the exact position is never kept.
public struct HomeCell: Sendable, Hashable, BitwiseCopyable {
  /// Hundredths of a degree, rounded down; `Int16.min` when unknown.
  private let south: Int16
  private let west: Int16

  static let cellsPerDegree = 100.0
  public static let unknown = HomeCell()

  private init() {
    south = .min
    west = .min
  }

  /// The cell of a position (WGS 84 degrees); `nil` for what is no place on the globe, 0°, 0° among it.
  init?(latitude: Double, longitude: Double) {
    guard abs(latitude) <= 90, abs(longitude) <= 180, latitude != 0 || longitude != 0 else { return nil }
    south = Int16((latitude * Self.cellsPerDegree).rounded(.down))
    west = Int16((longitude * Self.cellsPerDegree).rounded(.down))
  }

  public var isKnown: Bool { south != .min }

  /// The middle of the cell in degrees.
  public var centre: (latitude: Double, longitude: Double) {
    ((Double(south) + 0.5) / Self.cellsPerDegree, (Double(west) + 0.5) / Self.cellsPerDegree)
  }
}
