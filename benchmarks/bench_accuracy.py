"""Trains on the reference tables with their folds and prints the figures beside the published ones, as Markdown.

One default configuration for all; nothing is written. The tables and published.md stand in ../shared beside the project.
Ends with 1 when a goal is missed: the mean AUC of EBM, its log loss + 0.002, ten seconds a fold.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import REVISIT, ROOT, BenchmarkError, run

SHARED = ROOT.parent / "shared"
SETS = ["telco", "mlc", "bank"]
GOAL = "EBM"
LOG_LOSS_MARGIN = 0.002
SECONDS_A_FOLD = 10


def published(page: Path) -> dict[str, list[tuple[float, float]]]:
    """AUC and log loss of each model on each set, from the page's table."""
    rows = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != len(SETS) + 1 or " / " not in cells[1]:
            continue
        rows[cells[0]] = [tuple(float(part.split()[0]) for part in cell.split("/")) for cell in cells[1:]]
    return rows


def train(name: str, folder: str) -> dict:
    table = SHARED / "reference" / "churn" / f"{name}.csv"
    measured = run([
        str(REVISIT), "train", "--table", str(table), "--label", "churn", "--folds", "fold", "--name", name,
        "--models", folder, "--json", "--quiet"])
    cv = measured.report["cv"]
    return {
        "auc": cv["auc"]["mean"], "log_loss": cv["log_loss"]["mean"], "brier": cv["brier"]["mean"],
        "folds": len(cv["auc"]["folds"]), "seconds": measured.seconds}


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    page = SHARED / "published.md"
    if not page.exists():
        print("bench: skipped: ../shared with the reference tables is not there.", file=sys.stderr)
        return 0
    if not REVISIT.exists():
        print(f"bench: {REVISIT.relative_to(ROOT)} is not there; run `make build` first.", file=sys.stderr)
        return 66
    rows = published(page)
    goal = next(figures for name, figures in rows.items() if name.startswith(GOAL))
    try:
        with tempfile.TemporaryDirectory() as folder:
            own = [train(name, folder) for name in SETS]
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 70
    print(f"| mean AUC / mean log loss | {' | '.join(SETS)} |")
    print("|---" * (len(SETS) + 1) + "|")
    print("| **Revisit** | " + " | ".join(f"**{s['auc']:.4f} / {s['log_loss']:.4f}**" for s in own) + " |")
    print("| Brier score; seconds | " + " | ".join(f"{s['brier']:.4f}; {s['seconds']:.1f}" for s in own) + " |")
    for name, figures in rows.items():
        print(f"| {name} | " + " | ".join(f"{auc:.4f} / {loss:.4f}" for auc, loss in figures) + " |")
    missed = []
    for name, mine, (auc, loss) in zip(SETS, own, goal):
        if round(mine["auc"], 4) < auc:
            missed.append(f"{name}: AUC {mine['auc']:.4f}, {GOAL} {auc:.4f}")
        if mine["log_loss"] > loss + LOG_LOSS_MARGIN:
            missed.append(f"{name}: log loss {mine['log_loss']:.4f}, {GOAL} {loss:.4f}")
        # Every fold and the fit of all rows.
        if mine["seconds"] > SECONDS_A_FOLD * (mine["folds"] + 1):
            missed.append(f"{name}: {mine['seconds']:.0f} s for {mine['folds']} folds")
    for line in missed:
        print(f"bench: missed: {line}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
