"""Compares `revisit` with its peers on simulated dealer groups and writes RESULTS.md and results.json.

All sides are run in turn (ours, peer, ours, peer, …) as whole processes on the same files, after one reading of the
files to warm the cache. Standard library only; the peers run in the environment that scripts/bench-setup makes.
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile

from measuring import (
    DATA, HERE, LISTED, PEER_PYTHON, REFERENCE, REVISIT, ROOT, TRAIN_AS_OF, UNTIL, BenchmarkError, comparable, machine,
    ratio, run_in_turn, simulate, summary, warm)
from report import write_results

# What large groups may use, as `revisit --memory` takes it; None leaves the option out.
MEMORY: str | None = "6GB"
PEER_DATES = ["--as-of", str(UNTIL), "--train-as-of", str(TRAIN_AS_OF)]
OUR_DATES = ["--as-of", f"{TRAIN_AS_OF},{UNTIL}"]


def list_command(folder, out: str) -> list[str]:
    return [
        str(REVISIT), "at-risk", "--data", str(folder), *PEER_DATES, "--top", str(LISTED), "--out", out, "--json",
        "--timings", "--quiet"]


def features_command(folder, *what: str) -> list[str]:
    return [str(REVISIT), "features", "--data", str(folder), *OUR_DATES, *what, "--quiet"]


def peer_command(script: str, folder, *what: str) -> list[str]:
    return [str(PEER_PYTHON), str(HERE / script), "--data", str(folder), *PEER_DATES, *what]


def compare(customers: int, kind: str, runs: int) -> dict:
    every = simulate(customers, kind)
    folder = comparable(every)
    size = warm(folder)
    with tempfile.TemporaryDirectory() as scratch:
        commands = {
            "ours": list_command(folder, f"{scratch}/ours.csv"),
            "peer": peer_command("peer_pipeline.py", folder, "--top", str(LISTED), "--out", f"{scratch}/peer.csv"),
            "matrix": features_command(folder, "--measure", "matrix"),
            "matrix_polars": peer_command("peer_pipeline.py", folder, "--matrix-only"),
            "matrix_duckdb": peer_command("sql_pipeline.py", folder),
        }
        if kind == "parquet":
            warm(every)
            commands |= {
                "every": list_command(every, f"{scratch}/every.csv"),
                "features": features_command(
                    folder, "--out", f"{scratch}/features.parquet", "--json", "--timings"),
                "peer_features": peer_command(
                    "peer_pipeline.py", folder, "--features-only", "--out", f"{scratch}/peer.parquet"),
                "sweep": features_command(every, "--measure", "sweep"),
            }
        measured = run_in_turn(commands, runs, f"{customers:,} {kind}")
    result = {"customers": customers, "format": kind, "bytes": size, **summary(measured)}
    result["ratio"] = {
        "peer": ratio(measured["peer"], measured["ours"]),
        "matrix_polars": ratio(measured["matrix_polars"], measured["matrix"]),
        "matrix_duckdb": ratio(measured["matrix_duckdb"], measured["matrix"]),
    }
    if "sweep" in measured:
        # The run in the middle, whole: its numbers belong together.
        ordered = sorted(
            (r.report for r in measured["sweep"]), key=lambda report: report["sweeps"][0]["seconds"]["total"])
        result["sweep"] = ordered[len(ordered) // 2]
    return result


def grow(customers: int, runs: int) -> dict:
    """Ours alone on every table of a large group, and of the reference group, which it is held against."""
    memory = [] if MEMORY is None else ["--memory", MEMORY]
    sizes = {}
    for size in sorted({REFERENCE, customers}):
        folder = simulate(size, "parquet")
        read = warm(folder)
        with tempfile.TemporaryDirectory() as scratch:
            commands = {
                "list": [*list_command(folder, f"{scratch}/list.csv"), *memory],
                "file": [
                    *features_command(folder, "--out", f"{scratch}/features.parquet", "--json", "--timings"), *memory],
            }
            measured = run_in_turn(commands, runs, f"{size:,} alone")
        sizes[size] = {"bytes": read, **summary(measured)}
    return {"customers": customers, "memory": MEMORY, "sizes": sizes}


def check(customers: int, kind: str) -> bool:
    """Whether the peers compute the same features of the same relations."""
    command = peer_command("peer_check.py", comparable(simulate(customers, kind)))
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        report = json.loads(process.stdout)
    except json.JSONDecodeError as error:
        raise BenchmarkError(f"peer_check.py ended with {process.returncode}") from error
    rows = sum(date["rows"] for date in report["dates"].values())
    print(
        f"bench: {customers:,} {kind}: {report['features']} features of {rows:,} rows are "
        + ("the same in Polars and in SQL" if report["same"] else f"not the same: {json.dumps(report['dates'])}"),
        file=sys.stderr)
    return report["same"]


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    arguments.add_argument("--sizes", type=words, default=["100000", "1000000"], help="customers, comma-separated")
    arguments.add_argument("--formats", type=words, default=["parquet", "csv"], help="parquet, csv or both")
    arguments.add_argument(
        "--ours-only", action="store_true", help="measure revisit alone, and how it grows from 1,000,000 customers")
    arguments.add_argument(
        "--large", type=words, default=[], help="further sizes to measure as with --ours-only, comma-separated")
    arguments.add_argument(
        "--large-runs", type=int, default=1, help="runs of large groups, which take minutes each (default 1)")
    arguments.add_argument(
        "--check", action="store_true", help="measure nothing: check that the peers compute the same features")
    options = arguments.parse_args()
    known = set(options.formats) <= {"parquet", "csv"} and all(s.isdigit() for s in options.sizes + options.large)
    if min(options.runs, options.large_runs) < 1 or not known:
        arguments.error("--runs and --large-runs must be at least 1, sizes whole numbers, --formats parquet or csv")
    for needed, target in [(REVISIT, "make build"), (PEER_PYTHON, "scripts/bench-setup")]:
        if not needed.exists():
            print(f"bench: {needed.relative_to(ROOT)} is not there; run `{target}` first.", file=sys.stderr)
            return 66
    DATA.mkdir(exist_ok=True)
    pairs = [(int(size), kind) for size in options.sizes for kind in options.formats]
    try:
        if options.check:
            return 0 if all([check(*pair) for pair in pairs]) else 1
        large = (options.sizes if options.ours_only else []) + options.large
        results = [] if options.ours_only else [compare(*pair, options.runs) for pair in pairs]
        grown = [grow(int(size), options.large_runs) for size in large]
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    write_results({
        "schema": "revisit-benchmark/2", "date": datetime.date.today().isoformat(), "runs": options.runs,
        "as_of": str(UNTIL), "train_as_of": str(TRAIN_AS_OF), "machine": machine(), "results": results,
        "grown": grown,
    })
    print("bench: wrote benchmarks/RESULTS.md and benchmarks/results.json", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
