import ContactQueue
import Foundation
import Histories
import Outreach

/// The status of a queue as text, JSON and Prometheus metrics.
struct QueueStatusReport {
  let status: QueueStatus
  let language: Language

  init(_ status: QueueStatus, language: Language) {
    self.status = status
    self.language = language
  }

  private var chinese: Bool { language == .chinese }

  // MARK: Text

  var lines: [String] {
    var lines = [heading, pauseLine, ""]
    let states = TaskState.allCases.filter { status.tasks($0) > 0 }
    if states.isEmpty {
      lines.append(chinese ? "队列中没有任务" : "The queue holds no task.")
    } else {
      lines += TestReport.aligned([depthHeadings(states)] + depthRows(states))
    }
    lines.append("")
    lines.append(ageLine)
    lines += [""] + TestReport.aligned([rateHeadings] + rateRows)
    if !status.runs.isEmpty { lines += [""] + TestReport.aligned([runHeadings] + runRows) }
    return lines
  }

  private var heading: String {
    let sealed = status.isSealing ? (chinese ? "，联系方式已加密" : ", contact details encrypted") : ""
    return chinese
      ? "队列 \(status.queue)，版本 \(status.version)\(sealed)"
      : "Queue \(status.queue), version \(status.version)\(sealed)"
  }

  var pauseLine: String {
    if status.isPaused { return chinese ? "已暂停：全部渠道" : "Paused: everything" }
    let channels = status.pausedChannels.map(\.rawValue).joined(separator: ", ")
    if channels.isEmpty { return chinese ? "未暂停" : "Nothing is paused" }
    return chinese ? "已暂停：\(channels)" : "Paused: \(channels)"
  }

  private func depthHeadings(_ states: [TaskState]) -> [String] {
    [chinese ? "活动" : "campaign", chinese ? "渠道" : "channel"] + states.map(name)
  }

  private func depthRows(_ states: [TaskState]) -> [[String]] {
    var rows: [[String]] = []
    var seen: Set<String> = []
    for depth in status.depths where seen.insert("\(depth.campaign)\u{0}\(depth.channel)").inserted {
      let own = status.depths.filter { $0.campaign == depth.campaign && $0.channel == depth.channel }
      rows.append(
        [depth.campaign, depth.channel.rawValue]
          + states.map { state in
            own.first { $0.state == state }.map { Shown.count($0.tasks) } ?? "–"
          })
    }
    return rows
  }

  private func name(_ state: TaskState) -> String {
    guard chinese else { return state.rawValue }
    switch state {
    case .planned: return "待批准"
    case .approved: return "待处理"
    case .leased: return "处理中"
    case .sent: return "已发出"
    case .delivered: return "已送达"
    case .failed: return "失败"
    case .suppressed: return "已抑制"
    case .dead: return "死信"
    case .cancelled: return "已取消"
    case .unknown: return "结果未知"
    }
  }

  private var ageLine: String {
    let due = status.oldestDue.map(Self.shown) ?? "–"
    let sent = status.oldestSent.map(Self.shown) ?? "–"
    return chinese
      ? "等待最久：\(due)；发出最久未回：\(sent)；对照组 \(Shown.count(status.heldOut))；导出 \(status.exports)；事件 \(Shown.count(status.events))"
      : "Due longest: \(due) · sent longest without a word: \(sent) · held out: \(Shown.count(status.heldOut)) · exports: \(status.exports) · events: \(Shown.count(status.events))"
  }

  private static func shown(_ span: Moment.Span) -> String {
    let minutes = span.milliseconds / 60_000
    switch minutes {
    case ..<120: return "\(minutes) min"
    case ..<2880: return "\(minutes / 60) h"
    default: return "\(minutes / 1440) d"
    }
  }

  private var rateHeadings: [String] {
    chinese ? ["事件", "5 分钟", "1 小时", "总计"] : ["event", "5 min", "1 hour", "total"]
  }

  private var rateRows: [[String]] {
    status.rates.map { [$0.kind] + [$0.lastFiveMinutes, $0.lastHour, $0.total].map { Shown.count($0) } }
  }

  private var runHeadings: [String] {
    chinese ? ["名单", "活动", "波次", "入队时间", "模型"] : ["list", "campaign", "wave", "enqueued", "model"]
  }

  private var runRows: [[String]] {
    status.runs.map { run in
      [
        "\(run.id)", run.campaign, "\(run.wave)", LocalTime(.gmt).text(run.committedAt),
        run.model ?? (chinese ? "未知" : "not known"),
      ]
    }
  }

  // MARK: JSON

  var json: [String: Any] {
    [
      "schema": "revisit.outreach-status/1", "queue": status.queue, "version": status.version,
      "encrypted": status.isSealing, "paused": status.isPaused,
      "paused_channels": status.pausedChannels.map(\.rawValue),
      "tasks": Dictionary(
        uniqueKeysWithValues: TaskState.allCases.map { ($0.rawValue, status.tasks($0)) }),
      "depth": status.depths.map {
        [
          "campaign": $0.campaign, "channel": $0.channel.rawValue, "state": $0.state.rawValue,
          "tasks": $0.tasks,
        ] as [String: Any]
      },
      "oldest_due_seconds": seconds(status.oldestDue), "oldest_sent_seconds": seconds(status.oldestSent),
      "runs": status.runs.map { run in
        [
          "run": run.id, "campaign": run.campaign, "wave": run.wave, "list_sha256": run.list,
          "model": run.model ?? NSNull(), "model_sha256": run.modelHash ?? NSNull(),
          "committed_at": LocalTime(.gmt).text(run.committedAt),
        ] as [String: Any]
      },
      "held_out": status.heldOut, "exports": status.exports, "events": status.events,
      "rates": Dictionary(
        uniqueKeysWithValues: status.rates.map {
          ($0.kind, ["five_minutes": $0.lastFiveMinutes, "hour": $0.lastHour, "total": $0.total])
        }),
    ]
  }

  private func seconds(_ span: Moment.Span?) -> Any {
    span.map { Double($0.milliseconds) / 1000 } ?? NSNull()
  }

  // MARK: Prometheus

  /// Text exposition format 0.0.4.
  var prometheus: [String] {
    var lines = metric("tasks", "gauge", "Tasks by campaign, channel and state.")
    lines += status.depths.map {
      "revisit_queue_tasks{campaign=\"\(Self.escaped($0.campaign))\",channel=\"\($0.channel.rawValue)\",state=\"\($0.state.rawValue)\"} \($0.tasks)"
    }
    for (name, age, help) in [
      ("oldest_due_seconds", status.oldestDue, "How long the task is due that waits longest."),
      ("oldest_sent_seconds", status.oldestSent, "How long ago the oldest message without a word was sent."),
    ] {
      lines += metric(name, "gauge", help)
      lines.append("revisit_queue_\(name) \(Double(age?.milliseconds ?? 0) / 1000)")
    }
    lines += metric("events_total", "counter", "What happened since the queue was made.")
    lines += status.rates.map { "revisit_queue_events_total{kind=\"\($0.kind)\"} \($0.total)" }
    for (name, kind, help) in [
      ("leases_expired_total", "lease_expired", "Leases that ran out."),
      ("dead_total", "dead", "Tasks that used up their attempts."),
    ] {
      lines += metric(name, "counter", help)
      lines.append("revisit_queue_\(name) \(status.rates.first { $0.kind == kind }?.total ?? 0)")
    }
    lines += metric("paused", "gauge", "1 when a channel is paused.")
    lines += Channel.allCases.map { channel in
      let isPaused = status.isPaused || status.pausedChannels.contains(channel)
      return "revisit_queue_paused{channel=\"\(channel.rawValue)\"} \(isPaused ? 1 : 0)"
    }
    return lines
  }

  private func metric(_ name: String, _ type: String, _ help: String) -> [String] {
    ["# HELP revisit_queue_\(name) \(help)", "# TYPE revisit_queue_\(name) \(type)"]
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
