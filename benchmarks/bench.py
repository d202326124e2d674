"""Compares `revisit at-risk` with its peers on simulated dealer groups and writes RESULTS.md and results.json.

Both are run in turn (ours, peer, ours, peer, …) as whole processes on the same files, after one reading of the files
to warm the cache. Standard library only; the peer runs in the environment that scripts/bench-setup makes.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REVISIT = ROOT / ".build" / "release" / "revisit"
PEER_PYTHON = HERE / ".venv" / "bin" / "python"
DATA = HERE / "data"

SEED = 1
UNTIL = datetime.date(2025, 12, 31)
# The longest label window (540 days) must have ended by the scoring date.
TRAIN_AS_OF = UNTIL - datetime.timedelta(days=541)
# Rows of the list: more than a group can call.
LISTED = 1000
PEER_TABLES = {
    "customers", "vehicles", "ownerships", "purchases", "visits", "surveys", "complaints", "contacts", "advisers",
    "schedules",
}
STAGES = ["load", "features", "train", "score_list"]
STAGE_NAMES = {
    "load": "load", "features": "features, two dates", "train": "train", "score_list": "score, rank, write the list",
}
MIB = 1024 * 1024


class BenchmarkError(Exception):
    pass


@dataclass
class Run:
    """One process from start to end."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    report: dict

    def stage(self, name: str) -> float | None:
        return self.report.get("seconds", {}).get(name)


def run(command: list[str]) -> Run:
    """Runs a process whose standard output is one JSON object, and measures it as a whole."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as talk:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=talk, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        talk.seek(0)
        if process.returncode != 0:
            said = talk.read().decode(errors="replace").strip().splitlines()[-5:]
            raise BenchmarkError(f"{Path(command[0]).name} ended with {process.returncode}:\n" + "\n".join(said))
        text = output.read().decode()
    try:
        report = json.loads(text)
    except json.JSONDecodeError as error:
        raise BenchmarkError(f"{Path(command[0]).name} did not print one JSON object: {error}") from error
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, report)


def simulate(customers: int, kind: str) -> Path:
    """The folder of simulated histories, made once."""
    folder = DATA / f"{customers}-seed{SEED}-{UNTIL}-{kind}"
    if not folder.exists():
        print(f"bench: simulating {customers:,} customers as {kind} …", file=sys.stderr)
        partial = folder.with_name(folder.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        subprocess.run(
            [REVISIT, "simulate", "--customers", str(customers), "--seed", str(SEED), "--until", str(UNTIL),
             "--out", partial, "--format", kind, "--quiet"],
            check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        partial.rename(folder)
    return folder


def comparable(folder: Path) -> Path:
    """A folder with the tables that the peer reads, so that both read the same."""
    target = folder.with_name(folder.name + "-comparable")
    if not target.exists():
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for path in folder.iterdir():
            if path.stem in PEER_TABLES:
                os.link(path, partial / path.name)
        partial.rename(target)
    return target


def warm(folder: Path) -> int:
    """Reads every file once, so that no run pays for the disk; returns their size."""
    size = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while block := file.read(8 * MIB):
                    size += len(block)
    return size


def compare(customers: int, kind: str, runs: int) -> dict:
    every = simulate(customers, kind)
    folder = comparable(every)
    size = warm(folder)
    measured: dict[str, list[Run]] = {"ours": [], "peer": [], "every": [], "features": [], "peer_features": []}
    with tempfile.TemporaryDirectory() as scratch:
        dates = ["--as-of", str(UNTIL), "--train-as-of", str(TRAIN_AS_OF)]
        common = ["--data", str(folder), *dates, "--top", str(LISTED), "--out"]
        commands = {
            "ours": [str(REVISIT), "at-risk", *common, f"{scratch}/ours.csv", "--json", "--timings", "--quiet"],
            "peer": [str(PEER_PYTHON), str(HERE / "peer_pipeline.py"), *common, f"{scratch}/peer.csv"],
        }
        if kind == "parquet":
            warm(every)
            commands["every"] = [
                str(REVISIT), "at-risk", "--data", str(every), *common[2:], f"{scratch}/every.csv", "--json",
                "--timings", "--quiet"]
            commands["features"] = [
                str(REVISIT), "features", "--data", str(folder), "--as-of", f"{TRAIN_AS_OF},{UNTIL}", "--out",
                f"{scratch}/features.parquet", "--json", "--timings", "--quiet"]
            commands["peer_features"] = [
                str(PEER_PYTHON), str(HERE / "peer_pipeline.py"), *common, f"{scratch}/peer.parquet",
                "--features-only"]
        for turn in range(runs):
            for side, command in commands.items():
                result = run(command)
                measured[side].append(result)
                print(
                    f"bench: {customers:,} {kind}, run {turn + 1}/{runs}, {side}: {result.seconds:.2f} s, "
                    f"{result.peak_bytes / MIB:,.0f} MiB", file=sys.stderr)
    measured = {side: results for side, results in measured.items() if results}
    pairs = [peer.seconds / ours.seconds for ours, peer in zip(measured["ours"], measured["peer"])]
    return {
        "customers": customers, "format": kind, "bytes": size,
        "rows": {side: results[0].report.get("rows", {}) for side, results in measured.items()},
        "runs": {
            side: [
                {"seconds": r.seconds, "cpu_seconds": r.cpu_seconds, "peak_bytes": r.peak_bytes,
                 "stages": r.report.get("seconds", {})}
                for r in results]
            for side, results in measured.items()
        },
        "median": {side: medians(results) for side, results in measured.items()},
        "ratio": {
            "median": statistics.median(r.seconds for r in measured["peer"])
            / statistics.median(r.seconds for r in measured["ours"]),
            "lowest": min(pairs), "highest": max(pairs),
        },
    }


def medians(results: list[Run]) -> dict:
    stages = {}
    for name in STAGES:
        values = [r.stage(name) for r in results if r.stage(name) is not None]
        stages[name] = statistics.median(values) if values else None
    return {
        "seconds": statistics.median(r.seconds for r in results),
        "cpu_seconds": statistics.median(r.cpu_seconds for r in results),
        "peak_bytes": statistics.median(r.peak_bytes for r in results),
        "stages": stages,
    }


def machine() -> dict:
    def first(path: str, key: str) -> str:
        try:
            with open(path) as file:
                return next(line.split(":", 1)[1].strip() for line in file if line.startswith(key))
        except (OSError, StopIteration):
            return "unknown"

    def output(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()

    packages = json.loads(output(
        str(PEER_PYTHON), "-c",
        "import json; from importlib.metadata import version as v; "
        "print(json.dumps({n: v(n) for n in ('polars', 'scikit-learn', 'numpy')}))"))
    memory = first("/proc/meminfo", "MemTotal").split()[0]
    swift = output("swift", "--version").splitlines()
    return {
        "processor": first("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory) / MIB, 1) if memory.isdigit() else None,
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        "kernel": platform.release().split("-")[0],
        "swift": swift[0] if swift else "unknown",
        "commit": output("git", "rev-parse", "--short", "HEAD"),
        "peer_python": output(str(PEER_PYTHON), "--version"),
        "peer_packages": packages,
    }


def seconds_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"


def table(result: dict) -> list[str]:
    ours, peer = result["median"]["ours"], result["median"]["peer"]
    lines = [
        f"### {result['customers']:,} customers, {result['format']} ({result['bytes'] / MIB:,.0f} MiB)", "",
        "| | Revisit | peer | peer ÷ Revisit |", "|---|--:|--:|--:|",
    ]

    def row(name: str, mine: float | None, theirs: float | None, text=seconds_text) -> None:
        ratio = f"{theirs / mine:.1f}" if mine and theirs else "–"
        lines.append(f"| {name} | {text(mine)} | {text(theirs)} | {ratio} |")

    for stage in STAGES:
        row(STAGE_NAMES[stage], ours["stages"][stage], peer["stages"][stage])
    row("**whole process**", ours["seconds"], peer["seconds"])
    row("processor time", ours["cpu_seconds"], peer["cpu_seconds"])
    row("peak memory", ours["peak_bytes"], peer["peak_bytes"], lambda v: f"{v / MIB:,.0f} MiB")
    rows = {side: result["rows"][side] for side in ("ours", "peer")}
    orders = [rows[side].get("orders") for side in ("ours", "peer")]
    if orders[1]:
        # The same number over both times: the rows are those of the input.
        count = orders[0] or orders[1]
        lines.append(
            f"| repair orders a second | {count / ours['seconds']:,.0f} | {count / peer['seconds']:,.0f} | |")
    for key, name in [
        ("orders", "repair orders read"), ("visits", "visits"), ("trained", "relations trained on"),
        ("listed", "relations listed"), ("features", "features"),
    ]:
        mine, theirs = (f"{rows[s][key]:,}" if key in rows[s] else "–" for s in ("ours", "peer"))
        lines.append(f"| {name} | {mine} | {theirs} | |")
    ratio = result["ratio"]
    lines += [
        "", f"Whole process: Revisit is {ratio['median']:.1f} times as fast by the medians "
        f"({ratio['lowest']:.1f} to {ratio['highest']:.1f} over the pairs of runs).", "",
    ]
    if "features" in result["median"]:
        lines += further(result)
    return lines


def further(result: dict) -> list[str]:
    """What is measured beside the whole job."""
    median, rows = result["median"], result["rows"]
    every, mine, theirs = (median[side] for side in ("every", "features", "peer_features"))
    return [
        f"The same list from every table of the schema (items of orders, insurance, bookings, consents, recalls and packages, "
        f"too): {seconds_text(every['seconds'])}, {every['peak_bytes'] / MIB:,.0f} MiB.", "",
        f"Features of both dates as one Parquet file: Revisit {seconds_text(mine['seconds'])} for "
        f"{rows['ours']['features']} features, peer {seconds_text(theirs['seconds'])} for "
        f"{rows['peer']['features']} ({theirs['seconds'] / mine['seconds']:.1f}); memory "
        f"{mine['peak_bytes'] / MIB:,.0f} MiB and {theirs['peak_bytes'] / MIB:,.0f} MiB.", "",
    ]


def write_results(document: dict) -> None:
    about = document["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in about["peer_packages"].items())
    lines = [
        "# Results", "",
        "From exported histories to the ranked at-risk list: `revisit at-risk` against a pipeline of Polars and "
        "scikit-learn that does the same work on the same files. What is compared, and how it is kept fair, is "
        "told in [README.md](README.md).", "",
        f"Measured on {document['date']} at commit {about['commit']}: {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}; {about['swift']}; {about['peer_python']}, {packages}. "
        f"Medians of {document['runs']} runs each, run in turn, files in the page cache.", "",
    ]
    for result in document["results"]:
        lines += table(result)
    lines += [
        "## How to repeat", "",
        "```", "make bench", "```", "",
        "simulates what is missing under `benchmarks/data`, installs the peers at their pinned versions and writes "
        "this page and `results.json`, which holds every single run. Smaller: "
        "`make bench BENCH_OPTIONS=\"--sizes 100000 --formats parquet --runs 5\"`.",
    ]
    replace(HERE / "results.json", json.dumps(document, indent=2) + "\n")
    replace(HERE / "RESULTS.md", "\n".join(lines) + "\n")


def replace(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="runs of each side (default 3)")
    arguments.add_argument("--sizes", type=words, default=["100000", "1000000"], help="customers, comma-separated")
    arguments.add_argument("--formats", type=words, default=["parquet", "csv"], help="parquet, csv or both")
    options = arguments.parse_args()
    known = set(options.formats) <= {"parquet", "csv"} and all(size.isdigit() for size in options.sizes)
    if options.runs < 1 or not known:
        arguments.error("--runs must be at least 1, --sizes whole numbers, --formats parquet or csv")
    for needed, target in [(REVISIT, "make build"), (PEER_PYTHON, "scripts/bench-setup")]:
        if not needed.exists():
            print(f"bench: {needed.relative_to(ROOT)} is not there; run `{target}` first.", file=sys.stderr)
            return 66
    DATA.mkdir(exist_ok=True)
    try:
        results = [
            compare(int(size), kind, options.runs) for size in options.sizes for kind in options.formats]
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    write_results({
        "schema": "revisit-benchmark/1", "date": datetime.date.today().isoformat(), "runs": options.runs,
        "as_of": str(UNTIL), "train_as_of": str(TRAIN_AS_OF), "machine": machine(), "results": results,
    })
    print("bench: wrote benchmarks/RESULTS.md and benchmarks/results.json", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
