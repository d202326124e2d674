/// Where customers live and how they can be reached, on the way into columns.
struct CustomerDetails {
  static let columns = [
    "latitude", "longitude", "city", "district", "preferred_channel", "registered_on", "wechat", "email",
    "address",
  ]
  static let noPlace = "latitude or longitude: no place on the globe"
  private static let wechatChannel = Vocabularies.channel.code("wechat")
  private static let appChannel = Vocabularies.channel.code("app")

  private let customers: Customers
  /// Hash of city and district, 0 when unknown, and the day of registration: needed for merged rows alone.
  private let places = Buffer<UInt64>()
  private let registeredOn = Buffer<Day>()

  init(customers: Customers) {
    self.customers = customers
  }

  /// Adds the details of the customer added last.
  ///
  /// - Parameter firstColumn: where `columns` begin in the rows.
  @inline(__always)
  func add(_ rows: borrowing Rows, _ row: Int, firstColumn: Int, _ report: inout LoadReport) {
    customers.homes.append(Self.home(rows, row, firstColumn, &report))
    let city = rows.text(firstColumn + 2)[row]
    let district = rows.text(firstColumn + 3)[row]
    customers.cities.append(LoadContext.code(city, in: customers.cityNames))
    places.append(Self.place(city, district))
    registeredOn.append(rows.days(firstColumn + 5)[row])

    let preferred = Vocabularies.channel.code(rows.text(firstColumn + 4)[row])
    customers.preferredChannels.append(preferred)
    var channels: ChannelSet = []
    if preferred == Self.wechatChannel || !KeyText.isBlank(rows.text(firstColumn + 6)[row]) {
      channels.insert(.wechat)
    }
    if Self.isMailAddress(rows.text(firstColumn + 7)[row]) { channels.insert(.email) }
    if !KeyText.isBlank(rows.text(firstColumn + 8)[row]) { channels.insert(.post) }
    if preferred == Self.appChannel { channels.insert(.app) }
    customers.channels.append(channels)
  }

  private static func home(
    _ rows: borrowing Rows, _ row: Int, _ firstColumn: Int, _ report: inout LoadReport
  ) -> HomeCell {
    guard let latitude = rows.numbers(firstColumn)[row], let longitude = rows.numbers(firstColumn + 1)[row]
    else { return .unknown }
    if let cell = HomeCell(latitude: latitude, longitude: longitude) { return cell }
    report.count("customers", noPlace, .missing, at: rows.place(row, "latitude"))
    return .unknown
  }

  private static func place(_ city: UnsafeRawBufferPointer, _ district: UnsafeRawBufferPointer) -> UInt64 {
    if KeyText.isBlank(city), KeyText.isBlank(district) { return 0 }
    return KeyHash.combine(
      KeyText.withFolded(city, upperCase: false) { $1 }, KeyText.withFolded(district, upperCase: false) { $1 }
    )
  }

  private static func isMailAddress(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let sign = text.firstIndex(of: UInt8(ascii: "@")) else { return false }
    return sign > 0 && sign + 1 < text.count
  }

  /// Judges the phone numbers and collects the addresses of merged rows, once the merging is done.
  func finish() {
    for row in 0..<customers.count {
      switch Phone.kind(customers.phones.bytes(row)) {
      case .mobile: customers.channels.base[row].formUnion([.phone, .sms])
      case .other: customers.channels.base[row].insert(.phone)
      case .none: break
      }
    }
    collectAddresses()
  }

  private func collectAddresses() {
    let golden = customers.golden
    var isMerged = Set<Int32>()
    for row in 0..<customers.count where golden.base[row] != row { isMerged.insert(golden.base[row]) }
    guard !isMerged.isEmpty else { return }
    let addresses = customers.addresses
    let owners = Buffer<Int32>()
    for row in 0..<customers.count {
      guard places.base[row] != 0, !registeredOn.base[row].isNone, isMerged.contains(golden.base[row]) else {
        continue
      }
      owners.append(golden.base[row])
      addresses.registeredOn.append(registeredOn.base[row])
      addresses.places.append(places.base[row])
    }
    let runs = EventRuns(owners: owners, days: addresses.registeredOn, ownerCount: customers.count)
    addresses.starts = runs.starts
    addresses.registeredOn = runs.moved(addresses.registeredOn)
    addresses.places = runs.moved(addresses.places)
  }
}
