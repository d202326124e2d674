"""Compares the logistic solver with its peers on dense tables and writes SOLVER.md and solver.json.

All sides are run in turn, a process each, and only fitting is timed, with arrays in memory. Standard library only; the
peers run in the environment that scripts/bench-setup makes.
"""

import argparse
import datetime
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measuring
import solver_paths
from measuring import DATA, HERE, PEER_PYTHON, REVISIT, ROOT, BenchmarkError, machine, run
from solver_report import write_solver_results

PENALTY = 1e-3
SHAPES = ["378334x52", "1000000x50"]
PEERS = ["newton-cholesky", "lbfgs", "saga", "glum", "glmnet", "liblinear"]
# Ours in one process, the first one cold.
FITS = 5
# A peer that takes longer is run once.
SLOW_SECONDS = 10
# The sizes of a gradient that counts as none, and of rounding in an objective of some tenths.
EXACT = 1e-9
ROUNDING = 1e-14


def table(shape: str) -> Path:
    """The path of the table without extension, made once."""
    path = DATA / f"dense-{shape}"
    if not path.with_suffix(".npy").exists():
        rows, columns = shape.split("x")
        print(f"bench: making {rows} × {columns} …", file=sys.stderr)
        subprocess.run(
            [PEER_PYTHON, HERE / "peers" / "dense.py", "--rows", rows, "--columns", columns, "--out", path], check=True)
    return path


def peer_command(path: Path, peer: str, penalty: float, *what: str) -> list[str]:
    return [
        str(PEER_PYTHON), str(HERE / "peers" / "solver_peer.py"), "--data", str(path.with_suffix(".npy")), "--peer", peer,
        "--penalty", repr(penalty), *what]


def our_command(path: Path, penalty: float) -> list[str]:
    return [
        str(REVISIT), "measure", "solver", "--table", str(path.with_suffix(".parquet")), "--label", "label",
        "--penalty", repr(penalty), "--runs", str(FITS)]


def checked(path: Path, penalty: float, report: dict) -> dict:
    """Objective and gradient at our coefficients, computed as for the peers."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([row["estimate"] for row in report["coefficients"]], file)
        file.flush()
        command = peer_command(path, "check", penalty, "--coefficients", file.name)
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def compare(shape: str, peers: list[str], penalty: float, runs: int, under: list[str]) -> dict:
    path = table(shape)
    commands = {"ours": our_command(path, penalty)} | {peer: peer_command(path, peer, penalty) for peer in peers}
    reports: dict[str, list[dict]] = {side: [] for side in commands}
    for turn in range(runs):
        for side, command in commands.items():
            if reports[side] and seconds(reports[side])[0] > SLOW_SECONDS:
                continue
            reports[side].append(run(under + command).report)
            print(
                f"bench: {shape}, run {turn + 1}/{runs}, {side}: {statistics.median(seconds(reports[side][-1:])):.3f} s",
                file=sys.stderr)
    ours = reports.pop("ours")
    return {
        "shape": shape, "penalty": penalty, "ours": ours, "check": checked(path, penalty, ours[0]), "peers": reports}


def seconds(reports: list[dict]) -> list[float]:
    """The seconds of every fit of one side."""
    return [fit for report in reports for fit in (report["fits"] if "fits" in report else [report["seconds"]["fit"]])]


def faults(result: dict) -> list[str]:
    """What does not hold of our solution that must."""
    found = []
    own = result["check"]
    if own["gradient"] > EXACT:
        found.append(f"the gradient is {own['gradient']:.1e}")
    for peer, reports in result["peers"].items():
        least = min(report["objective"] for report in reports)
        if own["objective"] > least + ROUNDING:
            found.append(f"{peer} reaches an objective lower by {own['objective'] - least:.1e}")
    return [f"{result['shape']}, penalty {result['penalty']:g}: {fault}" for fault in found]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    arguments.add_argument("--shapes", default=",".join(SHAPES), help="rows x columns, comma-separated")
    arguments.add_argument(
        "--without-paths", action="store_true", help="leave out paths (first shape) and bins (last shape)")
    arguments.add_argument("--peers", default=",".join(PEERS), help="comma-separated")
    arguments.add_argument(
        "--under", type=shlex.split, default=[], help="a command that each run is put under, such as 'taskset -c 0,1'")
    options = arguments.parse_args()
    peers = [peer for peer in options.peers.split(",") if peer]
    if options.runs < 1 or not set(peers) <= set(PEERS):
        arguments.error(f"--runs must be at least 1, --peers some of {', '.join(PEERS)}")
    for needed, target in [(REVISIT, "make build"), (PEER_PYTHON, "scripts/bench-setup")]:
        if not needed.exists():
            print(f"bench: {needed.relative_to(ROOT)} is not there; run `{target}` first.", file=sys.stderr)
            return 66
    DATA.mkdir(exist_ok=True)
    results, further = [], None
    shapes = options.shapes.split(",")
    try:
        for shape in shapes:
            results.append(compare(shape, peers, PENALTY, options.runs, options.under))
            results.append(compare(shape, ["statsmodels"], 0, options.runs, options.under))
        if not options.without_paths:
            further = {
                "paths": solver_paths.paths(table(shapes[0]), shapes[0], options.runs, options.under),
                "bins": solver_paths.bins(table(shapes[-1]), shapes[-1], options.runs, options.under)}
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    found = [fault for result in results for fault in faults(result)]
    found += solver_paths.faults(further["paths"]) if further else []
    write_solver_results({
        "schema": "revisit-solver-benchmark/1", "date": datetime.date.today().isoformat(), "runs": options.runs,
        "machine": machine(measuring.SOLVER_PACKAGES), "faults": found, "results": results,
        "further": further,
    })
    print("bench: wrote benchmarks/SOLVER.md and benchmarks/solver.json", file=sys.stderr)
    for fault in found:
        print(f"bench: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
