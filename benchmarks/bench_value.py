"""Measures models of visits and the values that follow from them, beside lifetimes, and writes VALUE.md and value.json.

All sides are run in turn, a process each; only what is named is timed, with arrays in memory. Standard library only; the
peer runs in the environment that scripts/bench-setup makes.
"""

import argparse
import datetime
import shlex
import subprocess
import sys
from pathlib import Path

import measuring
from measuring import DATA, HERE, PEER_PYTHON, REVISIT, ROOT, BenchmarkError, machine, run
from value_report import faults, write_value_results

CUSTOMERS = 1_000_000
LARGE = 10_000_000
# k of the simulated customers by model; of a model that is fitted with another k the values are what counts.
MODELS = [("bg-nbd", 1), ("mbg-cnbd-k", 2), ("mbg-cnbd-k", 3), ("pareto-nbd", 1)]
COVARIATES = [("mbg-cnbd-k", 2), ("pareto-nbd", 1)]
PEER_PACKAGES = ("Lifetimes", "numpy", "scipy", "pandas")


def table(customers: int, regularity: int) -> Path:
    """The table of customers, made once."""
    path = DATA / f"buyers-{customers}-k{regularity}.parquet"
    if not path.exists():
        print(f"bench: making {customers:,} customers who come with k = {regularity} …", file=sys.stderr)
        subprocess.run(
            [PEER_PYTHON, HERE / "peers" / "buyers.py", "--customers", str(customers), "--regularity", str(regularity),
             "--out", path], check=True)
    return path


def ours(path: Path, model: str, regularity: int, *more: str) -> list[str]:
    return [
        str(REVISIT), "measure", "value", "--table", str(path), "--model", model, "--regularity", str(regularity), *more]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3, help="processes of each side (default 3)")
    arguments.add_argument("--customers", type=int, default=CUSTOMERS)
    arguments.add_argument("--large", type=int, default=LARGE, help="customers of the large fit; 0 for none")
    arguments.add_argument("--without-peer", action="store_true")
    arguments.add_argument(
        "--under", type=shlex.split, default=[], help="a command that each run is put under, such as 'taskset -c 0,1'")
    options = arguments.parse_args()
    if options.runs < 1 or options.customers < 1 or options.large < 0:
        arguments.error("--runs and --customers must be at least 1, --large at least 0")
    for needed, target in [(REVISIT, "make build"), (PEER_PYTHON, "scripts/bench-setup")]:
        if not needed.exists():
            print(f"bench: {needed.relative_to(ROOT)} is not there; run `{target}` first.", file=sys.stderr)
            return 66
    DATA.mkdir(exist_ok=True)
    try:
        commands = {
            f"{model} k={k}": ours(table(options.customers, k), model, k) for model, k in MODELS
        } | {
            f"{model} k={k} covariates": ours(table(options.customers, k), model, k, "--covariates", "yes,number", "--fit-only")
            for model, k in COVARIATES
        }
        if options.large:
            commands["large"] = ours(table(options.large, 1), "bg-nbd", 1, "--fit-only")
        if not options.without_peer:
            commands["lifetimes"] = [
                str(PEER_PYTHON), str(HERE / "peers" / "lifetimes_peer.py"), "--data", str(table(options.customers, 1))]
        results: dict[str, list[dict]] = {name: [] for name in commands}
        for turn in range(options.runs):
            for name, command in commands.items():
                measured = run(options.under + command)
                results[name].append(measured.report | {"peak_bytes": measured.peak_bytes})
                print(f"bench: run {turn + 1}/{options.runs}, {name}: {measured.seconds:.1f} s in all", file=sys.stderr)
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    document = {
        "schema": "revisit-value-benchmark/1", "date": datetime.date.today().isoformat(), "runs": options.runs,
        "machine": machine(PEER_PACKAGES), "customers": options.customers, "large": options.large, "results": results,
    }
    document["faults"] = faults(document)
    write_value_results(document)
    print("bench: wrote benchmarks/VALUE.md and benchmarks/value.json", file=sys.stderr)
    for fault in document["faults"]:
        print(f"bench: {fault}", file=sys.stderr)
    return 1 if document["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
