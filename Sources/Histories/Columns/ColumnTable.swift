/// A table of columns that grow with the events of a group: where memory is bounded they lie in files.
protocol ColumnTable: AnyObject {
  /// The columns that have a value an event.
  var columns: [any StoredColumn] { get }
}

extension ColumnTable {
  /// Moves the columns, all empty still, into a store.
  func settle(in store: ColumnStore) {
    for column in columns { column.settle(in: store) }
  }

  var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }
}

extension Orders: ColumnTable {
  var columns: [any StoredColumn] {
    [
      openedOn, closedOn, knownOn, odometers, classes, flags, hours, dealers, advisers, customerPaid,
      packagePaid, discounts, estimates, unpaid, margins,
    ]
  }
}

extension OrderItems: ColumnTable {
  var columns: [any StoredColumn] { [starts, codes, amounts, jobs] }
}

extension Surveys: ColumnTable {
  var columns: [any StoredColumn] { [days, scores, kinds] + items.columns }
}

extension SurveyItems: ColumnTable {
  var columns: [any StoredColumn] { [days, scores] }
}

extension Complaints: ColumnTable {
  var columns: [any StoredColumn] { [openedOn, closedOn, reopenedOn, severities, satisfied] }
}

extension Contacts: ColumnTable {
  var columns: [any StoredColumn] { [days, outcomes, channels, purposes, promisedOn, vehicles] }
}

extension Appointments: ColumnTable {
  var columns: [any StoredColumn] { [bookedOn, forDays, states, vehicles] }
}

extension Consents: ColumnTable {
  var columns: [any StoredColumn] { [days, statements] }
}

extension Packages: ColumnTable {
  var columns: [any StoredColumn] { [boughtOn, expiresOn, visits] }
}

extension Policies: ColumnTable {
  var columns: [any StoredColumn] { [beginsOn, endsOn, soldHere, premiums, commissions] }
}

extension Recalls: ColumnTable {
  var columns: [any StoredColumn] { [openedOn, doneOn] }
}

extension Purchases: ColumnTable {
  var columns: [any StoredColumn] { [days, vehicles, dealers, grossMargins] }
}

extension Referrals: ColumnTable {
  var columns: [any StoredColumn] { [days, buyers] }
}
