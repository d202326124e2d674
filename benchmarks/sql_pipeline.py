"""DuckDB as a peer: histories → features at two dates in memory, in SQL.

Prints one JSON object: seconds by stage, rows, peak memory in bytes.
"""

import time

STARTED = time.perf_counter()

import json
import os
import resource

from peer import sql, stages


def main() -> None:
    arguments = stages.arguments(__doc__)
    arguments.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = arguments.parse_args()

    clock = stages.Stages(STARTED)

    database = sql.open_database(options.threads)
    sql.load(database, options.data, options.as_of)
    clock.finish("load")
    matrices = [sql.features(database, at) for at in (options.train_as_of, options.as_of)]
    clock.finish("features")
    print(json.dumps({
        "seconds": clock.rounded(),
        "rows": {
            "features": len(matrices[0]) - 1, "rows": sum(len(matrix["relation"]) for matrix in matrices),
            "visits": database.execute("SELECT count(*) FROM visits").fetchall()[0][0],
        },
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))


if __name__ == "__main__":
    main()
