/// Where customers live and how they can be reached, on the way into columns.
struct CustomerDetails {
  static let columns = [
    "latitude", "longitude", "city", "district", "preferred_channel", "registered_on", "wechat", "email",
    "address",
  ]
  static let noPlace = "latitude or longitude: no place on the globe"
  private static let wechatChannel = Vocabularies.channel.code("wechat")
  private static let appChannel = Vocabularies.channel.code("app")

  /// The cells of one chunk.
  struct Chunk {
    fileprivate let latitudes: Cells<Double>
    fileprivate let longitudes: Cells<Double>
    fileprivate let cities: TextCells
    fileprivate let districts: TextCells
    fileprivate let preferred: TextCells
    fileprivate let registered: DayCells
    let wechats: TextCells
    let mails: TextCells
    fileprivate let addresses: TextCells

    /// - Parameter firstColumn: where `columns` begin in the rows.
    init(_ rows: borrowing Rows, firstColumn: Int) {
      latitudes = rows.numbers(firstColumn)
      longitudes = rows.numbers(firstColumn + 1)
      cities = rows.text(firstColumn + 2)
      districts = rows.text(firstColumn + 3)
      preferred = rows.text(firstColumn + 4)
      registered = rows.days(firstColumn + 5)
      wechats = rows.text(firstColumn + 6)
      mails = rows.text(firstColumn + 7)
      addresses = rows.text(firstColumn + 8)
    }
  }

  private let customers: Customers
  /// Hash of city and district, 0 when unknown, and the day of registration: needed for merged rows alone.
  private let places = Buffer<UInt64>()
  private let registeredOn = Buffer<Day>()
  // Few different texts, most of them not ASCII: folding each once saves most of the time.
  private let cityCodes = SmallTable<Int32>()
  private let cityHashes = SmallTable<UInt64>()
  private let districtHashes = SmallTable<UInt64>()

  init(customers: Customers) {
    self.customers = customers
  }

  /// Adds the details of the customer added last.
  @inline(__always)
  func add(_ chunk: Chunk, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport) {
    customers.homes.append(Self.home(chunk, rows, row, &report))
    let city = chunk.cities[row]
    customers.cities.append(cityCodes.value(of: city) { LoadContext.code($0, in: customers.cityNames) })
    let cityHash = cityHashes.value(of: city, Self.foldedHash)
    let districtHash = districtHashes.value(of: chunk.districts[row], Self.foldedHash)
    places.append(cityHash | districtHash == 0 ? 0 : KeyHash.combine(cityHash, districtHash))
    registeredOn.append(chunk.registered[row])

    let preferred = Vocabularies.channel.code(chunk.preferred[row])
    customers.preferredChannels.append(preferred)
    var channels: ChannelSet = []
    if preferred == Self.wechatChannel || !KeyText.isBlank(chunk.wechats[row]) { channels.insert(.wechat) }
    if Self.isMailAddress(chunk.mails[row]) { channels.insert(.email) }
    if !KeyText.isBlank(chunk.addresses[row]) { channels.insert(.post) }
    if preferred == Self.appChannel { channels.insert(.app) }
    customers.channels.append(channels)
  }

  private static func home(
    _ chunk: Chunk, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> HomeCell {
    guard let latitude = chunk.latitudes[row], let longitude = chunk.longitudes[row] else { return .unknown }
    if let cell = HomeCell(latitude: latitude, longitude: longitude) { return cell }
    report.count("customers", noPlace, .missing, at: rows.place(row, "latitude"))
    return .unknown
  }

  /// The hash of a folded text; 0 for a blank one.
  private static func foldedHash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    KeyText.withFolded(text, upperCase: false) { folded, hash in folded.isEmpty ? 0 : hash }
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
