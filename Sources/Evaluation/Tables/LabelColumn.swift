import Histories
import Tables

/// The labels of a table's rows.
struct LabelColumn {
  let values: LabelValues
  let rule: LabelValues.Rule
  /// One a row; nil where the label is missing.
  let labels: [Bool?]

  /// - Parameters:
  ///   - column: was read as text.
  ///   - known: the values that a model was trained on; the table's own where it has others.
  /// - Throws: `TableError` when there are not two values.
  init(
    _ table: Table, column: Int, asked: String?, known: LabelValues? = nil
  ) throws(TableError) {
    guard let dictionary = table.columns[column].dictionary else {
      preconditionFailure("the label is read as text")
    }
    let texts = (0..<dictionary.count).map { dictionary.texts[$0] }
    var counts = [Int](repeating: 0, count: texts.count)
    table.forEachBlock(of: column) { _, codes in
      for code in codes where !code.isNaN { counts[Int(code)] += 1 }
    }
    // Spellings of one value (`Yes`, `yes `, `1`, `1.0`) count together, under the most frequent.
    var spellings: [String: (text: String, most: Int, sum: Int)] = [:]
    for (text, count) in zip(texts, counts) where !MissingText.isMissing(text) {
      let word = LabelValues.canonical(text)
      let old = spellings[word] ?? (text, 0, 0)
      let isMore = count > old.most || (count == old.most && text < old.text)
      spellings[word] = (isMore ? text : old.text, max(count, old.most), old.sum + count)
    }
    if asked == nil, let known, spellings.values.allSatisfy({ known.isPositive($0.text) != nil }) {
      (values, rule) = (known, .asked)
    } else {
      (values, rule) = try LabelValues.find(
        Dictionary(spellings.values.map { ($0.text, $0.sum) }) { $0 + $1 }, asked: asked,
        column: table.columns[column].name)
    }
    let values = values
    let meanings = texts.map { MissingText.isMissing($0) ? nil : values.isPositive($0) }
    labels = table.values(of: column).map { $0.isNaN ? nil : meanings[Int($0)] }
  }
}
