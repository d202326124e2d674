internal import ContactQueue

/// Files for providers: their columns have English names in every language.
extension ExportPaper {
  /// `task, phone, text, segments`, at most 1,000 a file, phones in E.164.
  mutating func writeShortMessages(
    _ tasks: [ExportedTask], stem: String, _ options: ExportOptions
  ) throws(OutreachError) {
    var rows: [[String]] = []
    var total = 0
    for task in tasks {
      guard let phone = task.contact.phone.flatMap(PhoneText.mobile) else {
        flaws.append((task.id, .address))
        continue
      }
      guard let text = options.template?.text(task, unsubscribe: options.unsubscribe)?.body else {
        flaws.append((task.id, .field))
        continue
      }
      let length = SMSLength.segments(text)
      total += length
      longMessages += length > 1 ? 1 : 0
      rows.append([task.id.text, phone, text, String(length)])
    }
    segments = total
    try writeBatches(rows, header: ["task", "phone", "text", "segments"], stem: stem, options)
  }

  /// `task, openid` and, with a template, `text`.
  mutating func writeOpenIDs(
    _ tasks: [ExportedTask], stem: String, _ options: ExportOptions
  ) throws(OutreachError) {
    var rows: [[String]] = []
    for task in tasks {
      guard let account = task.contact.wechat, Self.isOpenID(account) else {
        flaws.append((task.id, .address))
        continue
      }
      guard let template = options.template else {
        rows.append([task.id.text, account])
        continue
      }
      guard let text = template.text(task, unsubscribe: options.unsubscribe)?.body else {
        flaws.append((task.id, .field))
        continue
      }
      rows.append([task.id.text, account, text])
    }
    let header = ["task", "openid"] + (options.template == nil ? [] : ["text"])
    try writeBatch(rows[...], header: header, name: "\(stem).csv", options)
  }

  /// Mails in mbox files, at most 1,000 a file.
  mutating func writeMails(
    _ tasks: [ExportedTask], stem: String, createdAt: Moment, _ options: ExportOptions
  ) {
    guard let sender = options.sender, let unsubscribe = options.unsubscribe, let template = options.template
    else { preconditionFailure("the options were checked") }
    var mails: [String] = []
    for task in tasks {
      guard let address = task.contact.email.flatMap({ MailAddress($0) }) else {
        flaws.append((task.id, .address))
        continue
      }
      guard let text = template.text(task, unsubscribe: unsubscribe), let subject = text.subject else {
        flaws.append((task.id, .field))
        continue
      }
      let mail = MailMessage(
        from: sender, to: address, subject: subject, body: text.body, task: task.id, unsubscribe: unsubscribe,
        at: createdAt)
      mails.append(mail.mbox)
    }
    for (index, start) in Self.batches(mails.count).enumerated() {
      let batch = mails[start..<min(start + Self.batchSize, mails.count)]
      files.append(
        File(
          name: "\(stem)-\(Self.padded(index + 1, 3)).mbox", rows: batch.count,
          bytes: Array(batch.joined().utf8)))
    }
  }

  private mutating func writeBatches(
    _ rows: [[String]], header: [String], stem: String, _ options: ExportOptions
  ) throws(OutreachError) {
    for (index, start) in Self.batches(rows.count).enumerated() {
      try writeBatch(
        rows[start..<min(start + Self.batchSize, rows.count)], header: header,
        name: "\(stem)-\(Self.padded(index + 1, 3)).csv", options)
    }
  }

  private mutating func writeBatch(
    _ rows: ArraySlice<[String]>, header: [String], name: String, _ options: ExportOptions
  ) throws(OutreachError) {
    var text = CSVText()
    text.add(header)
    for row in rows { text.add(row) }
    let bytes = try text.bytes(options.encoding == .gb18030 ? .gb18030 : .utf8)
    files.append(File(name: name, rows: rows.count, bytes: bytes))
  }

  private static func batches(_ count: Int) -> StrideTo<Int> {
    stride(from: 0, to: count, by: batchSize)
  }

  /// An OpenID, or an account name of WeChat: a letter, then letters, digits, `_` and `-`.
  static func isOpenID(_ text: String) -> Bool {
    let lengths = 6...64
    return lengths.contains(text.utf8.count) && text.first.map { $0.isASCII && $0.isLetter } == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }
}
