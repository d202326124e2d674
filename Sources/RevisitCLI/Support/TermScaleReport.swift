import ChurnModel
import Foundation

/// Where the values of a term belong: the nodes of each of its features.
///
/// With two features the values are a grid, the first one's nodes as rows. Nodes follow each other as listed, then comes
/// `missing_node` where there is one, and last a node worth 0 for what training never showed. A number between two
/// `knots` takes a share of each by its distance (by that of sign(x)·log(1 + |x|) where `logarithmic`), beyond the
/// outermost it counts as these; with `edges` it lies on node k when it is from edge k − 1 to below edge k. A text lies
/// on the node whose `levels` hold it, else on `pool`.
enum TermScaleReport {
  static func json(_ term: TermModel.Term, of model: TermModel) -> [[String: Any]] {
    zip(term.features, term.scales).map { json($1, model.features[$0]) }
  }

  private static func json(_ scale: TermScale, _ feature: FeatureColumn) -> [String: Any] {
    var object: [String: Any] = [
      "feature": feature.name, "nodes": scale.count,
      "missing_node": scale.missingNode.map { $0 as Any } ?? NSNull(),
    ]
    switch scale.nodes {
    case .knots(let knots):
      object["knots"] = knots
      object["logarithmic"] = scale.isLogarithmic
    case .steps(let edges, let range):
      object["edges"] = edges.edges
      object["range"] = [range.lowerBound, range.upperBound]
    case .levels(let groups, let pool):
      if case .category(let names) = feature.kind { object["levels"] = groups.map { $0.map { names[$0] } } }
      object["pool"] = pool.map { $0 as Any } ?? NSNull()
    }
    return object
  }
}
