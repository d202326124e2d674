import DuckDB

/// The tables that do not grow with the customers.
enum SmallTables {
  static func write(_ world: World, _ connection: Connection) throws(DuckDBError) {
    let schedules = try Appender(
      connection: connection, table: "schedules", types: TableLayout.schedules.columns.map(\.type))
    for (index, schedule) in VehicleCatalogue.schedules.enumerated() {
      schedules.set(0, Int8(index))
      schedules.set(1, Int32(schedule.firstMonths))
      schedules.set(2, Int32(schedule.firstKilometres))
      schedules.set(3, Int32(schedule.months))
      schedules.set(4, Int32(schedule.kilometres))
      try schedules.endRow()
    }
    try schedules.finish()

    let advisers = try Appender(
      connection: connection, table: "advisers", types: TableLayout.advisers.columns.map(\.type))
    for adviser in world.advisers {
      advisers.set(0, Int32(adviser.id))
      advisers.set(1, Int16(adviser.dealer))
      advisers.set(2, adviser.from.number)
      // Nobody knows yet who will leave later.
      advisers.set(3, adviser.to <= world.until ? adviser.to.number : nil)
      try advisers.endRow()
    }
    try advisers.finish()

    let dealers = try Appender(
      connection: connection, table: "dealers", types: TableLayout.dealers.columns.map(\.type))
    for (index, dealer) in world.dealers.enumerated() {
      dealers.set(0, Int16(index))
      dealers.set(1, Int8(dealer.city))
      dealers.set(2, dealer.latitude)
      dealers.set(3, dealer.longitude)
      dealers.set(4, Int32(dealer.dailyCapacity))
      dealers.set(5, dealer.opens.number)
      try dealers.endRow()
    }
    try dealers.finish()
  }
}
