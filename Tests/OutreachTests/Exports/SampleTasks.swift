import ContactQueue

/// Invented tasks, the same in every run.
enum SampleTasks {
  static let names = [
    "张伟", "Müller, \"Jo\"", "=HYPERLINK(\"http://x\")", "李娜😀", "+cmd", "@SUM(A1)", "-1+1", "欧阳\n晨", "\tTab",
    "O'Neil",
  ]

  static func task(
    _ number: Int, phone: String? = nil, adviser: String? = nil, wechat: String? = nil, email: String? = nil
  ) -> ExportedTask {
    let name = names[number % names.count]
    let contact = ContactDetails(
      customerID: "C\(number)", name: name, phone: phone ?? "139\(10_000_000 + number)",
      wechat: wechat ?? "oAbc_\(number)-xyz", email: email ?? "c\(number)@example.com")
    let details = TaskDetails(
      vin: "LVIN\(10_000_000 + number)", plate: "苏A\(10_000 + number)",
      model: number % 2 == 0 ? "途安" : "ID.4",
      dealerID: "D0\(number % 3)", adviser: adviser ?? ["王强", "A/B", ""][number % 3],
      lastVisitOn: "2025-11-03", nextDueOn: "2026-05-03",
      reasons: ["Overdue by 92 days", "=1+1 was said, too"], play: "Offer a free inspection")
    return ExportedTask(
      line: number + 1, id: Pseudonym(high: 0xABCD_0000_0000_0000, low: UInt64(number)), campaign: "spring",
      template: "service-due@1", purpose: .marketing, channel: .phone, tier: number % 5 == 0 ? "vip" : nil,
      priority: Double(100 - number) / 3, due: Moment(milliseconds: 0), contact: contact, details: details)
  }

  static func tasks(_ count: Int) -> [ExportedTask] { (0..<count).map { task($0) } }
}
