import ArgumentParser
import ContactQueue
import Foundation
import Outreach

struct OutreachExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Hand tasks out as files: call lists, short messages, OpenIDs, mails, advisers' lists.",
    usage: """
      revisit outreach export --queue <url> --channel <channel> --out <dir> \\
               [<options>]
      """,
    discussion: """
      What is written counts as sent: the policy is asked about every task first,
      and `revisit outreach receipts` brings back what became of it. Each export
      has a number and a folder of its own with a manifest (rows, SHA-256), and is
      never written over; --number writes one again, the same bytes.

        phone    call list for people, .xlsx or .csv, with columns to fill in
        adviser  the same, a sheet or a file an adviser
        sms      task, phone (E.164), text, segments; at most 1,000 a file
        wechat   task, openid, and text with a template
        email    mbox, at most 1,000 a file, one-click unsubscribing (RFC 8058);
                 sign List-Unsubscribe and List-Unsubscribe-Post with DKIM

      A template is a text with fields: {name}, or {name|customer} with what
      stands in for it; {model} {plate} {vin} {dealer} {adviser} {last_visit_on}
      {next_due_on} {reason} {play} {task} {unsubscribe}. Mails begin with a line
      `Subject: …`.

        revisit outreach export --queue sqlite:q.db --channel phone --out lists
        revisit outreach export --queue sqlite:q.db --channel sms --out lists \\
          --campaign spring --template due.txt
      """)

  @OptionGroup var queue: QueueOptions

  @Option(help: ArgumentHelp("phone, sms, wechat, email or adviser.", valueName: "channel"))
  var channel: Channel?

  @Option(help: ArgumentHelp("Only this campaign.", valueName: "name"))
  var campaign: String?

  @Option(help: ArgumentHelp("The most tasks to hand out (default: all that are due).", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Folder in which the export gets a folder of its own.", valueName: "dir"))
  var out: String?

  @Option(help: ArgumentHelp("Lists for people: xlsx (the default) or csv.", valueName: "format"))
  var format: ExportOptions.Format = .xlsx

  @Option(help: ArgumentHelp("Text files: utf-8 (the default) or gb18030.", valueName: "encoding"))
  var encoding: ExportOptions.Encoding = .utf8

  @Option(help: ArgumentHelp("Text of messages, with fields; UTF-8.", valueName: "file"))
  var template: String?

  @Option(help: ArgumentHelp("Sender of mails: 'Name <address>'.", valueName: "address"))
  var from: String?

  @Option(
    help: ArgumentHelp("https address that takes a customer off the list, with {task}.", valueName: "url"))
  var unsubscribe: String?

  @Option(help: ArgumentHelp("Write this export again, for instance after a full disk.", valueName: "n"))
  var number: Int64?

  @OptionGroup var ledger: LedgerOptions

  @Flag(help: "List all exports instead.")
  var list = false

  @OptionGroup var work: WorkOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): at least 1.") }
    if list { return }
    guard out != nil else { throw ValidationError("Name a folder with --out.") }
    guard channel != nil || number != nil else {
      throw ValidationError("Name a channel with --channel, or an export with --number.")
    }
    if number != nil, campaign != nil || limit != nil {
      throw ValidationError("--number writes what was chosen before: leave --campaign and --limit out.")
    }
  }

  func run() throws {
    do {
      if list { return show(try queue.open().exports()) }
      guard let out else { preconditionFailure("the arguments were checked") }
      let options = try exportOptions()
      if let channel { try options.check(for: channel) }
      let queue = try queue.open()
      let exporter = Exporter(queue: queue, parent: out, options: options, owner: work.name)
      let known = try number.map { try exporter.known($0) }
      if let known, let channel, known.channel != channel {
        throw Failure(
          .usage, "Export \(known.number) is for \(known.channel.rawValue), not for \(channel.rawValue).")
      }
      guard let channel = known?.channel ?? channel else { preconditionFailure("the arguments were checked") }
      try options.check(for: channel)
      if known == nil { try ledger.refresh(queue, at: work.now, work.common) }
      let record =
        try known
        ?? exporter.begin(
          ExportRequest(
            kind: ExportKind(channel).rawValue, channel: channel, campaign: campaign, limit: limit,
            owner: work.name),
          gates: QueueGates.gate(of:), at: work.now)
      report(record.rows == 0 ? nil : try exporter.write(record, at: work.now))
    } catch {
      throw Failure.from(error)
    }
  }

  private func exportOptions() throws -> ExportOptions {
    var options = ExportOptions()
    options.format = format
    options.encoding = encoding
    options.isChinese = work.common.language == .chinese
    options.template = try template.map { try MessageTemplate(file: $0) }
    options.unsubscribe = try unsubscribe.map { try UnsubscribeLink($0) }
    options.sender = try from.map {
      guard let address = MailAddress($0) else {
        throw Failure(.usage, "--from is no mail address. Give one such as 'Service <service@example.com>'.")
      }
      return address
    }
    return options
  }

  // MARK: What is said

  private func report(_ export: Exporter.Written?) {
    guard let export else {
      if work.common.json {
        Output.json(["schema": Self.schema, "rows": 0])
      } else if !work.common.quiet {
        Talk.line("Nothing is due, or the policy lets nothing out: no export was made.")
      }
      return
    }
    let (manifest, paper) = (export.manifest, export.paper)
    if work.common.json {
      var object: [String: Any] = [
        "schema": Self.schema, "number": manifest.number, "channel": manifest.channel.rawValue,
        "kind": manifest.kind, "folder": export.folder, "rows": manifest.rows,
        "files": manifest.files.map {
          ["name": $0.name, "rows": $0.rows, "sha256": $0.sha256] as [String: Any]
        },
        "unusable": manifest.unusable, "already_there": export.wasThere,
      ]
      if let segments = manifest.segments {
        object["segments"] = segments
        object["long_messages"] = paper.longMessages
      }
      return Output.json(object)
    }
    for file in manifest.files {
      Output.line(
        "\(Shown.right(Shown.count(file.rows), 9))  \(file.sha256.prefix(12))  \(export.folder)/\(file.name)")
    }
    guard !work.common.quiet else { return }
    Talk.line(
      "Export \(manifest.number): \(Shown.count(manifest.rows)) tasks handed out"
        + (export.wasThere ? "; the folder held the same files already." : "."))
    if let segments = manifest.segments {
      Talk.line(
        "\(Shown.count(segments)) segments, \(Shown.count(paper.longMessages)) messages are longer than one.")
    }
    for (reason, count) in manifest.unusable.sorted(by: { $0.key < $1.key }) {
      Talk.line("\(Shown.count(count)) tasks are in no file (\(reason)); the queue has them as failed.")
    }
  }

  private func show(_ exports: [ExportRecord]) {
    if work.common.json {
      return Output.json([
        "schema": "revisit.outreach-exports/1",
        "exports": exports.map { export in
          [
            "number": export.number, "kind": export.kind, "channel": export.channel.rawValue,
            "campaign": export.campaign ?? NSNull(), "owner": export.owner,
            "created_at": export.createdAt.iso,
            "rows": export.rows, "is_written": export.files != nil,
            "files": (export.files ?? []).map {
              ["name": $0.name, "rows": $0.rows, "sha256": $0.sha256] as [String: Any]
            },
          ] as [String: Any]
        },
      ])
    }
    for export in exports {
      let state = export.files == nil ? "  not written yet: --number \(export.number)" : ""
      Output.line(
        "\(Shown.right(String(export.number), 5))  \(export.createdAt.iso)  \(Shown.padded(export.channel.rawValue, 8))"
          + "\(Shown.right(Shown.count(export.rows), 9))  \(export.campaign ?? "")\(state)")
    }
  }

  private static let schema = "revisit.outreach-export-summary/1"
}

extension ExportOptions.Format: ExpressibleByArgument {}
extension ExportOptions.Encoding: ExpressibleByArgument {}
