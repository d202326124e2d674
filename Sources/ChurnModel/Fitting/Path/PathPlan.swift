import LinearAlgebra

/// Which requests count the rows of one group.
struct PathPlan: Sendable {
  /// Numbers of the requests.
  let members: [Int]
  /// Their coefficients, one vector after the other.
  let coefficients: [Double]
  /// Positions within `members` of those that want a Gram matrix, and its precision.
  let gramMembers: [(place: Int, precision: GramPrecision)]
  let wantsGradients: Bool
  /// Panel columns.
  let order: Int

  init(group: Int, requests: [PathRequest], order: Int, gradients: Bool) {
    let members = requests.indices.filter { requests[$0].groups.contains(group) }
    self.members = members
    coefficients = members.flatMap { requests[$0].coefficients }
    gramMembers = members.enumerated().compactMap { place, member in
      requests[member].gram.map { (place, $0) }
    }
    wantsGradients = gradients
    self.order = order
  }
}

/// What one block of rows adds.
final class PathPartial: @unchecked Sendable {
  /// One a member.
  let losses: UnsafeMutableBufferPointer<Double>
  /// Columns × members.
  let gradients: UnsafeMutableBufferPointer<Double>
  /// Columns squared × members with a Gram matrix; only lower triangles count.
  let grams: UnsafeMutableBufferPointer<Double>

  init(_ plan: PathPlan) {
    losses = .allocate(capacity: plan.members.count)
    gradients = .allocate(capacity: plan.wantsGradients ? plan.members.count * plan.order : 0)
    grams = .allocate(capacity: plan.gramMembers.count * plan.order * plan.order)
    for part in [losses, gradients, grams] { part.initialize(repeating: 0) }
  }

  deinit {
    for part in [losses, gradients, grams] { part.deallocate() }
  }

  func add(_ other: PathPartial) {
    for (own, others) in [
      (losses, other.losses), (gradients, other.gradients), (grams, other.grams),
    ] {
      for index in own.indices { own[index] += others[index] }
    }
  }
}
