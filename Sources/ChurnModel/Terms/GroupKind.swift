/// What a group of a term's directions is; groups of one kind are held by penalties that are like each other.
enum GroupKind: Int, CaseIterable {
  case line, curve, levels, missing

  /// The kind of each group of a term as a number: of one feature its own, of a pair that of both features' together.
  static func kinds(_ shape: TermShape) -> [Int] {
    let ofAxes = shape.axes.map { kinds($0).map(\.rawValue) }
    guard shape.isPair else { return ofAxes[0] }
    return ofAxes[0].flatMap { first in
      ofAxes[1].map { second in allCases.count * (1 + min(first, second)) + max(first, second) }
    }
  }

  private static func kinds(_ axis: TermShape.Axis) -> [GroupKind] {
    (0..<axis.basis.groupCount).map { group in
      if axis.scale.hasMissing, group == axis.basis.groupCount - 1 { return .missing }
      if case .levels = axis.scale.nodes { return .levels }
      return axis.basis.groups.count { $0 == group } == 1 ? .line : .curve
    }
  }
}
