extension Migration {
  /// Queue, ledger, personal data apart, audit chain.
  static let first = Migration(
    version: 1, title: "the queue", up: tables + taskIndexes.map { .both($0.creation) } + indexes + guards,
    down: guardsGone + tableNames.reversed().map { .both("DROP TABLE \($0)") } + functionsGone)

  private static let tableNames = [
    "setting", "campaign", "run", "score", "holdout", "task", "task_detail", "contact", "person", "relation",
    "touch", "statement", "event", "chain", "tally", "usage", "export", "export_line", "receipt", "comeback",
    "access_log", "erasure", "known_file",
  ]

  private static let tables: [Statement] = [
    .both("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL {end}"),
    .both(
      """
      CREATE TABLE campaign (id {integer} PRIMARY KEY, name TEXT NOT NULL UNIQUE, purpose {integer} NOT NULL,
        template TEXT NOT NULL, wave {integer} NOT NULL, holdout_share {real} NOT NULL, policy TEXT NOT NULL,
        created_at {integer} NOT NULL {end}
      """),
    .both(
      """
      CREATE TABLE run (id {integer} PRIMARY KEY, campaign {integer} NOT NULL REFERENCES campaign (id),
        wave {integer} NOT NULL, template TEXT NOT NULL, policy TEXT NOT NULL, list TEXT NOT NULL, model TEXT,
        model_hash TEXT, counts TEXT NOT NULL, started_at {integer} NOT NULL, committed_at {integer} NOT NULL
      {end}
      """),
    .both(
      """
      CREATE TABLE score (run {integer} NOT NULL, line {integer} NOT NULL, customer {bytes} NOT NULL,
        vehicle {bytes} NOT NULL, probability {real}, value {real}, tier TEXT, decision TEXT NOT NULL,
        PRIMARY KEY (run, line) {keyed}
      """),
    .both(
      """
      CREATE TABLE holdout (campaign {integer} NOT NULL, customer {bytes} NOT NULL, vehicle {bytes} NOT NULL,
        stratum TEXT NOT NULL, wave {integer} NOT NULL, at {integer} NOT NULL, run {integer} NOT NULL,
        line {integer} NOT NULL, PRIMARY KEY (campaign, customer, vehicle) {keyed}
      """),
    .both(
      """
      CREATE TABLE task (id {integer} PRIMARY KEY, key {bytes} NOT NULL, campaign {integer} NOT NULL,
        run {integer} NOT NULL, line {integer} NOT NULL, wave {integer} NOT NULL, customer {bytes} NOT NULL,
        vehicle {bytes} NOT NULL, channel {integer} NOT NULL, tier TEXT, priority {real} NOT NULL,
        due_at {integer} NOT NULL, is_due {integer} NOT NULL, state {integer} NOT NULL,
        attempts {integer} NOT NULL, owner TEXT, token {bytes}, deadline {integer}, sent_at {integer},
        contact_version {integer}, reason TEXT, updated_at {integer} NOT NULL,
        CHECK (is_due IN (0, 1)), CHECK (attempts >= 0),
        CHECK (state NOT IN (2, 3) OR (owner IS NOT NULL AND token IS NOT NULL AND deadline IS NOT NULL)),
        CHECK (state IN (2, 3) OR deadline IS NULL), CHECK (state <> 3 OR sent_at IS NOT NULL) {end}
      """),
    .both("CREATE TABLE task_detail (task {integer} PRIMARY KEY, payload {bytes} NOT NULL {end}"),
    .both(
      """
      CREATE TABLE contact (customer {bytes} NOT NULL, version {integer} NOT NULL, payload {bytes} NOT NULL,
        cleared_at {integer}, PRIMARY KEY (customer, version) {end}
      """),
    // What histories say, and beside it what customers said through the queue, which histories may not know yet.
    .both(
      """
      CREATE TABLE person (customer {bytes} PRIMARY KEY, granted {integer} NOT NULL, refused {integer} NOT NULL,
        flags {integer} NOT NULL, unusable {integer} NOT NULL, reachable {integer} NOT NULL,
        said_granted {integer} NOT NULL, said_refused {integer} NOT NULL, said_flags {integer} NOT NULL,
        said_unusable {integer} NOT NULL, contact_version {integer} NOT NULL, updated_at {integer} NOT NULL
      {keyed}
      """),
    .both(
      """
      CREATE TABLE relation (customer {bytes} NOT NULL, vehicle {bytes} NOT NULL, flags {integer} NOT NULL,
        booked_for {integer}, PRIMARY KEY (customer, vehicle) {keyed}
      """),
    .both(
      """
      CREATE TABLE touch (customer {bytes} NOT NULL, at {integer} NOT NULL, channel {integer},
        task {integer} {end}
      """),
    .both(
      """
      CREATE TABLE statement (customer {bytes} NOT NULL, kind TEXT NOT NULL, scope {integer} NOT NULL,
        at {integer} NOT NULL, source TEXT NOT NULL, recorded_at {integer} NOT NULL {end}
      """),
    .both(
      """
      CREATE TABLE event (seq {integer} PRIMARY KEY, at {integer} NOT NULL, task {integer}, kind TEXT NOT NULL,
        from_state {integer}, to_state {integer}, owner TEXT, reason TEXT, detail TEXT, hash {bytes} NOT NULL
      {end}
      """),
    .both(
      "CREATE TABLE chain (id {integer} PRIMARY KEY CHECK (id = 1), seq {integer} NOT NULL, hash {bytes} NOT NULL {end}"
    ),
    .both(
      """
      CREATE TABLE tally (campaign {integer} NOT NULL, channel {integer} NOT NULL, state {integer} NOT NULL,
        n {integer} NOT NULL, PRIMARY KEY (campaign, channel, state) {keyed}
      """),
    .both(
      """
      CREATE TABLE usage (minute {integer} NOT NULL, kind TEXT NOT NULL, channel {integer} NOT NULL,
        n {integer} NOT NULL, PRIMARY KEY (kind, channel, minute) {keyed}
      """),
    .both(
      """
      CREATE TABLE export (number {integer} PRIMARY KEY, kind TEXT NOT NULL, channel {integer} NOT NULL,
        campaign TEXT, owner TEXT NOT NULL, created_at {integer} NOT NULL, rows_written {integer} NOT NULL,
        files TEXT {end}
      """),
    .both(
      """
      CREATE TABLE export_line (export {integer} NOT NULL REFERENCES export (number), line {integer} NOT NULL,
        task {integer} NOT NULL, contact_version {integer} NOT NULL, due_at {integer} NOT NULL,
        PRIMARY KEY (export, line) {keyed}
      """),
    .both(
      """
      CREATE TABLE receipt (id {bytes} PRIMARY KEY, task {integer} NOT NULL, outcome TEXT NOT NULL, reason TEXT,
        at {integer} NOT NULL, source TEXT NOT NULL, result TEXT NOT NULL, recorded_at {integer} NOT NULL {keyed}
      """),
    .both(
      """
      CREATE TABLE comeback (campaign {integer} NOT NULL, customer {bytes} NOT NULL, vehicle {bytes} NOT NULL,
        visit TEXT NOT NULL, opened_on {integer} NOT NULL, days {integer} NOT NULL,
        PRIMARY KEY (campaign, customer, vehicle) {keyed}
      """),
    .both(
      """
      CREATE TABLE access_log (at {integer} NOT NULL, who TEXT NOT NULL, purpose TEXT NOT NULL,
        what TEXT NOT NULL, row_count {integer} NOT NULL {end}
      """),
    // Suppression keys of erased customers: no other row leads to them.
    // `tombstone` stands wherever the customer stood; nothing leads from one to the other.
    .both(
      "CREATE TABLE erasure (key {bytes} PRIMARY KEY, tombstone {bytes} NOT NULL, at {integer} NOT NULL {keyed}"
    ),
    // Files outside the database that may hold personal data: an erasure looks into each.
    .both(
      "CREATE TABLE known_file (path TEXT PRIMARY KEY, kind TEXT NOT NULL, at {integer} NOT NULL {keyed}"),
  ]

  // States stand as numbers in conditions of partial indexes: queries that shall use them repeat the text.
  /// Those to which every new task is added: a long first list makes them when all tasks are there.
  static let taskIndexes: [(name: String, creation: String)] = [
    ("task_unique", "CREATE UNIQUE INDEX task_unique ON task (key)"),
    (
      "task_ready",
      "CREATE INDEX task_ready ON task (channel, priority DESC, due_at, id) WHERE \(TaskState.ready)"
    ),
    (
      "task_due",
      "CREATE INDEX task_due ON task (is_due, due_at, priority DESC) WHERE \(TaskState.isApproved)"
    ),
    ("task_customer", "CREATE INDEX task_customer ON task (customer)"),
  ]

  private static let indexes: [Statement] = [
    // Only what is out has one; said so, it is never taken for the way to a customer's task.
    .both("CREATE INDEX task_deadline ON task (deadline) WHERE deadline IS NOT NULL"),
    .both("CREATE UNIQUE INDEX task_live ON task (customer) WHERE \(TaskState.isOut)"),
    .both("CREATE INDEX task_sent ON task (sent_at) WHERE \(TaskState.isSent)"),
    .both("CREATE INDEX touch_customer ON touch (customer, at)"),
    .both("CREATE INDEX statement_customer ON statement (customer)"),
    .both("CREATE INDEX export_line_task ON export_line (task)"),
  ]
}

extension TaskState {
  /// Conditions of partial indexes.
  static let isApproved = "state = \(TaskState.approved.code)"
  static let ready = "\(isApproved) AND is_due = 1"
  static let isSent = "state = \(TaskState.sent.code)"
  static let isOut = "state IN (\(TaskState.leased.code), \(TaskState.sent.code))"
}
