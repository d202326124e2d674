import ArgumentParser
import Features
import Histories

/// A label as it is named on the command line; a target becomes one when the histories are there.
enum LabelChoice: ExpressibleByArgument, CustomStringConvertible {
  case rule(LapseLabel)
  case target(String)

  /// The names that `--label` takes, for help texts.
  static let names =
    "due, fixed:N for no visit within N days, first_service, second_service, postwarranty, or target:NAME for a target "
    + "that revisit.yaml declares"

  init?(argument: String) {
    if let label = LapseLabel(argument) {
      self = .rule(label)
    } else if argument.hasPrefix(Target.prefix), argument.count > Target.prefix.count {
      self = .target(String(argument.dropFirst(Target.prefix.count)))
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .rule(let label): label.description
    case .target(let name): Target.prefix + name
    }
  }

  var defaultValueDescription: String { description }

  /// The target that the histories must be loaded with.
  var targets: Set<String> {
    if case .target(let name) = self { [name] } else { [] }
  }

  func label(in histories: Histories) throws -> LapseLabel {
    switch self {
    case .rule(let label): return label
    case .target(let name):
      do { return .target(try Target(name, in: histories)) } catch { throw Failure.from(error) }
    }
  }
}
