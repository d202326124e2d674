import Features
import Histories
import Reports

extension FeaturesCommand {
  /// Changes everything after each date in a private copy, and compares every feature to the bit.
  func prove(_ source: DataOptions) throws {
    let stages = Stages(common)
    let histories = try stages.load(source)
    let dates = asOf?.days ?? [histories.dataEnd - LapseLabel.due.longestHorizon(in: histories)]
    if let late = dates.first(where: { $0 >= histories.dataEnd }) {
      throw Failure(
        .usage,
        "Nothing comes after \(late): the data end on \(histories.dataEnd). Choose earlier dates with --as-of."
      )
    }
    var proofs: [Proof] = []
    for date in dates {
      let copy = try stages.run(
        "Changing everything after \(date) in a copy", key: "change",
        { _ in try ChangedCopy(of: source.data, asOf: date) },
        detail: { "\(Shown.count($0.changes.reduce(0) { $0 + $1.rows })) rows" })
      let finding = try stages.run(
        "Comparing as of \(date)", key: "compare",
        { _ in
          LeakProof.compare(histories, try Histories.load(copy.path, options: source.loadOptions), asOf: date)
        },
        detail: { "\(Shown.count($0.values)) values" })
      guard finding.relations > 0 else {
        throw Failure(.badData, "No relation had begun by \(date). Choose later dates with --as-of.")
      }
      proofs.append(Proof(changes: copy.changes, finding: finding))
    }
    if common.json {
      var object: [String: Any] = [
        "schema": "revisit.feature-proof/1", "holds": proofs.allSatisfy(\.finding.holds),
        "dates": proofs.map(\.json),
      ]
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for (index, proof) in proofs.enumerated() {
        if index > 0 { Output.line() }
        for line in proof.lines(language: common.language) { Output.line(line) }
      }
    }
    try Self.report(proofs)
  }

  /// Ends with exit code 1 when something later had an influence.
  private static func report(_ proofs: [Proof]) throws {
    guard let failed = proofs.first(where: { !$0.finding.holds })?.finding else { return }
    let names = failed.changed.keys.sorted { $0.rawValue < $1.rawValue }.map(\.name)
    let what = names.isEmpty ? "which relations are active" : names.joined(separator: ", ")
    throw Failure(.checkFailed, "What came after \(failed.asOf) has an influence on \(what).")
  }
}

/// One date's changes with what the comparison found.
private struct Proof {
  let changes: [ChangedCopy.Change]
  let finding: LeakProof.Finding

  private var changed: [(feature: Feature, relations: Int)] {
    finding.changed.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
  }

  var json: [String: Any] {
    [
      "as_of": finding.asOf.description, "holds": finding.holds, "relations": finding.relations,
      "features": Feature.count, "values": finding.values,
      "changes": changes.map {
        ["table": $0.table, "kind": $0.kind.rawValue, "rows": $0.rows] as [String: Any]
      },
      "changed": changed.map { ["feature": $0.feature.name, "relations": $0.relations] as [String: Any] },
      "relations_begun_otherwise": finding.strangers, "relations_active_otherwise": finding.moved,
    ]
  }

  func lines(language: Language) -> [String] {
    let chinese = language == .chinese
    var lines = [
      chinese
        ? "截止 \(finding.asOf) 之后的事件在副本中全部改动：" : "Everything after \(finding.asOf) was changed in a copy:", "",
    ]
    let table = Dictionary(grouping: changes, by: \.table)
    let kinds = ChangedCopy.Change.Kind.allCases
    var rows = [[chinese ? "表" : "table"] + kinds.map { $0.label[language] }]
    for name in CanonicalTable.all.map(\.name) {
      guard let own = table[name] else { continue }
      rows.append(
        [name] + kinds.map { kind in own.first { $0.kind == kind }.map { Shown.count($0.rows) } ?? "" })
    }
    lines += TestReport.aligned(rows) + [""]
    let size = "\(Shown.count(finding.relations)) × \(Feature.count) = \(Shown.count(finding.values))"
    lines.append(
      chinese
        ? "比较了 \(size) 个特征值（关系 × 特征），以及有效关系的名单。"
        : "Compared: \(size) values (relations × features), bit for bit, and which relations are active.")
    if finding.holds {
      lines.append(chinese ? "全部相同：没有特征使用未来信息。" : "All are the same: no feature knows what came later.")
    }
    for (feature, relations) in changed {
      lines.append(
        chinese
          ? "  \(feature.name)：\(Shown.count(relations)) 个关系不同"
          : "  \(feature.name) differs for \(Shown.count(relations)) relations")
    }
    if finding.strangers + finding.moved > 0 {
      lines.append(
        chinese
          ? "  名单不同：开始 \(finding.strangers)，有效 \(finding.moved)"
          : "  Other relations: \(finding.strangers) begun, \(finding.moved) active")
    }
    return lines
  }
}
