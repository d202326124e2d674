import Foundation
import Histories
import Yams

/// A piece of a file of rules that knows its line.
package struct RulesNode {
  private let node: Node
  private let file: String

  private init(_ node: Node, _ file: String) {
    self.node = node
    self.file = file
  }

  /// - Throws: `RulesError` for a text that is no YAML, or not made of entries.
  ///
  /// - Parameter hint: the command that shows a file to begin with.
  package init(
    yaml: String, file: String, hint: String = "revisit segment --print-rules"
  ) throws(RulesError) {
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw RulesError(.badData, "\(file) is not valid YAML: \(Self.reason(error)) Mend that line.")
    } catch {
      throw RulesError(.badData, "\(file) is not valid YAML. Mend it.")
    }
    guard let composed, composed.mapping != nil else {
      throw RulesError(
        .badData,
        "\(file) holds no entries. `\(hint)` shows some to begin with.")
    }
    self.init(composed, file)
  }

  private static func reason(_ error: YamlError) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      "line \(mark.line): \([context?.text, problem].compactMap { $0 }.joined(separator: ", "))."
    case .duplicatedKeysInMapping(let duplicates, let context):
      "line \(context.mark.line): \(duplicates.map { "`\($0)`" }.joined(separator: ", ")) stands twice."
    default: "\(error)"
    }
  }

  package var place: String { "\(file), line \(node.mark?.line ?? 1)" }

  /// `rules.yaml, line 7: there are two tiers. Give each a name of its own.`
  package func error(_ what: String, _ next: String) -> RulesError {
    RulesError(.badData, "\(place): \(what) \(next)")
  }

  package var isMapping: Bool { node.mapping != nil }
  package var scalar: String? { node.scalar?.string }

  package subscript(key: String) -> RulesNode? {
    node.mapping?.first { $0.key.scalar?.string == key }.map { RulesNode($0.value, file) }
  }

  package func required(_ key: String) throws(RulesError) -> RulesNode {
    guard let value = self[key] else { throw error("`\(key)` is missing.", "Add it.") }
    return value
  }

  /// Refuses keys that mean nothing here.
  package func check(keys: [String]) throws(RulesError) {
    guard let mapping = node.mapping else {
      throw error(
        "entries are expected here: \(keys.joined(separator: ", ")).", "Write them as `name: value`.")
    }
    for (key, _) in mapping {
      let name = key.scalar?.string ?? "?"
      guard !keys.contains(name) else { continue }
      let near = CanonicalTable.nearest(to: name, among: keys)
      throw RulesNode(key, file).error(
        "unknown entry `\(name)`.",
        near.map { "Did you mean `\($0)`?" } ?? "Known are \(keys.joined(separator: ", ")).")
    }
  }

  package var isEmptyList: Bool { node.sequence?.isEmpty == true }

  /// The names and values of a mapping, in their order.
  package func members() throws(RulesError) -> [(name: String, value: RulesNode)] {
    guard let mapping = node.mapping, !mapping.isEmpty else {
      throw error("entries are expected here.", "Write them as `name: value`.")
    }
    return mapping.map { ($0.key.scalar?.string ?? "?", RulesNode($0.value, file)) }
  }

  package func list() throws(RulesError) -> [RulesNode] {
    guard let items = node.sequence, !items.isEmpty else {
      throw error("a list is expected here.", "Begin each entry with `- `, or write [ … ].")
    }
    return items.map { RulesNode($0, file) }
  }

  package func text() throws(RulesError) -> String {
    guard let text = node.scalar?.string else { throw error("a value is expected here.", "Write one.") }
    return text.trimmingCharacters(in: .whitespaces)
  }

  package func number() throws(RulesError) -> Double {
    let text = try text()
    guard let number = Double(text), number.isFinite else {
      throw error("`\(text)` is no number.", "Write one such as 0.05 or 10000.")
    }
    return number
  }
}
