import Histories

/// Raw pointers into the columns beside the orders, taken once per block.
///
/// Reaching a column through its objects would count references up and down for every value. Valid as long as the
/// histories live, which the workspace holds.
struct FactColumns {
  let startsOn: UnsafePointer<Day>
  let endsOn: UnsafePointer<Day>
  let ownerSequence: UnsafePointer<UInt8>
  let boughtOn: UnsafePointer<Day>
  let conditions: UnsafePointer<UInt8>
  let loanEndsOn: UnsafePointer<Day>
  let customerOfRelation: UnsafePointer<Int32>
  let vehicleOfRelation: UnsafePointer<Int32>

  let models: UnsafePointer<Int32>
  let powertrains: UnsafePointer<UInt8>
  let useTypes: UnsafePointer<UInt8>
  let deliveredOn: UnsafePointer<Day>
  let warrantyEndsOn: UnsafePointer<Day>
  let warrantyKm: UnsafePointer<Int32>
  let extendedWarrantyEndsOn: UnsafePointer<Day>
  let scheduleOfVehicle: UnsafePointer<UInt16>
  /// The distinct schedules.
  let schedules: [ServiceSchedule]

  let ownerTypes: UnsafePointer<UInt8>
  let homeDealers: UnsafePointer<Int32>

  let surveys: SurveyColumns
  let complaints: ComplaintColumns
  let packages: PackageColumns
  /// Last active day by adviser.
  let adviserActiveTo: UnsafePointer<Day>
  let moneyScale: Double

  init(_ histories: Histories) {
    let relations = histories.relations
    startsOn = UnsafePointer(relations.startsOn.base)
    endsOn = UnsafePointer(relations.endsOn.base)
    ownerSequence = UnsafePointer(relations.ownerSequence.base)
    boughtOn = UnsafePointer(relations.boughtOn.base)
    conditions = UnsafePointer(relations.conditions.base)
    loanEndsOn = UnsafePointer(relations.loanEndsOn.base)
    customerOfRelation = UnsafePointer(relations.customers.base)
    vehicleOfRelation = UnsafePointer(relations.vehicles.base)
    let vehicles = histories.vehicles
    models = UnsafePointer(vehicles.models.base)
    powertrains = UnsafePointer(vehicles.powertrains.base)
    useTypes = UnsafePointer(vehicles.useTypes.base)
    deliveredOn = UnsafePointer(vehicles.deliveredOn.base)
    warrantyEndsOn = UnsafePointer(vehicles.warrantyEndsOn.base)
    warrantyKm = UnsafePointer(vehicles.warrantyKm.base)
    extendedWarrantyEndsOn = UnsafePointer(vehicles.extendedWarrantyEndsOn.base)
    scheduleOfVehicle = UnsafePointer(vehicles.schedules.base)
    schedules = vehicles.scheduleList
    ownerTypes = UnsafePointer(histories.customers.ownerTypes.base)
    homeDealers = UnsafePointer(histories.customers.dealers.base)
    surveys = SurveyColumns(histories.surveys)
    complaints = ComplaintColumns(histories.complaints)
    packages = PackageColumns(histories.packages)
    adviserActiveTo = UnsafePointer(histories.advisers.activeTo.base)
    moneyScale = histories.moneyScale
  }
}

extension Buffer<Int32> {
  /// Where runs start; `nil` when their table is not there, which leaves the column empty.
  var ifPresent: UnsafePointer<Int32>? { count > 0 ? UnsafePointer(base) : nil }
}

/// Surveys by customer.
struct SurveyColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let days: UnsafePointer<Day>
  let scores: UnsafePointer<Float>
  let kinds: UnsafePointer<UInt8>

  init(_ surveys: Surveys) {
    starts = surveys.starts.ifPresent
    days = UnsafePointer(surveys.days.base)
    scores = UnsafePointer(surveys.scores.base)
    kinds = UnsafePointer(surveys.kinds.base)
  }
}

/// Complaints by customer.
struct ComplaintColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let openedOn: UnsafePointer<Day>
  let closedOn: UnsafePointer<Day>
  let reopenedOn: UnsafePointer<Day>
  let severities: UnsafePointer<UInt8>
  let satisfied: UnsafePointer<UInt8>

  init(_ complaints: Complaints) {
    starts = complaints.starts.ifPresent
    openedOn = UnsafePointer(complaints.openedOn.base)
    closedOn = UnsafePointer(complaints.closedOn.base)
    reopenedOn = UnsafePointer(complaints.reopenedOn.base)
    severities = UnsafePointer(complaints.severities.base)
    satisfied = UnsafePointer(complaints.satisfied.base)
  }
}

/// Prepaid maintenance by vehicle.
struct PackageColumns {
  /// `nil` without the table.
  let starts: UnsafePointer<Int32>?
  let boughtOn: UnsafePointer<Day>
  let expiresOn: UnsafePointer<Day>
  let visits: UnsafePointer<Int32>

  init(_ packages: Packages) {
    starts = packages.starts.ifPresent
    boughtOn = UnsafePointer(packages.boughtOn.base)
    expiresOn = UnsafePointer(packages.expiresOn.base)
    visits = UnsafePointer(packages.visits.base)
  }
}
