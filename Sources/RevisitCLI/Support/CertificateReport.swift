import ChurnModel
import Foundation

extension Certificate {
  /// How near the fit is to the optimum and what it took; bounds that are not proven are null.
  var json: [String: Any] {
    let shown = { (bound: Double?) -> Any in bound.map { $0 as Any } ?? NSNull() }
    return [
      "gradient_norm": gradientNorm,
      "newton_decrement_squared": squaredNewtonDecrement,
      "gap_bound": shown(gapBound),
      "gap_bound_before_last_step": shown(gapBoundBeforeLastStep),
      "reciprocal_condition": reciprocalCondition,
      "passes": ["full": passes.full, "evaluations": passes.evaluations, "sample": passes.sample],
    ]
  }
}
