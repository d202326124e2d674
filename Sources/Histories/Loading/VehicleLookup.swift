/// A column of VINs that was read before the vehicles were, as hashes, and the column of vehicles it becomes.
struct VehicleLookup {
  let table: String
  let keys: Buffer<UInt64>
  let vehicles: Buffer<Int32>

  /// The hash of a folded VIN; 0 for an empty cell.
  @inline(__always)
  static func key(_ cell: UnsafeRawBufferPointer) -> UInt64 {
    KeyText.withFolded(cell, upperCase: true) { text, hash in text.isEmpty ? 0 : hash }
  }
}

extension LoadContext {
  /// Looks up the VINs that another context has read, now that all vehicles are known.
  ///
  /// An unknown VIN is treated as missing: the event then concerns all vehicles of its customer.
  func findVehicles(of other: LoadContext) {
    for lookup in other.vehicleLookups {
      let count = lookup.keys.count
      let found = lookup.vehicles.appendUninitialised(count)
      vehicles.vins.codes(of: lookup.keys.base, count: count, into: found)
      var unknown = 0
      for row in 0..<count {
        if lookup.keys.base[row] == 0 {
          found[row] = -1
        } else if found[row] < 0 {
          unknown += 1
        }
      }
      report.count(lookup.table, "vin: not among the vehicles", .missing, at: nil, times: unknown)
    }
    other.vehicleLookups = []
  }

  /// Codes the head of every plate.
  func codePlateHeads() {
    for vehicle in 0..<vehicles.plates.count {
      vehicles.plateHeads.append(
        Plate.withHead(of: vehicles.plates.bytes(vehicle)) {
          vehicles.plateHeadNames.add($0, hash: KeyHash.hash($0)).code
        } ?? -1)
    }
  }
}
