internal import Histories

/// What the ledger keeps of a customer: what histories say, and beside it what the customer said through the queue.
///
/// Histories are read anew every night and replace their part; the other part stays, for they may not know it yet.
struct PersonRow: Equatable {
  var granted: UInt32 = 0
  var refused: UInt32 = 0
  var flags: Int64 = 0
  var unusable: UInt8 = 0
  var reachable: UInt8 = 0
  var saidGranted: UInt32 = 0
  var saidRefused: UInt32 = 0
  var saidFlags: Int64 = 0
  var saidUnusable: UInt8 = 0
  var contactVersion: Int64 = 0

  /// Bits of `flags`; never change.
  static let doNotContact: Int64 = 1
  static let openComplaint: Int64 = 4
  static let ended: Int64 = 8

  static let columns = [
    "customer", "granted", "refused", "flags", "unusable", "reachable", "said_granted", "said_refused",
    "said_flags", "said_unusable", "contact_version",
  ]

  init() {}

  init(_ row: [SQLValue]) throws(QueueError) {
    var numbers: [Int64] = []
    for cell in row.dropFirst() {
      guard let number = cell.integer else { throw .damaged("person") }
      numbers.append(number)
    }
    guard numbers.count == Self.columns.count - 1 else { throw .damaged("person") }
    granted = UInt32(truncatingIfNeeded: numbers[0])
    refused = UInt32(truncatingIfNeeded: numbers[1])
    flags = numbers[2]
    unusable = UInt8(truncatingIfNeeded: numbers[3])
    reachable = UInt8(truncatingIfNeeded: numbers[4])
    saidGranted = UInt32(truncatingIfNeeded: numbers[5])
    saidRefused = UInt32(truncatingIfNeeded: numbers[6])
    saidFlags = numbers[7]
    saidUnusable = UInt8(truncatingIfNeeded: numbers[8])
    contactVersion = numbers[9]
  }

  /// Takes the part of the histories.
  mutating func take(_ standing: Standing) {
    granted = standing.consents.granted.rawValue
    refused = standing.consents.refused.rawValue
    flags =
      (standing.doNotContact ? Self.doNotContact : 0)
      | (standing.hasOpenComplaint ? Self.openComplaint : 0)
    unusable = standing.unusable.rawValue
    reachable = standing.reachable.rawValue
  }

  /// Everything but the key, in the order of `columns`.
  var numbers: [Int64] {
    [
      Int64(granted), Int64(refused), flags, Int64(unusable), Int64(reachable), Int64(saidGranted),
      Int64(saidRefused), saidFlags, Int64(saidUnusable), contactVersion,
    ]
  }

  var values: [SQLValue] { numbers.map(SQLValue.integer) }

  /// Both parts together: a refusal through the queue holds against a grant of the histories.
  var standing: Standing {
    var standing = Standing()
    let refusals = (refused & ~saidGranted) | saidRefused
    standing.consents.granted = ConsentScope(rawValue: (granted | saidGranted) & ~refusals)
    standing.consents.refused = ConsentScope(rawValue: refusals)
    let all = flags | saidFlags
    standing.doNotContact = all & Self.doNotContact != 0
    standing.hasOpenComplaint = all & Self.openComplaint != 0
    standing.hasEnded = all & Self.ended != 0
    standing.unusable = ChannelSet(rawValue: unusable | saidUnusable)
    standing.reachable = ChannelSet(rawValue: reachable)
    return standing
  }

  /// The rows of these customers; who is not there is missing.
  ///
  /// - Parameter lock: what PostgreSQL does to them until the transaction ends.
  static func rows(
    of customers: [Pseudonym], _ session: any SQLSession, lock: String = ""
  ) throws(QueueError) -> [Pseudonym: PersonRow] {
    var found: [Pseudonym: PersonRow] = [:]
    let lock = session.dialect == .postgresql ? lock : ""
    let names = columns.joined(separator: ", ")
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      let places = SQLList.places(piece.count, from: 1)
      for row in try session.rows(
        "SELECT \(names) FROM person WHERE customer IN (\(places)) ORDER BY customer\(lock)",
        piece.map { SQLValue($0) })
      {
        guard let customer = row[0].pseudonym else { throw .damaged("person") }
        found[customer] = try PersonRow(row)
      }
    }
    return found
  }
}

/// What the ledger keeps of a customer with a vehicle.
struct RelationRow: Equatable {
  var flags: Int64 = 0
  var bookedFor: Int64?

  static let inWorkshop: Int64 = 1
  static let ended: Int64 = 2
  /// Somebody who was contacted said that it ended; histories do not take that back.
  static let saidEnded: Int64 = 4

  init(flags: Int64, bookedFor: Int64?) {
    self.flags = flags
    self.bookedFor = bookedFor
  }

  init(_ standing: Standing, before: RelationRow?) {
    flags =
      (standing.isInWorkshop ? Self.inWorkshop : 0) | (standing.hasEnded ? Self.ended : 0)
      | ((before?.flags ?? 0) & Self.saidEnded)
    bookedFor = standing.bookedFor.map { Int64($0.number) }
  }

  func add(to standing: inout Standing) {
    standing.isInWorkshop = flags & Self.inWorkshop != 0
    if flags & (Self.ended | Self.saidEnded) != 0 { standing.hasEnded = true }
    standing.bookedFor = bookedFor.map { Day(Int32(truncatingIfNeeded: $0)) }
  }

  static func rows(
    of customers: [Pseudonym], _ session: any SQLSession
  ) throws(QueueError) -> [Relation: RelationRow] {
    var found: [Relation: RelationRow] = [:]
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      let places = SQLList.places(piece.count, from: 1)
      for row in try session.rows(
        "SELECT customer, vehicle, flags, booked_for FROM relation WHERE customer IN (\(places))",
        piece.map { SQLValue($0) })
      {
        guard let customer = row[0].pseudonym, let vehicle = row[1].pseudonym, let flags = row[2].integer
        else {
          throw .damaged("relation")
        }
        found[Relation(customer: customer, vehicle: vehicle)] = RelationRow(
          flags: flags, bookedFor: row[3].integer)
      }
    }
    return found
  }
}

/// A customer with a vehicle, both under their keyed names.
struct Relation: Hashable {
  var customer: Pseudonym
  var vehicle: Pseudonym
}
