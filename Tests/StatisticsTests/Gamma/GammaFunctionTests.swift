import Foundation
import Statistics
import Testing

@Suite("Gamma functions")
struct GammaFunctionTests {
  /// x, ln Γ(x), ψ(x), ψ′(x) in 20 digits: gamma.py beside this file, mpmath with 50 digits.
  private static let ofOne: [(Double, Double, Double, Double)] = [
    (1e-100, 230.2585092994045684, -1.0e+100, 1.0e+200),
    (1e-3, 6.9071788853838536825, -1000.5755719318103005, 1000001.642533195869),
    (0.25, 1.2880225246980774574, -4.2274535333762654081, 17.197329154507110739),
    (1, 0.0, -0.57721566490153286061, 1.6449340668482264365),
    (1.5, -0.12078223763524522235, 0.036489973978576520559, 0.93480220054467930942),
    (2, 0.0, 0.42278433509846713939, 0.64493406684822643647),
    (3.7, 1.4280723266653879219, 1.1671535393615113859, 0.3100378576700383191),
    (11.9, 17.258477450595521147, 2.4339335368825374548, 0.087663201190004186303),
    (12.1, 17.747007270798740177, 2.4513143481743372605, 0.086153646470986283088),
    (100, 359.13420536957539878, 4.6001618527380874002, 0.010050166663333571395),
    (12345.678, 103959.91990554606092, 9.4210208207417608869, 0.000081003287231112068383),
    (1e10, 220258509288.81058147, 23.02585092989045684, 1.00000000005e-10),
    (1e300, 6.8977552789821370521e+302, 690.77552789821370521, 1.0e-300),
  ]
  /// x, y, ln B(x, y) by the same script.
  private static let ofTwo: [(Double, Double, Double)] = [
    (1e-3, 1e-3, 7.6009008170083473993),
    (0.5, 1e4, -4.0327927430633964893),
    (20, 1e10, -421.17713443060964276),
    (1e4, 1e4, -13866.28325676140964),
    (3, 5, -4.6539603501575233711),
    (1e-3, 7e4, 6.896022641998553428),
    (1e15, 2, -69.077552789821371521),
  ]

  private func expectClose(_ found: Double, _ wanted: Double, _ place: String) {
    #expect(abs(found - wanted) <= 4e-15 * max(1, abs(wanted)), "\(place): \(found), \(wanted)")
  }

  @Test("ln Γ and its derivatives have the digits of mpmath from 1e-100 to 1e300")
  func ofOneArgument() {
    for (x, logGamma, digamma, trigamma) in Self.ofOne {
      expectClose(GammaFunctions.logGamma(x), logGamma, "ln Γ(\(x))")
      expectClose(GammaFunctions.digamma(x), digamma, "ψ(\(x))")
      expectClose(GammaFunctions.trigamma(x), trigamma, "ψ′(\(x))")
    }
  }

  @Test("ln B loses no digits between large and small arguments")
  func beta() {
    for (x, y, logBeta) in Self.ofTwo {
      expectClose(GammaFunctions.logBeta(x, y), logBeta, "ln B(\(x), \(y))")
      expectClose(GammaFunctions.logBeta(y, x), logBeta, "ln B(\(y), \(x))")
    }
  }

  @Test("a step of ln Γ is that of its recurrence, however large the argument")
  func step() {
    for x in [0.3, 5, 11.5, 40, 1e6, 1e12] {
      expectClose(GammaFunctions.logGammaStep(x, 1), log(x), "one step from \(x)")
      expectClose(GammaFunctions.logGammaStep(x, 2), log(x) + log(x + 1), "two steps from \(x)")
    }
    #expect(abs(GammaFunctions.logGammaStep(1e8, 1e-9) / (1e-9 * log(1e8)) - 1) < 1e-8)
  }

  @Test("a Chebyshev table gives the function to 1e-13 over many octaves, and does not depend on its range")
  func chebyshev() {
    let function = { (w: Double) in log1p(1 / w) * exp(-w / 50) / (1 + w) }
    let table = ChebyshevTable(0.01...400, of: function)
    let part = ChebyshevTable(3...5, of: function)
    for w in [0.01, 0.3, 0.999, 1, 1.5, 3, 3.99, 4, 5, 77, 400] {
      #expect(abs(table(w) / function(w) - 1) < 1e-13, "at \(w)")
      if (3...5).contains(w) { #expect(table(w) == part(w)) }
    }
  }
}
