/// By which principle coefficients were estimated.
public enum EstimationMethod: String, Codable, Sendable {
  /// The likelihood, with a ridge penalty or without one.
  case likelihood
  /// Firth's penalised likelihood.
  case firth
  /// The likelihood, with a ridge penalty or without one, and coefficients within bounds.
  case bounded
  /// The likelihood with an elastic-net penalty, which leaves columns out.
  case elasticNet = "elastic-net"
}
