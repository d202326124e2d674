internal import Foundation

extension TrainingData {
  /// The margin of every row when the share of positives alone is known.
  var nullMargin: Double { log(positiveShare / (1 - positiveShare)) }

  /// The mean log loss then.
  var nullLogLoss: Double {
    -positiveShare * log(positiveShare) - (1 - positiveShare) * log1p(-positiveShare)
  }
}
