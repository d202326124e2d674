"""Puts load on the contact queue, in SQLite and in PostgreSQL, and writes QUEUE.md and queue.json.

Every run has a new database, and both stores take turns. Commits wait for the disk. Standard library only.
"""

import argparse
import datetime
import json
import statistics
import subprocess
import sys
import tempfile

import private_postgresql
from measuring import HERE, REVISIT, ROOT, BenchmarkError, machine, run

STORES = ["sqlite", "postgresql"]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# The bars: seconds to enqueue a million, tasks a second with eight workers, seconds to tell the status of ten million.
MILLION = 1_000_000
ENQUEUE_BAR = {"sqlite": 30, "postgresql": 60}
WORK_BAR = {"sqlite": 2000, "postgresql": 5000}
STATUS_BAR = 0.05
# Lists of a million beside the first one, for the status.
FURTHER_LISTS = 9


def measure(url: str, options: argparse.Namespace, further: int) -> dict:
    return run([
        str(REVISIT), "measure", "queue", "--queue", url, "--tasks", str(options.tasks), "--worked", str(options.worked),
        "--batch", str(options.batch), "--workers", str(options.workers), "--further-lists", str(further)]).report


def measured(options: argparse.Namespace) -> dict[str, list[dict]]:
    reports: dict[str, list[dict]] = {store: [] for store in options.stores}
    with private_postgresql.server() as socket, tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for turn in range(options.runs):
            # The last turn goes on to ten million.
            further = options.further if turn == options.runs - 1 else 0
            for store in options.stores:
                url = (
                    f"sqlite:{folder}/queue-{turn}.db" if store == "sqlite"
                    else private_postgresql.make_database(socket, f"queue_{turn}"))
                report = measure(url, options, further)
                reports[store].append(report)
                rate = statistics.median(work["rate"] for work in report["work"])
                print(
                    f"bench: run {turn + 1}/{options.runs}, {NAMES[store]}: enqueue {report['enqueue']:.1f} s, "
                    f"{rate:,.0f} tasks/s", file=sys.stderr)
    return reports


def figures(store: str, reports: list[dict]) -> dict:
    work = [part["rate"] for report in reports for part in report["work"]]
    status = reports[-1]["status"]
    return {
        "enqueue_seconds": statistics.median(report["enqueue"] for report in reports),
        "enqueue_range": [min(r["enqueue"] for r in reports), max(r["enqueue"] for r in reports)],
        "tasks_per_second": statistics.median(work), "tasks_per_second_range": [min(work), max(work)],
        "status_seconds": statistics.median(status["seconds"]), "status_tasks": status["tasks"],
        "bars": {
            "enqueue_seconds": ENQUEUE_BAR[store], "tasks_per_second": WORK_BAR[store], "status_seconds": STATUS_BAR},
    }


def repeated(runs: int) -> str:
    """What the figures are figures of."""
    lists = "One list for each store" if runs == 1 else f"{runs} lists for each store"
    return f"{lists}, with three rounds of work in each: medians, lowest to highest in brackets."


def page(result: dict, options: argparse.Namespace) -> str:
    host = result["machine"]
    lines = [
        "# The contact queue under load", "",
        f"One list of {options.tasks:,} tasks is enqueued in one transaction, with scores, ledger, personal data and audit "
        f"chain. {options.workers} workers then lease {options.batch} tasks at a time, say that they send, and say that they "
        "arrived: three durable transactions a batch, the policy's consents and gaps asked again at each lease. Commits "
        "wait for the disk (`synchronous = FULL`, `fsync` and `synchronous_commit` on). The server runs on the same cores, with "
        f"`shared_buffers` of {private_postgresql.SHARED_BUFFERS}.",
        "",
        f"Measured on {result['date']} at commit {host['commit']}: {host['processor']}, {host['cores']} cores, "
        f"{host['memory_gib']} GiB, {host['system']}; {host['swift']}; {result['server']}. Load of the machine by other work "
        f"before the start: {result['load']:.1f} processes. {repeated(options.runs)}", "",
        "| store | enqueue, s | bar | lease and acknowledge, tasks/s | bar | status, ms | of tasks | bar |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for store, own in result["figures"].items():
        low, high = own["enqueue_range"]
        slow, fast = own["tasks_per_second_range"]
        bars = own["bars"]
        lines.append(
            f"| {NAMES[store]} | {own['enqueue_seconds']:.1f} ({low:.1f} to {high:.1f}) | {bars['enqueue_seconds']} | "
            f"{own['tasks_per_second']:,.0f} ({slow:,.0f} to {fast:,.0f}) | {bars['tasks_per_second']:,} | "
            f"{own['status_seconds'] * 1000:.1f} | {own['status_tasks']:,} | {bars['status_seconds'] * 1000:.0f} |")
    if options.tasks != MILLION:
        lines += ["", f"The bar of enqueueing is for {MILLION:,} tasks; this run had {options.tasks:,}."]
    return "\n".join(lines) + "\n"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="runs of each store (default 3)")
    arguments.add_argument("--tasks", type=int, default=MILLION, help="tasks of a list (default a million)")
    arguments.add_argument("--worked", type=int, default=50_000, help="tasks that the workers do, three times (default 50,000)")
    arguments.add_argument("--workers", type=int, default=8, help="workers (default 8)")
    arguments.add_argument("--batch", type=int, default=100, help="tasks leased at once (default 100)")
    arguments.add_argument(
        "--further", type=int, default=FURTHER_LISTS, help="lists more before the status is timed (default 9)")
    arguments.add_argument(
        "--stores", type=lambda text: text.split(","), default=STORES, help="comma-separated (default both)")
    arguments.add_argument("--folder", help="where SQLite's file lies for the while")
    options = arguments.parse_args()
    if options.runs < 1 or not set(options.stores) <= set(STORES):
        arguments.error(f"--runs must be at least 1, --stores some of {', '.join(STORES)}")
    if not REVISIT.exists() or private_postgresql.programs() is None:
        print("bench: run `make build` and `scripts/setup postgresql` first.", file=sys.stderr)
        return 66
    with open("/proc/loadavg") as file:
        load = float(file.read().split()[0])
    try:
        reports = measured(options)
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    version = subprocess.run(
        [private_postgresql.programs() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    result = {
        "schema": "revisit-queue-benchmark/1", "date": datetime.date.today().isoformat(), "runs": options.runs,
        "machine": machine(()), "server": version, "load": load,
        "figures": {store: figures(store, own) for store, own in reports.items()}, "reports": reports,
    }
    (HERE / "QUEUE.md").write_text(page(result, options))
    (HERE / "queue.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"bench: wrote {(HERE / 'QUEUE.md').relative_to(ROOT)} and queue.json", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
