import Foundation

/// The latent constants of one relation.
struct RelationTraits {
  var customer: Int64
  var vehicle: Int
  var dealer: Int
  var ownerType: OwnerType
  var useType: UseType
  var model: VehicleModel
  /// The moment the relation begins: delivery, or the first visit of a car bought elsewhere.
  var start: Double
  /// A car bought elsewhere becomes known by coming in.
  var startsWithVisit: Bool
  var isNewCar: Bool
  /// When the car was first delivered, to whomever.
  var delivered: Double
  var odometerAtStart: Double
  var boughtHere: Bool
  var secondOwner: Bool
  var distanceKm: Double
  var priceSensitivity: Double
  var satisfaction: Double
  var mayCall: Bool
  var mayAdvertise: Bool
  /// When the customer moves away or dies, whichever comes first; infinite if neither.
  var customerLeaves: Double
  var customerLeavesBy: EndReason
  var kmPerDay: Double
  var adherence: Double
  var regularity: Double
}

extension RelationTraits {
  private static let usage: [(median: Double, sigma: Double)] = [
    (35, 0.5), (90, 0.4), (180, 0.3), (260, 0.2),
  ]
  private static let adherenceMedian = 1.05
  private static let adherenceSigma = 0.16
  private static let regularityMedian = 0.22
  private static let regularitySigma = 0.35

  static func drawUsage(_ use: UseType, _ random: inout RandomStream) -> Double {
    let (median, sigma) = usage[Int(use.rawValue)]
    return min(max(random.lognormal(median: median, sigma: sigma), 3), 450)
  }

  static func drawAdherence(_ random: inout RandomStream) -> Double {
    random.lognormal(median: adherenceMedian, sigma: adherenceSigma)
  }

  static func drawRegularity(_ random: inout RandomStream) -> Double {
    min(max(random.lognormal(median: regularityMedian, sigma: regularitySigma), 0.08), 0.6)
  }

  var schedule: Schedule { VehicleCatalogue.schedules[Int(model.powertrain.rawValue)] }

  /// Expected days from one maintenance to the next with the true usage.
  func interval(first: Bool) -> Double {
    let months = first ? schedule.firstMonths : schedule.months
    let kilometres = first ? schedule.firstKilometres : schedule.kilometres
    return min(months * VehicleCatalogue.daysPerMonth, kilometres / kmPerDay)
  }

  func odometer(at moment: Double) -> Double { odometerAtStart + kmPerDay * (moment - start) }

  /// When the warranty ends, by date or kilometres.
  var warrantyEnds: Double {
    let kilometresLeft = VehicleCatalogue.warrantyKilometres - odometerAtStart
    return min(delivered + VehicleCatalogue.warrantyDays, start + kilometresLeft / kmPerDay)
  }

  /// When and why the relation ends by itself.
  func naturalLoss(_ random: inout RandomStream) -> (at: Double, reason: EndReason) {
    let hazards = NaturalLoss.perYear[Int(useType.rawValue)]
    let at = start + random.exponential(mean: 365.25 / hazards.reduce(0, +))
    let reason = NaturalLoss.reasons[random.choice(hazards)]
    return customerLeaves < at ? (customerLeaves, customerLeavesBy) : (at, reason)
  }
}

/// Hazards of the ends that are no lapse.
enum NaturalLoss {
  static let reasons: [EndReason] = [.sold, .scrapped, .stolen, .totalLoss, .fleetEnded]
  /// By use type, in the order of `reasons`.
  static let perYear: [[Double]] = [
    [0.045, 0.004, 0.0005, 0.004, 0], [0.05, 0.008, 0.0005, 0.008, 0.02],
    [0.06, 0.02, 0.0005, 0.012, 0.04], [0.03, 0.05, 0.0005, 0.015, 0.08],
  ]
  static let movedAwayPerYear = 0.012
  static let deceasedPerYear = 0.003
}
