extension Histories {
  /// The golden row of a customer by the id of any of the customer's rows, folded as ids are; `nil` for a stranger.
  public func customer(id: UnsafeRawBufferPointer) -> Int? {
    KeyText.withFolded(id, upperCase: false) { text, hash in
      customers.ids.code(of: text, hash: hash).map { Int(customers.golden[Int($0)]) }
    }
  }

  /// The row of a vehicle by its VIN, folded as VINs are; `nil` for an unknown one.
  public func vehicle(vin: UnsafeRawBufferPointer) -> Int? {
    KeyText.withFolded(vin, upperCase: true) { text, hash in
      vehicles.vins.code(of: text, hash: hash).map { Int($0) }
    }
  }
}

extension Complaints {
  /// Whether a complaint of the customer is open at the end of a day: not closed yet, or opened again since.
  ///
  /// - Complexity: O(complaints of the customer).
  public func isAnyOpen(of customer: Int, asOf: Day) -> Bool {
    guard starts.count > 0 else { return false }
    return (Int(starts[customer])..<Int(starts[customer + 1])).contains { row in
      guard openedOn[row] <= asOf else { return false }
      let (closed, reopened) = (closedOn[row], reopenedOn[row])
      let isClosed = !closed.isNone && closed <= asOf
      return !isClosed || (!reopened.isNone && reopened <= asOf && reopened > closed)
    }
  }
}

extension Orders {
  /// Whether the vehicle of a relation is in the workshop at the end of a day: an order is open.
  ///
  /// - Complexity: O(orders of the relation).
  public func isAnyOpen(of relation: Int, asOf: Day) -> Bool {
    (Int(starts[relation])..<Int(starts[relation + 1])).contains { order in
      openedOn[order] <= asOf && knownOn[order] <= asOf && closedOn[order] > asOf
        && !flags[order].contains(.unusable)
    }
  }
}

extension Appointments {
  private static let cancelled = Vocabularies.appointmentState.words.firstIndex(of: "cancelled")
  private static let over = ["kept", "no_show"].map { Vocabularies.appointmentState.words.firstIndex(of: $0) }

  /// The latest day, from a day on, for which a visit with the vehicle is booked, or one that names no vehicle.
  ///
  /// What became of a booking is known from its day on, and so is nothing of a booking whose state cannot be read; that
  /// it was cancelled counts at once.
  ///
  /// - Complexity: O(bookings of the customer).
  public func booked(by customer: Int, vehicle: Int, asOf: Day) -> Day? {
    guard starts.count > 0 else { return nil }
    var latest: Day?
    for row in Int(starts[customer])..<Int(starts[customer + 1]) where bookedOn[row] <= asOf {
      let state = Int(states[row])
      guard forDays[row] >= asOf, state != Self.cancelled,
        vehicles[row] < 0 || vehicles[row] == Int32(vehicle),
        !(forDays[row] == asOf && Self.over.contains(state))
      else { continue }
      latest = max(latest ?? forDays[row], forDays[row])
    }
    return latest
  }
}

extension Consents {
  /// What holds at the end of a day, on the safe side: statements up to it in their order, and every refusal that is
  /// dated later, for a clock that is wrong must not make a no a yes.
  ///
  /// - Complexity: O(statements of the customer).
  public func cautiousStanding(of customer: Int, asOf: Day) -> ConsentStanding {
    var standing = ConsentStanding()
    guard starts.count > 0 else { return standing }
    for row in Int(starts[customer])..<Int(starts[customer + 1]) {
      if days[row] <= asOf || !statements[row].isGranted { standing.take(statements[row]) }
    }
    return standing
  }
}
