import CustomerValue
import Foundation
import Histories
import Retention

/// What `revisit segment --json` says.
struct SegmentReport {
  let segments: CustomerSegments
  let migration: SegmentMigration?
  let language: Language
  private var population: SegmentPopulation { segments.population }

  var object: [String: Any] {
    let total = segments.total
    var object: [String: Any] = [
      "schema": "revisit.segment-summary/1", "as_of": population.asOf.description,
      "by": population.unit.rawValue, "rows": segments.count, "measures": population.measures.rawValue,
      "events": population.events.rawValue, "money": population.money.rawValue,
      "currency": population.currency ?? NSNull() as Any,
      "bins": [
        "recency": bins(segments.scheme.recency), "frequency": bins(segments.scheme.frequency),
        "money": bins(segments.scheme.monetary),
      ],
      "segments": segments.summaries.filter { $0.summary.count > 0 }.map { segment, summary in
        figures(summary, of: total).merging(["segment": segment.name, "label": segment.label[language]]) {
          $1
        }
      },
      "tiers": segments.tierSummaries.enumerated().map { place, entry in
        figures(entry.summary, of: total).merging([
          "tier": entry.tier.name, "label": entry.tier.label[language],
          "from": place < segments.tierScheme.from.count ? segments.tierScheme.from[place] : NSNull() as Any,
        ]) { $1 }
      },
      "uncovered": segments.rules.uncovered.map { [Int($0.recency), Int($0.frequency), Int($0.monetary)] },
      "notices": segments.notices.map { $0[language] },
    ]
    if let coverage = population.costCoverage { object["cost_coverage"] = coverage }
    if let migration { object["migration"] = Self.object(migration) }
    return object
  }

  private func bins(_ bins: ScoreBins) -> [String: Any] {
    ["boundaries": bins.boundaries, "includes_boundary": bins.includesBoundary]
  }

  private func figures(
    _ summary: CustomerSegments.Summary, of total: CustomerSegments.Summary
  ) -> [String: Any] {
    func share(_ value: Double, _ all: Double) -> Double { all > 0 ? value / all : .nan }
    let paid = population.money == .amount ? "amount" : "paid"
    var figures: [String: Any] = [
      "count": summary.count, "share": share(Double(summary.count), Double(total.count)),
      population.events.rawValue: summary.events, paid: summary.paid,
      "\(paid)_share": share(summary.paid, total.paid),
    ]
    if population.money == .margin {
      figures["margin"] = summary.money
      figures["margin_share"] = share(summary.money, total.money)
    }
    return figures
  }

  private static func object(_ migration: SegmentMigration) -> [String: Any] {
    let used = migration.inUse
    let all = used.map { Double(migration.before($0)) }
    func share(_ count: Int, _ place: Int) -> Double { Double(count) / all[place] }
    return [
      "from": migration.from.description, "to": migration.to.description,
      "segments": used.map { migration.segments[$0].name }, "before": used.map { migration.before($0) },
      "after": used.map { migration.after($0) },
      "counts": used.map { from in used.map { migration.count(from: from, to: $0) } },
      "shares": used.enumerated().map { place, from in
        used.map { share(migration.count(from: from, to: $0), place) }
      },
      "gone": used.map { migration.gone[$0] },
      "gone_shares": used.enumerated().map { share(migration.gone[$1], $0) },
      "new": used.map { migration.new[$0] }, "stayed": migration.stayed, "moved": migration.moved,
    ]
  }
}
