/// The powertrain of a vehicle, as in the `vehicles` table.
public enum Powertrain: Int8, Sendable, CaseIterable {
  case ice, hev, phev, bev
}

/// The kind of owner, as in the `customers` table.
public enum OwnerType: Int8, Sendable, CaseIterable {
  case person, company, government, rental
}

/// What a vehicle is used for, as in the `vehicles` table.
enum UseType: Int8, Sendable, CaseIterable {
  case `private`, commercial, rideHailing, taxi
}

/// How a relation ends without lapsing, as in the `ownerships` table.
enum EndReason: Int8, Sendable, CaseIterable {
  case sold, scrapped, stolen, totalLoss, movedAway, deceased, fleetEnded
}

enum OrderStatus: Int8, Sendable { case open, settled, void }

/// The class or classes of one repair order.
enum OrderClass: Int8, Sendable, CaseIterable {
  case firstService, maintenance, repair, maintenanceAndRepair, accident, warranty, recall, rework, accessory
  case inspection, presale, `internal`, counterSale, maintenanceAndAccessory
}

enum JobCategory: Int8, Sendable, CaseIterable {
  case oil, filter, tyre, brake, battery, wiper, airCon, body, engine, gearbox, electrical, other
}

enum SurveyKind: Int8, Sendable { case csi, ssi, nps }

enum SurveyItem: Int8, Sendable { case overall, price, quality, time, adviser, facility }

enum Channel: Int8, Sendable, CaseIterable { case phone, sms, wechat, email, post, app, all }

enum ContactPurpose: Int8, Sendable { case marketing, service, survey, care, profiling }

enum AppointmentState: Int8, Sendable { case booked, kept, noShow, cancelled }

enum PurchaseCondition: Int8, Sendable { case new, certifiedUsed, used }

/// Where a prospect came from, as in the `prospects` table.
enum ProspectSource: Int8, Sendable, CaseIterable {
  case walkIn, phone, website, portal, shortVideo, autoShow, referral, workshop
}

enum ProspectIntent: Int8, Sendable { case interested, hesitating, notNow, never }

/// The words of the codes in the exported files, by raw value.
enum CodeWords {
  static let powertrain = ["ICE", "HEV", "PHEV", "BEV"]
  static let ownerType = ["person", "company", "government", "rental"]
  static let useType = ["private", "commercial", "ride_hailing", "taxi"]
  static let endReason = [
    "sold", "scrapped", "stolen", "total_loss", "moved_away", "deceased", "fleet_ended",
  ]
  static let status = ["open", "settled", "void"]
  static let classes = [
    "first_service", "maintenance", "repair", "maintenance|repair", "accident", "warranty", "recall",
    "rework",
    "accessory", "inspection", "presale", "internal", "counter_sale", "maintenance|accessory",
  ]
  static let job = [
    "oil", "filter", "tyre", "brake", "battery", "wiper", "air_con", "body", "engine", "gearbox",
    "electrical",
    "other",
  ]
  static let surveyKind = ["csi", "ssi", "nps"]
  static let surveyItem = ["overall", "price", "quality", "time", "adviser", "facility"]
  static let channel = ["phone", "sms", "wechat", "email", "post", "app", "all"]
  static let purpose = ["marketing", "service", "survey", "care", "profiling"]
  static let outcome = [
    "reached", "no_answer", "refused", "promised", "booked", "invalid", "delivered", "failed",
  ]
  static let appointment = ["booked", "kept", "no_show", "cancelled"]
  static let condition = ["new", "certified_used", "used"]
  static let prospectSource = [
    "walk_in", "phone", "website", "portal", "short_video", "auto_show", "referral", "workshop",
  ]
  static let intent = ["interested", "hesitating", "not_now", "never"]
  static let topic = ["price", "quality", "time", "adviser", "facility"]
}
