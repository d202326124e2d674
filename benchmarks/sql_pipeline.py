"""DuckDB as a peer: histories → features at two dates in memory, in SQL.

Prints one JSON object: seconds by stage, rows, peak memory in bytes.
"""

import time

STARTED = time.perf_counter()

import argparse
import json
import os
import resource
from pathlib import Path

from peer import sql
from peer.days import day


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--as-of", type=day, required=True)
    arguments.add_argument("--train-as-of", type=day, required=True)
    arguments.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = arguments.parse_args()

    seconds = {}
    mark = time.perf_counter()
    seconds["start"] = mark - STARTED

    def finish(stage: str) -> None:
        nonlocal mark
        now = time.perf_counter()
        seconds[stage] = now - mark
        mark = now

    database = sql.open_database(options.threads)
    sql.load(database, options.data, options.as_of)
    finish("load")
    matrices = [sql.features(database, at) for at in (options.train_as_of, options.as_of)]
    finish("features")
    seconds["total"] = mark - STARTED
    print(json.dumps({
        "seconds": {stage: round(value, 3) for stage, value in seconds.items()},
        "rows": {
            "features": len(matrices[0]) - 1, "rows": sum(len(matrix["relation"]) for matrix in matrices),
            "visits": database.execute("SELECT count(*) FROM visits").fetchall()[0][0],
        },
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
