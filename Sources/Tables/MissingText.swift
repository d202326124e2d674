internal import Foundation

/// Texts that stand for a missing value.
public enum MissingText {
  /// Missing wherever they stand, in capitals or not.
  private static let always: Set<String> = ["", "na", "n/a", "#n/a", "nan", "null", "?"]
  /// Missing where all else is a number, a day or a yes or no; a category otherwise.
  private static let amongValues: Set<String> = ["-", "--", ".", "none", "nil", "unknown"]

  /// Whether a text means a missing value wherever it stands; surrounding blanks do not count.
  public static func isMissing(_ text: String) -> Bool {
    always.contains(text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased())
  }

  /// Whether a text means a missing value among numbers, days or flags.
  static func isMissingAmongValues(_ text: String) -> Bool {
    amongValues.contains(text.lowercased())
  }

  /// The spellings that DuckDB takes for missing while it looks for the types of a text file's columns; blanks around
  /// them are found later, column by column.
  static let spellings = [
    "", " ", "NA", "na", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "Null", "?",
  ]
}
