import Features
import Histories
import Testing

@Suite("Catalogue")
struct CatalogueTests {
  /// Number, group, name and expected direction as the project's catalogue has them, in the order of the columns.
  private static let table: [(number: Int, group: String, name: String, sign: String)] = [
    (1, "A", "rec_q_days", "+"), (2, "A", "rec_paid_days", "+"), (3, "A", "rec_any_days", "+"),
    (4, "A", "never_serviced", "+"), (5, "A", "days_over_time", "+"), (6, "A", "km_over", "+"),
    (7, "A", "days_over_due", "+"), (8, "A", "overdue_ratio", "+"), (9, "A", "missed_cycles", "+"),
    (10, "A", "rec_over_own_gap", "+"), (11, "A", "rec_z", "+"), (12, "A", "first_service_late", "+"),
    (13, "A", "appt_open", "-"), (14, "A", "in_shop", "0"),
    (15, "B", "n_q_365", "-"), (16, "B", "n_q_730", "-"), (17, "B", "n_q_trend", "-"),
    (18, "B", "n_paid_365", "-"), (19, "B", "n_maint_365", "-"), (20, "B", "visits_per_year", "-"),
    (21, "B", "ontime_rate", "-"), (22, "B", "gap_median", "+"), (23, "B", "gap_cv", "+"),
    (24, "B", "gap_last_ratio", "+"), (25, "B", "skipped_km_cycles", "+"),
    (26, "B", "wallet_share", "-"), (27, "B", "tenure_days", "-"), (29, "C", "cp_365", "-"),
    (30, "C", "cp_730", "-"), (31, "C", "cp_avg_730", "0"), (32, "C", "cp_trend", "-"),
    (33, "C", "ticket_last", "+"), (34, "C", "bill_shock", "+"), (35, "C", "ticket_vs_peer", "+"),
    (36, "C", "estimate_overrun", "+"),
    (37, "C", "discount_rate_730", "0"), (38, "C", "arrears", "+"), (39, "C", "pkg_visits_left", "-"),
    (40, "C", "pkg_days_left", "-"), (41, "D", "sh_paid_730", "-"), (42, "D", "sh_warranty_730", "+"),
    (43, "D", "only_unpaid_730", "+"), (44, "D", "only_accident_730", "+"), (45, "D", "last_class", "?"),
    (46, "D", "rework_365", "+"), (47, "D", "job_breadth_730", "-"), (48, "D", "tyre_brake_batt_here", "-"),
    (49, "D", "declined_n_365", "+"), (50, "D", "declined_value_open", "+"), (51, "D", "recall_open", "0"),
    (52, "E", "age_months", "+"), (53, "E", "odo_hat", "+"),
    (54, "E", "km_day", "?"), (55, "E", "km_day_change", "+"), (56, "E", "powertrain", "?"),
    (57, "E", "price_band", "?"),
    (58, "E", "wty_days_left", "-"), (59, "E", "wty_eff_days_left", "-"), (60, "E", "wty_phase", "?"),
    (61, "E", "wty_ext", "-"), (62, "E", "owner_seq", "+"), (63, "E", "own_change_days", "-"),
    (64, "E", "owner_type", "?"), (65, "E", "use_type", "?"), (66, "E", "bought_here", "-"),
    (67, "E", "new_used", "?"), (68, "E", "n_vehicles", "-"), (69, "E", "loan_months_left", "-"),
    (70, "E", "repl_window", "+"), (71, "E", "ins_days", "0"), (72, "E", "ins_here", "-"),
    (73, "E", "ins_lost", "+"), (74, "E", "insp_days", "0"), (75, "F", "dist_km", "+"),
    (76, "F", "moved_365", "+"),
    (77, "F", "plate_away", "+"), (78, "F", "other_store_share", "+"), (79, "F", "appt_rate_730", "-"),
    (80, "F", "noshow_365", "+"),
    (81, "G", "tat_last_ratio", "+"), (82, "G", "promise_miss_730", "+"), (83, "G", "sa_distinct4", "+"),
    (84, "G", "sa_changed_last", "+"), (85, "G", "sa_left", "+"), (86, "H", "csi_last", "-"),
    (87, "H", "csi_mean_730", "-"), (88, "H", "csi_trend", "-"), (89, "H", "nps_class", "?"),
    (90, "H", "csi_min_item", "-"), (91, "H", "svy_rate", "-"),
    (92, "I", "cmp_365", "+"), (93, "I", "cmp_open", "+"), (94, "I", "cmp_open_days", "+"),
    (95, "I", "cmp_sev", "+"), (96, "I", "cmp_reopen", "+"), (97, "I", "cmp_after_last", "+"),
    (98, "J", "ct_90", "0"), (99, "J", "ct_reach_365", "-"), (100, "J", "ct_unans_streak", "+"),
    (101, "J", "resp_rate_365", "-"), (102, "J", "promise_broken", "+"), (103, "J", "optout_any", "+"),
    (104, "J", "reachable_ch", "-"), (105, "K", "phone_ok", "-"), (106, "K", "odo_conflict", "+"),
    (107, "K", "dq_score", "0"), (108, "L", "peer_lapse", "+"), (109, "L", "store_lapse", "+"),
    (110, "L", "season_sin", "?"), (110, "L", "season_cos", "?"), (110, "L", "season_festival_days", "?"),
    (114, "M", "margin_year", "0"), (115, "M", "potential_year", "0"), (116, "M", "ins_potential", "0"),
    (117, "M", "trade_potential", "0"), (118, "M", "referral_n", "0"),
  ]

  @Test("columns, numbers, groups, names and directions are those of the table")
  func entries() {
    #expect(Catalogue.all.map { $0.feature.rawValue } == Array(0..<Feature.count))
    #expect(Catalogue.all.map { $0.number } == Self.table.map(\.number))
    #expect(Catalogue.all.map { $0.group.rawValue } == Self.table.map(\.group))
    #expect(Catalogue.all.map { $0.name } == Self.table.map(\.name))
    #expect(Catalogue.all.map { $0.direction.rawValue } == Self.table.map(\.sign))
    #expect(Set(Self.table.map(\.name)).count == Feature.count && Feature.count >= 40)
    #expect(Set(Self.table.map(\.group)).isSuperset(of: ["A", "B", "C", "D", "E", "G", "H", "I"]))
    #expect(Catalogue.signature == Self.table.map { "\($0.number):\($0.name)" }.joined(separator: ","))
    for definition in Catalogue.all {
      #expect(Catalogue.definition(of: definition.feature).feature == definition.feature)
      #expect(Catalogue.definition(named: definition.name)?.feature == definition.feature)
    }
    #expect(Catalogue.definition(named: "no_such_feature") == nil)
  }

  @Test(
    "every text is there in both languages, and the Chinese one is Chinese", arguments: Catalogue.all.indices)
  func languages(index: Int) {
    let definition = Catalogue.all[index]
    var texts = [definition.label, definition.definition, definition.group.label]
    if let reason = definition.reason { texts.append(reason) }
    if case .category(let levels) = definition.kind {
      texts += levels.map(\.label)
      #expect(levels.count >= 2 && Set(levels.map(\.name)).count == levels.count)
    }
    for text in texts {
      for language in Language.allCases {
        let shown = text[language]
        #expect(!shown.isEmpty && shown.first?.isWhitespace == false && shown.last?.isWhitespace == false)
      }
      let hasHan = text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
      let isPlaceholder = text.chinese == "{value}"
      #expect(hasHan || isPlaceholder, "\(definition.name)")
      #expect(text.english.unicodeScalars.allSatisfy { $0.value < 0x3000 }, "\(definition.name)")
    }
  }

  @Test("sentences hold no placeholder but the value and the factor, the same in both languages")
  func placeholders() {
    for definition in Catalogue.all {
      guard let reason = definition.reason else { continue }
      let found = Language.allCases.map { language in
        Set(
          reason[language].split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
            String($0.prefix { $0 != "}" })
          })
      }
      #expect(found[0] == found[1], "\(definition.name)")
      #expect(found[0].isSubset(of: ["value", "factor"]), "\(definition.name)")
      #expect(found[0].contains("factor") ? definition.unit == .logRatio : true, "\(definition.name)")
    }
  }
}
