/// What is known of the stores, by their codes in `Histories.dealers`.
public final class Stores {
  /// WGS 84 degrees, NaN when unknown.
  public let latitudes = Buffer<Double>()
  public let longitudes = Buffer<Double>()
  /// Codes of `Customers.cityNames`, −1 when unknown.
  public let cities = Buffer<Int32>()

  /// Makes room for stores that only other tables name.
  func extend(to count: Int) {
    latitudes.extend(to: count, with: .nan)
    longitudes.extend(to: count, with: .nan)
    cities.extend(to: count, with: -1)
  }
}
