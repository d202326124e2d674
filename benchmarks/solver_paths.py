"""Measures what hangs on the solver beside single fits: paths, cross-validation and optimal bins."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import HERE, PEER_PYTHON, REVISIT, run

# 1 is the lasso.
MIXING = 1.0
FOLDS = 10
COLUMNS = 100
# Greatest violation of the optimality conditions that Revisit's paths may keep, by their own account and in float64: what
# they measure in single precision may be off by so much.
EXACT = 1e-8
UNSEEN = 4e-9
# glmnet's default tolerance leaves about so much of its objective; Revisit's must not lie above glmnet's by more.
ROUNDING = 1e-12


def paths(path: Path, shape: str, runs: int, under: list[str]) -> dict:
    """The lasso path beside glmnet on the same penalties, and a cross-validated ridge path beside single fits."""
    command = [
        str(REVISIT), "measure", "path", "--table", str(path.with_suffix(".parquet")), "--label", "label",
        "--mixing", repr(MIXING), "--folds", str(FOLDS), "--runs", str(runs)]
    ours = run(under + command).report
    tell(f"{shape}, path of {len(ours['points'])} penalties, ours", ours["paths"])
    tell(f"{shape}, ridge path with {FOLDS} folds, ours", ours["cross_validations"])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(ours, file)
        file.flush()
        # Once: it takes long.
        peer = run(under + [
            str(PEER_PYTHON), str(HERE / "peers" / "path_peer.py"), "--data", str(path.with_suffix(".npy")),
            "--ours", file.name]).report
    tell(f"{shape}, path of {peer['penalties']} penalties, glmnet", [peer["seconds"]["fit"]])
    ours["greatest_violation"] = max(point["violation"] for point in ours["points"])
    ours["nonzero"] = [point["nonzero"] for point in ours["points"]]
    # The coefficients have served.
    del ours["points"]
    return {"shape": shape, "ours": ours, "glmnet": peer}


def bins(path: Path, shape: str, runs: int, under: list[str]) -> dict:
    """Optimal bins of many columns beside what scikit-learn has."""
    ours = run(under + [
        str(REVISIT), "measure", "bins", "--table", str(path.with_suffix(".parquet")), "--label", "label",
        "--columns", str(COLUMNS), "--runs", str(runs)]).report
    tell(f"{shape}, bins of {COLUMNS} columns, ours", ours["seconds"]["fit"])
    peer = run(under + [
        str(PEER_PYTHON), str(HERE / "peers" / "bins_peer.py"), "--data", str(path.with_suffix(".npy")),
        "--columns", str(COLUMNS)]).report
    tell(f"{shape}, bins of {COLUMNS} columns, scikit-learn's quantiles and trees", list(peer["seconds"].values()))
    return {"shape": shape, "ours": ours, "scikit-learn": peer}


def tell(what: str, seconds: list[float]) -> None:
    print(f"bench: {what}: {', '.join(f'{second:.3f}' for second in seconds)} s", file=sys.stderr)


def faults(result: dict) -> list[str]:
    """What does not hold of a path that must."""
    ours, peer = result["ours"], result["glmnet"]
    found = []
    if ours["greatest_violation"] > EXACT:
        found.append(f"the path violates a condition of the optimum by {ours['greatest_violation']:.1e}")
    if peer["own_violation"] > EXACT + UNSEEN:
        found.append(f"in float64 the path violates a condition by {peer['own_violation']:.1e}")
    if peer["objective_above"]["least"] < -ROUNDING:
        found.append(f"glmnet's path is lower by {-peer['objective_above']['least']:.1e}")
    return [f"{result['shape']}: {fault}" for fault in found]


def lines(result: dict) -> list[str]:
    """The tables of paths and bins."""
    path, bins = result["paths"], result["bins"]
    ours, peer = path["ours"], path["glmnet"]
    fit, own, validation = (statistics.median(ours[name]) for name in ("fits", "paths", "cross_validations"))
    theirs = peer["seconds"]["fit"]
    binned, sklearn = bins["ours"], bins["scikit-learn"]["seconds"]
    bin_seconds = statistics.median(binned["seconds"]["fit"])
    return [
        "## Paths and bins", "",
        f"{ours['rows']:,} × {ours['columns']}; glmnet gets Revisit's penalties, at its default tolerance, once.", "",
        "| | seconds | against | bar |", "|---|--:|---|---|",
        f"| lasso path of {len(ours['nonzero'])} λ | {own:.2f} | glmnet, {peer['penalties']} λ: {theirs:.1f} s, "
        f"**{theirs / own:.1f} times** as long; its objective lies {peer['objective_above']['greatest']:.0e} higher at most, its "
        f"coefficients {peer['coefficients_apart']:.0e} apart | 10 times |",
        f"| ridge path of {len(ours['nonzero'])} λ with {ours['folds']}-fold cross-validation | {validation:.2f} | a single fit: "
        f"{fit:.3f} s; **{validation / fit:.1f} fits** | 5 fits |",
        f"| optimal bins of {binned['columns']} columns × {binned['rows']:,} | {bin_seconds:.2f} | scikit-learn: quantile bins "
        f"that know no label {sklearn['fit']:.1f} s, a tree of ten leaves a column {sklearn['trees']:.0f} s | 1 s |",
        "", f"No condition of the optimum is violated by more than {ours['greatest_violation']:.1e} on the path, "
        f"{peer['own_violation']:.1e} computed in float64 by the peer's program. Runs in seconds: "
        + "; ".join(
            f"{name} {', '.join(f'{second:.2f}' for second in seconds)}"
            for name, seconds in [
                ("fits", ours["fits"]), ("paths", ours["paths"]), ("cross-validations", ours["cross_validations"]),
                ("bins", binned["seconds"]["fit"])]) + ".", "",
    ]
