import ContactQueue
import Histories
import Outreach
import Reports

/// Who came back, as lines and as JSON.
struct CampaignReturnReport {
  private let returns: CampaignReturns
  private let comparison: CampaignComparison
  private let campaign: String
  private let language: Language

  init(_ returns: CampaignReturns, campaign: String, language: Language) {
    self.returns = returns
    self.campaign = campaign
    self.language = language
    comparison = CampaignComparison(returns)
  }

  private static let perPoint = 100.0

  var lines: [String] {
    func say(_ english: String, _ chinese: String) -> String { Bilingual(english, chinese)[language] }
    var lines = [
      say(
        "\(campaign): visits within \(returns.days) days, data until \(returns.dataEnd)",
        "\(campaign)：\(returns.days) 天内到店，数据截止 \(returns.dataEnd)"), "",
    ]
    for group in CampaignReturns.Group.allCases {
      let rows = returns.rows.filter { $0.group == group }
      guard !rows.isEmpty else { continue }
      let came = rows.count { $0.comeback != nil }
      lines.append(
        "  \(name(group))  \(Shown.right(Shown.count(rows.count), 9))  "
          + say("came back \(Shown.count(came))", "到店 \(Shown.count(came))"))
      guard group == .suppressed || group == .notAllowed else { continue }
      lines += reasons(rows).map { reason, rows, came in
        let words = SuppressionReason(rawValue: reason).map { OutreachWords.reason($0)[language] } ?? reason
        return "    \(padded(words, 34))\(Shown.right(Shown.count(rows), 7))  "
          + say("came back \(Shown.count(came))", "到店 \(Shown.count(came))")
      }
    }
    lines += ["", say("By assignment, counted from enqueueing", "按分组比较，自入队日起计")]
    for (name, arm) in [
      (say("to be contacted", "应联系"), comparison.toContact), (say("held out", "对照组"), comparison.heldOut),
    ] {
      let share = arm.share.map { Shown.percent($0) } ?? "–"
      lines.append(
        "  \(padded(name, 16))\(Shown.right(Shown.count(arm.cameBack), 9)) / "
          + "\(Shown.right(Shown.count(arm.relations), 9))  \(Shown.right(share, 8))\(excluded(arm))")
    }
    if let difference = comparison.difference {
      let points = [difference.difference, difference.lower, difference.upper].map {
        Shown.number($0 * Self.perPoint, 2)
      }
      lines.append(
        say(
          "  difference \(points[0]) points, 95 % interval \(points[1]) to \(points[2]) (Newcombe)",
          "  相差 \(points[0]) 个百分点，95% 区间 \(points[1]) 至 \(points[2])（Newcombe）"))
    } else {
      lines.append(say("  no difference: one of the two has nobody", "  无法比较：其中一组没有人"))
    }
    return lines
  }

  /// Relations and returns by reason, the most frequent first.
  private func reasons(_ rows: [CampaignReturns.Row]) -> [(reason: String, rows: Int, came: Int)] {
    Dictionary(grouping: rows) { $0.outcome.reason ?? "" }
      .map { ($0.key, $0.value.count, $0.value.count { $0.comeback != nil }) }
      .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  private func name(_ group: CampaignReturns.Group) -> String {
    let name =
      switch group {
      case .contacted: Bilingual("contacted", "已联系")
      case .heldOut: Bilingual("held out", "对照组")
      case .suppressed: Bilingual("suppressed", "被策略拦截")
      case .waiting: Bilingual("not contacted", "未联系")
      case .notAllowed: Bilingual("not allowed", "策略不允许")
      }
    return padded(name[language], 14)
  }

  private func excluded(_ arm: CampaignComparison.Arm) -> String {
    let parts = CampaignReturns.Exclusion.allCases.compactMap { exclusion -> String? in
      guard let count = arm.excluded[exclusion] else { return nil }
      let words =
        switch exclusion {
        case .naturalLoss: Bilingual("ended by nature", "自然流失")
        case .open: Bilingual("days not over", "观察期未满")
        case .unknown: Bilingual("not in the histories", "数据中没有")
        }
      return "\(Shown.count(count)) \(words[language])"
    }
    guard !parts.isEmpty else { return "" }
    return "  (" + Bilingual("left out: ", "不计：")[language] + parts.joined(separator: ", ") + ")"
  }

  var json: [String: Any] {
    var object: [String: Any] = [
      "schema": "revisit.outreach-outcomes-summary/1", "campaign": campaign, "window_days": returns.days,
      "data_end": returns.dataEnd.description,
      "groups": Dictionary(
        uniqueKeysWithValues: CampaignReturns.Group.allCases.map { group in
          let rows = returns.rows.filter { $0.group == group }
          var object: [String: Any] = [
            "relations": rows.count, "came_back": rows.count { $0.comeback != nil },
          ]
          if group == .suppressed || group == .notAllowed {
            object["reasons"] = Dictionary(
              uniqueKeysWithValues: reasons(rows).map {
                ($0.reason, ["relations": $0.rows, "came_back": $0.came])
              })
          }
          return (group.rawValue, object)
        }),
      "to_contact": json(comparison.toContact), "held_out": json(comparison.heldOut),
    ]
    if let difference = comparison.difference {
      object["difference"] = [
        "estimate": difference.difference, "lower": difference.lower, "upper": difference.upper,
        "level": CampaignComparison.level, "method": "Newcombe 1998, method 10",
      ]
    }
    return object
  }

  private func json(_ arm: CampaignComparison.Arm) -> [String: Any] {
    [
      "relations": arm.relations, "came_back": arm.cameBack,
      "left_out": Dictionary(
        uniqueKeysWithValues: CampaignReturns.Exclusion.allCases.map { ($0.rawValue, arm.excluded[$0] ?? 0) }),
    ]
  }
}
