extension Migration {
  /// Whether a move is none that tasks may make: the bit of the new state is missing from those that follow the old.
  ///
  /// A condition of triggers, so that databases look for themselves and call a trigger only to refuse; numbers, for a
  /// list would be put into a table at each row.
  private static let isNoMove: String = {
    let followers = TaskState.allCases.map { state in
      "WHEN \(state.code) THEN \(state.next.reduce(0) { $0 | 1 << $1.code })"
    }.joined(separator: " ")
    let bit = "(CASE OLD.state \(followers) ELSE 0 END >> CAST(NEW.state AS INTEGER)) & 1"
    return "OLD.state <> NEW.state AND \(bit) = 0"
  }()

  private static let firstStates = "\(TaskState.planned.code), \(TaskState.approved.code)"
  private static let unchanging = ["event", "export_line", "receipt"]
  /// Rows that never change, but go with a customer who is erased.
  private static let erasable = ["statement"]

  /// What the database refuses, whoever asks: moves that are not in `TaskState.next`, tasks that begin elsewhere than planned
  /// or approved, a changed key, and changes to what only grows.
  static let guards: [Statement] =
    [
      .sqlite(
        """
        CREATE TRIGGER task_move BEFORE UPDATE OF state ON task WHEN \(isNoMove)
          BEGIN SELECT RAISE(ABORT, 'no such move of a task'); END
        """),
      .sqlite(
        """
        CREATE TRIGGER task_start BEFORE INSERT ON task WHEN NEW.state NOT IN (\(firstStates))
          BEGIN SELECT RAISE(ABORT, 'a task begins planned or approved'); END
        """),
      .sqlite(
        """
        CREATE TRIGGER task_key BEFORE UPDATE OF key ON task
          BEGIN SELECT RAISE(ABORT, 'the key of a task never changes'); END
        """),
      .sqlite(
        """
        CREATE TRIGGER task_gone BEFORE DELETE ON task
          BEGIN SELECT RAISE(ABORT, 'tasks are never deleted'); END
        """),
      .postgresql(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          RAISE EXCEPTION 'rows of % never change so', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $body$
        """),
      .postgresql(
        """
        CREATE TRIGGER task_move BEFORE UPDATE ON task FOR EACH ROW
          WHEN (\(isNoMove)) EXECUTE FUNCTION refuse()
        """),
      // Not before the insertion: COPY would then take rows one by one.
      .postgresql(
        """
        CREATE TRIGGER task_start AFTER INSERT ON task FOR EACH ROW
          WHEN (NEW.state NOT IN (\(firstStates))) EXECUTE FUNCTION refuse()
        """),
      .postgresql(
        """
        CREATE TRIGGER task_key BEFORE UPDATE ON task FOR EACH ROW
          WHEN (OLD.key <> NEW.key) EXECUTE FUNCTION refuse()
        """),
      .postgresql(
        "CREATE TRIGGER task_gone BEFORE DELETE ON task FOR EACH ROW EXECUTE FUNCTION refuse()"),
    ]
    + (unchanging + erasable).flatMap { table -> [Statement] in
      [
        .sqlite(
          """
          CREATE TRIGGER \(table)_kept BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, 'rows of \(table) never change'); END
          """),
        .postgresql(
          "CREATE TRIGGER \(table)_kept BEFORE UPDATE ON \(table) FOR EACH ROW EXECUTE FUNCTION refuse()"),
      ]
    }
    + unchanging.flatMap { table -> [Statement] in
      [
        .sqlite(
          """
          CREATE TRIGGER \(table)_gone BEFORE DELETE ON \(table)
            BEGIN SELECT RAISE(ABORT, 'rows of \(table) are never deleted'); END
          """),
        .postgresql(
          "CREATE TRIGGER \(table)_gone BEFORE DELETE ON \(table) FOR EACH ROW EXECUTE FUNCTION refuse()"),
      ]
    }

  static let guardsGone: [Statement] =
    (["task_move", "task_start", "task_key", "task_gone"].map { ($0, "task") }
    + (unchanging + erasable).map { ("\($0)_kept", $0) } + unchanging.map { ("\($0)_gone", $0) })
    .flatMap { trigger, table -> [Statement] in
      [.sqlite("DROP TRIGGER \(trigger)"), .postgresql("DROP TRIGGER \(trigger) ON \(table)")]
    }

  static let functionsGone: [Statement] = [
    .postgresql("DROP FUNCTION refuse()")
  ]
}
