internal import ContactQueue

/// What a template may name between braces.
public enum MessageField: String, Sendable, CaseIterable {
  case name, model, plate, vin, dealer, adviser, lastVisitOn = "last_visit_on", nextDueOn = "next_due_on"
  /// The strongest reason, as a sentence.
  case reason
  /// What to suggest, in words.
  case play
  /// The task's id.
  case task
  /// The address that takes the customer off the list (`--unsubscribe`).
  case unsubscribe

  /// - Returns: the text of a task; `nil` when it is not known.
  func value(_ task: ExportedTask, unsubscribe: UnsubscribeLink?) -> String? {
    let details = task.details
    let value =
      switch self {
      case .name: task.contact.name
      case .model: details.model
      case .plate: details.plate
      case .vin: details.vin
      case .dealer: details.dealerID
      case .adviser: details.adviser
      case .lastVisitOn: details.lastVisitOn
      case .nextDueOn: details.nextDueOn
      case .reason: details.reasons.first
      case .play: details.play
      case .task: task.id.text
      case .unsubscribe: unsubscribe?.address(of: task.id)
      }
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }
}
