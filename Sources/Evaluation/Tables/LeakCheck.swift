import ChurnModel
import LinearAlgebra

/// Looks for features that know the label: one that separates the classes by itself, or a key.
struct LeakCheck {
  let features: [FeatureColumn]
  let values: Matrix
  let labels: [Bool]
  let weights: [Double]?

  /// Fewer rows of a class can be separated by chance.
  private static let fewestRows = 5
  /// Levels with fewer rows on average are of one class by chance.
  private static let fewestRowsPerLevel = 5

  /// One notice a suspicious feature.
  ///
  /// - Parameter distinct: features with another whole number in every row.
  /// - Complexity: O(rows × features)
  func notices(_ distinct: [String]) -> [TableNotice] {
    let separating = separatingFeatures()
    return separating.map { name in
      let isKey = distinct.contains(name)
      return TableNotice(
        .separates, [name],
        "Column \"\(name)\" alone tells all labels apart\(isKey ? " and has another value in every row" : ""): "
          + "it looks like a leak (an id, or something known only afterwards). Leave it out with --drop\(isKey ? " or --id" : "").",
        "仅凭“\(name)”列就能分开全部标签\(isKey ? "，且每行取值不同" : "")：疑似泄漏（编号或事后信息）。请用 --drop\(isKey ? " 或 --id" : "") 略去。")
    }
      + distinct.filter { !separating.contains($0) }.map { name in
        TableNotice(
          .looksLikeID, [name],
          "Column \"\(name)\" has another whole number in every row: it looks like an id. Name it with --id or leave it out "
            + "with --drop.",
          "“\(name)”列每行整数都不同：疑似编号。请用 --id 指明或用 --drop 略去。")
      }
  }

  /// Names of the features that separate the classes by a threshold, by being missing, or by their levels.
  private func separatingFeatures() -> [String] {
    let used = labels.indices.filter { (weights?[$0] ?? 1) > 0 }
    let positives = used.count { labels[$0] }
    guard min(positives, used.count - positives) >= Self.fewestRows else { return [] }
    var sides = features.map { Sides($0) }
    values.withUnsafeElements { elements in
      for row in used {
        let side = labels[row] ? 1 : 0
        for feature in sides.indices { sides[feature].add(elements[row * features.count + feature], side) }
      }
    }
    return zip(features, sides).filter { $1.separate }.map(\.0.name)
  }

  /// What one feature's values are in the two classes.
  private struct Sides {
    /// Of negatives and positives.
    private var least = SIMD2(repeating: Double.infinity)
    private var greatest = SIMD2(repeating: -Double.infinity)
    private var present = SIMD2(0, 0)
    private var missing = SIMD2(0, 0)
    /// Rows of both classes by level; empty for numbers.
    private var levels: [SIMD2<Int>]

    init(_ feature: FeatureColumn) {
      if case .category(let names) = feature.kind {
        levels = Array(repeating: SIMD2(0, 0), count: names.count)
      } else {
        levels = []
      }
    }

    mutating func add(_ value: Double, _ side: Int) {
      guard !value.isNaN else { return missing[side] += 1 }
      present[side] += 1
      least[side] = min(least[side], value)
      greatest[side] = max(greatest[side], value)
      if !levels.isEmpty { levels[Int(value)][side] += 1 }
    }

    var separate: Bool {
      // Missing in one class, present in the other.
      if (present[0] == 0 && missing[1] == 0) || (present[1] == 0 && missing[0] == 0) { return true }
      guard min(present[0], present[1]) >= LeakCheck.fewestRows else { return false }
      guard levels.isEmpty else {
        let used = levels.filter { $0[0] + $0[1] > 0 }
        return used.allSatisfy { $0[0] == 0 || $0[1] == 0 }
          && present[0] + present[1] >= LeakCheck.fewestRowsPerLevel * used.count
      }
      return greatest[0] < least[1] || greatest[1] < least[0]
    }
  }
}
