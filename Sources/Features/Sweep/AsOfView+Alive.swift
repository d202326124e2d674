public import BuyTillYouDie
import Histories

extension AsOfView {
  /// The model behind `p_alive` and `clv_36` of a powertrain, by its code in `Vocabularies.powertrain`; any other code for
  /// unknown powertrains, `nil` when nothing could be fitted; times in weeks.
  public func aliveModel(powertrain: UInt8) -> BetaGeometric? {
    peers.value.alive.model(AliveModels.index(powertrain: powertrain))
  }
}
