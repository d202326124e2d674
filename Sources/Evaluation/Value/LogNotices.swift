public import Histories
public import Tables

/// Which rows of a log were left out, and by which rule.
public enum LogNotices {
  /// - Parameters:
  ///   - until: the last day that was read.
  ///   - option: what the user sets that day by.
  public static func of(_ counts: TransactionLog.RowCounts, until: Day, option: String) -> [TableNotice] {
    var notices: [TableNotice] = []
    func add(_ count: Int, _ code: TableNotice.Code, _ english: String, _ chinese: String) {
      guard count > 0 else { return }
      notices.append(
        TableNotice(code, [], "\(count) \(count == 1 ? "row" : "rows") \(english)", "\(count) \(chinese)"))
    }
    add(counts.withoutCustomer, .withoutCustomer, "without a customer: left out.", "行没有客户，已略去。")
    add(counts.withoutDate, .withoutDate, "without a date: left out.", "行没有日期，已略去。")
    add(
      counts.later, .later,
      "with a date after \(until): left out; \(option) says until when rows count.",
      "行的日期晚于 \(until)，已略去；可用 \(option) 指定数据截止日。")
    add(
      counts.returns, .returns, "with a negative amount: taken for returns and left out.",
      "行金额为负，视为退货，已略去。")
    add(
      counts.withoutAmount, .withoutAmount,
      "without an amount: counted as visits, not for the spend.", "行没有金额：计入次数，不计入消费。")
    return notices
  }
}
