import Retention

extension AtRiskList: FileTable {
  static var columnsInFiles: [FileColumn] {
    AtRiskColumn.allCases.map { FileColumn($0.rawValue, $0.kind) }
  }

  var columns: [FileColumn] { Self.columnsInFiles }
  var rowCount: Int { rows.count }
  var jsonMembers: [(name: String, value: String?)] { [] }

  func emitRows<Sink: RowSink & ~Copyable>(_ indices: Range<Int>, to sink: inout Sink) {
    for index in indices {
      rows[index].emitCells(to: &sink)
      sink.endRow()
    }
  }
}

extension AtRiskColumn {
  fileprivate var kind: FileColumn.Kind {
    switch self {
    case .rank, .days_overdue, .km_overdue: .whole
    case .age_years, .probability, .paid_730, .value_at_stake, .priority, .clv_36, .ins_potential,
      .trade_potential, .referral_potential, .value_at_risk:
      .number
    case .last_visit_on, .next_due_on, .warranty_ends_on, .last_contact_on: .day
    case .bought_here, .open_complaint: .flag
    case .customer_id, .vin, .dealer_id, .name, .phone, .owner_type, .plate, .model, .risk_tier, .value_tier,
      .segment, .reason_1, .reason_2, .reason_3, .last_adviser, .last_contact_outcome:
      .text
    }
  }
}
