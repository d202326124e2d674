extension LoadContext {
  /// Reads stores and customers, and finds the golden row of every customer.
  func loadCustomers() throws(HistoriesError) {
    try loadDealers()
    guard
      let reader = try reader(
        "customers",
        ["customer_id", "name", "phone", "owner_type", "dealer_id"] + CustomerDetails.columns + ["language"])
    else { return }
    let customers = customers
    let details = CustomerDetails(customers: customers)
    let keys = KeyBatch()
    customers.ids.reserve(reader.knownRowCount())
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let ids = rows.text(0)
      let names = rows.text(1)
      let phones = rows.text(2)
      let ownerTypes = rows.text(3)
      let homes = rows.text(4)
      let chunk = CustomerDetails.Chunk(rows, firstColumn: 5)
      let languages = rows.text(5 + CustomerDetails.columns.count)
      // The look-up brings the table's entries near, whether or not the customer is new.
      keys.find(ids, count: rows.count, upperCase: false, in: customers.ids)
      var used = 0
      for row in 0..<rows.count {
        guard !KeyText.isBlank(ids[row]) else {
          report.count("customers", "customer_id is missing", .dropped, at: rows.place(row, "customer_id"))
          continue
        }
        let added = KeyText.withFolded(ids[row], upperCase: false) { customers.ids.add($0, hash: $1) }
        guard added.isNew else {
          report.count("customers", "customer_id stands twice", .dropped, at: rows.place(row, "customer_id"))
          continue
        }
        customers.names.append(names[row])
        let isDummy = !Phone.append(phones[row], to: customers.phones)
        if isDummy {
          report.count("customers", "phone: a dummy", .missing, at: rows.place(row, "phone"))
        }
        customers.ownerTypes.append(Vocabularies.ownerType.code(ownerTypes[row]))
        customers.dealers.append(Self.code(homes[row], in: self.dealers))
        customers.golden.append(added.code)
        details.add(chunk, rows, row, &report)
        customers.contact?.add(
          wechat: chunk.wechats[row], email: chunk.mails[row], language: languages[row], isDummyPhone: isDummy
        )
        used += 1
      }
      return used
    }
    guard customers.count > 0 else {
      throw report.noUsableRow("customers")
    }
    mergeSamePersons()
    details.finish()
  }

  private func loadDealers() throws(HistoriesError) {
    guard let reader = try reader("dealers", ["dealer_id", "latitude", "longitude", "city"]) else { return }
    let stores = stores
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let ids = rows.text(0)
      let latitudes = rows.numbers(1)
      let longitudes = rows.numbers(2)
      let cities = rows.text(3)
      var used = 0
      for row in 0..<rows.count {
        let code = Self.code(ids[row], in: self.dealers)
        guard code >= 0 else {
          report.count("dealers", "dealer_id is missing", .dropped, at: rows.place(row, "dealer_id"))
          continue
        }
        stores.extend(to: Int(code) + 1)
        if let latitude = latitudes[row], let longitude = longitudes[row] {
          if HomeCell(latitude: latitude, longitude: longitude) != nil {
            stores.latitudes[Int(code)] = latitude
            stores.longitudes[Int(code)] = longitude
          } else {
            report.count(
              "dealers", CustomerDetails.noPlace, .missing, at: rows.place(row, "latitude"))
          }
        }
        stores.cities[Int(code)] = Self.code(cities[row], in: self.customers.cityNames)
        used += 1
      }
      return used
    }
  }

  /// Customers with the same valid phone and the same name are one person; the first row stands for all. A phone that
  /// more than three customers of different names use is a dummy and says nothing.
  private func mergeSamePersons() {
    let maximumNames = 3
    let customers = customers
    let byPhone = HashIndex(expected: customers.count)
    let byPerson = HashIndex(expected: customers.count)
    let namesOfPhone = Buffer<UInt8>(repeating: 0, count: customers.count)
    let firstOfPhone = Buffer<Int32>(repeating: -1, count: customers.count)

    let blockSize = 2048
    let scratch = KeyBatch()
    for start in stride(from: 0, to: customers.count, by: blockSize) {
      let block = start..<min(start + blockSize, customers.count)
      let hashes = scratch.reserve(block.count)
      for row in block { hashes[row - start] = KeyHash.hash(customers.phones.bytes(row)) }
      byPhone.find(hashes, count: block.count, into: scratch.rows)
      for row in block { hashes[row - start] = Self.personHash(customers, row) }
      byPerson.find(hashes, count: block.count, into: scratch.rows)

      for row in block {
        let phone = customers.phones.bytes(row)
        guard !phone.isEmpty else { continue }
        let phoneHash = KeyHash.hash(phone)
        let known = byPhone.find(phoneHash) { TextDictionary.same(customers.phones.bytes(Int($0)), phone) }
        let first = known ?? Int32(row)
        if known == nil { byPhone.insert(phoneHash, row: first) }
        firstOfPhone[row] = first

        let name = customers.names.bytes(row)
        guard !name.isEmpty else { continue }
        let personHash = hashes[row - start]
        let twin = byPerson.find(personHash) {
          TextDictionary.same(customers.phones.bytes(Int($0)), phone)
            && TextDictionary.same(customers.names.bytes(Int($0)), name)
        }
        if let twin {
          customers.golden[row] = twin
        } else {
          byPerson.insert(personHash, row: Int32(row))
          namesOfPhone[Int(first)] = min(namesOfPhone[Int(first)] + 1, 250)
        }
      }
    }

    var merged = 0
    var shared = 0
    let isShared = { (row: Int) in
      firstOfPhone[row] >= 0 && namesOfPhone[Int(firstOfPhone[row])] > maximumNames
    }
    for row in 0..<customers.count where firstOfPhone[row] >= 0 {
      if isShared(row) {
        customers.golden[row] = Int32(row)
        shared += 1
      } else if customers.golden[row] != row {
        merged += 1
      }
    }
    if shared > 0 {
      let phones = TextColumn(in: store)
      let none = UnsafeRawBufferPointer(start: nil, count: 0)
      for row in 0..<customers.count {
        phones.append(isShared(row) ? none : customers.phones.bytes(row))
        if isShared(row) { customers.contact?.phoneFlaws[row] = .shared }
      }
      customers.phones = phones
    }
    report.count("customers", "same phone and name: one person", .mended, at: nil, times: merged)
    report.count("customers", "phone: used by more than three customers", .missing, at: nil, times: shared)
  }

  private static func personHash(_ customers: Customers, _ row: Int) -> UInt64 {
    KeyHash.combine(KeyHash.hash(customers.phones.bytes(row)), KeyHash.hash(customers.names.bytes(row)))
  }
}
