"""Runs processes and measures them as wholes; simulates the data they read; names the machine."""

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
# The size that larger groups are held against.
REFERENCE = 1_000_000
# Rows of the list: more than a group can call.
LISTED = 1000
PEER_TABLES = {
    "customers", "vehicles", "ownerships", "purchases", "visits", "surveys", "complaints", "contacts", "advisers",
    "schedules",
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


def run_in_turn(commands: dict[str, list[str]], runs: int, about: str) -> dict[str, list[Run]]:
    """Every command once, then every command again, …: a busy moment of the machine meets all of them."""
    measured: dict[str, list[Run]] = {side: [] for side in commands}
    for turn in range(runs):
        for side, command in commands.items():
            result = run(command)
            measured[side].append(result)
            print(
                f"bench: {about}, run {turn + 1}/{runs}, {side}: {result.seconds:.2f} s, "
                f"{result.peak_bytes / MIB:,.0f} MiB", file=sys.stderr)
    return measured


def summary(measured: dict[str, list[Run]]) -> dict:
    """Every run, the medians, and the rows of the first run of each side."""
    return {
        "rows": {side: results[0].report.get("rows", {}) for side, results in measured.items()},
        "runs": {
            side: [
                {"seconds": r.seconds, "cpu_seconds": r.cpu_seconds, "peak_bytes": r.peak_bytes,
                 "stages": r.report.get("seconds", {})}
                for r in results]
            for side, results in measured.items()
        },
        "median": {side: medians(results) for side, results in measured.items()},
    }


def medians(results: list[Run]) -> dict:
    stages = {}
    for name in sorted({name for r in results for name in r.report.get("seconds", {})}):
        stages[name] = statistics.median(r.stage(name) for r in results)
    return {
        "seconds": statistics.median(r.seconds for r in results),
        "cpu_seconds": statistics.median(r.cpu_seconds for r in results),
        "peak_bytes": statistics.median(r.peak_bytes for r in results),
        "stages": stages,
    }


def ratio(theirs: list[Run], ours: list[Run]) -> dict:
    """How many times as fast ours is: by the medians, and the ends of the range over the pairs of runs."""
    pairs = [their.seconds / our.seconds for our, their in zip(ours, theirs)]
    return {
        "median": statistics.median(r.seconds for r in theirs) / statistics.median(r.seconds for r in ours),
        "lowest": min(pairs), "highest": max(pairs),
    }


# Whose versions are told.
PACKAGES = ("polars", "scikit-learn", "duckdb", "numpy")
SOLVER_PACKAGES = ("scikit-learn", "glum", "statsmodels", "numpy", "scipy")


def machine(named: tuple[str, ...] = PACKAGES) -> dict:
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
        "import json, sys; from importlib.metadata import version as v; "
        "print(json.dumps({n: v(n) for n in sys.argv[1:]}))", *named)) if named else {}
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
        "peer_python": output(str(PEER_PYTHON), "--version") if named else "",
        "peer_packages": packages,
        "r": ", ".join(output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", "r-base-core", "r-cran-glmnet").splitlines()),
    }
