internal import ContactQueue
internal import Histories

/// The columns of lists for people, in their order.
enum ExportColumn: String, CaseIterable {
  case line, name, phone, plate, model
  case lastVisitOn = "last_visit_on"
  case nextDueOn = "next_due_on"
  case reasons, play
  // To be filled in, and read back by `revisit outreach receipts`:
  case outcome, reason, at
  case tier, priority, dealer, adviser, campaign, vin, task

  var heading: Bilingual {
    switch self {
    case .line: Bilingual("No.", "序号")
    case .task: Bilingual("Task", "任务编号")
    case .name: Bilingual("Name", "姓名")
    case .phone: Bilingual("Phone", "电话")
    case .plate: Bilingual("Plate", "车牌")
    case .model: Bilingual("Model", "车型")
    case .vin: Bilingual("VIN", "车架号")
    case .lastVisitOn: Bilingual("Last visit", "上次到店")
    case .nextDueOn: Bilingual("Next service due", "下次保养到期")
    case .reasons: Bilingual("Why", "原因")
    case .play: Bilingual("Suggestion", "建议")
    case .tier: Bilingual("Value tier", "客户等级")
    case .priority: Bilingual("Priority", "优先级")
    case .dealer: Bilingual("Store", "门店")
    case .adviser: Bilingual("Adviser", "服务顾问")
    case .campaign: Bilingual("Campaign", "活动")
    case .outcome: Bilingual("Outcome", "结果")
    case .reason: Bilingual("Reason", "失败原因")
    case .at: Bilingual("Time", "联系时间")
    }
  }

  /// The column of a heading in either language, or of its name in files.
  init?(heading: String) {
    let heading = heading.lowercased()
    guard
      let column = Self.allCases.first(where: {
        $0.rawValue == heading || $0.heading.english.lowercased() == heading || $0.heading.chinese == heading
      })
    else { return nil }
    self = column
  }

  func column(_ language: Language) -> Workbook.Column {
    Workbook.Column(
      heading: heading[language], choices: self == .outcome ? ReceiptWord.offered.map(\.rawValue) : [],
      isWrapped: self == .reasons || self == .play)
  }

  func cell(_ task: ExportedTask, line: Int, language: Language) -> Workbook.Cell {
    let details = task.details
    let text: String? =
      switch self {
      case .line: nil
      case .task: task.id.text
      case .name: task.contact.name
      case .phone: task.contact.phone.map(PhoneText.shown)
      case .plate: details.plate
      case .model: details.model
      case .vin: details.vin
      case .lastVisitOn: details.lastVisitOn
      case .nextDueOn: details.nextDueOn
      case .reasons: details.reasons.joined(separator: language == .chinese ? "；" : "; ")
      case .play: details.play
      case .tier: task.tier
      case .priority: nil
      case .dealer: details.dealerID
      case .adviser: details.adviser
      case .campaign: task.campaign
      case .outcome, .reason, .at: nil
      }
    switch self {
    case .line: return .number(Double(line))
    case .priority: return .number((task.priority * 100).rounded() / 100)
    default: return .text(text ?? "")
    }
  }
}
