"""Writes what the solver benchmark measured as a page for readers and as numbers for programs."""

import json
import statistics

from measuring import HERE
from report import replace, runs_text
from solver_paths import lines as path_lines

NAMES = {
    "newton-cholesky": "scikit-learn newton-cholesky", "lbfgs": "scikit-learn lbfgs", "saga": "scikit-learn saga",
    "liblinear": "LIBLINEAR (in scikit-learn; penalises the intercept)", "glum": "glum", "glmnet": "R glmnet",
    "statsmodels": "statsmodels Logit (Newton, with standard errors)",
}
PHASES = ["survey", "design", "warm start", "solve", "inference"]


def median(values) -> float:
    return statistics.median(values)


def fits(result: dict) -> list[float]:
    return [fit for report in result["ours"] for fit in report["fits"]]


def table(result: dict) -> list[str]:
    ours = result["ours"][0]
    rows, columns, penalty = ours["rows"], ours["columns"], result["penalty"]
    own = median(fits(result))
    best = result["check"]["objective"]
    title = f"ridge, λ = {penalty:g}" if penalty else "no penalty, with standard errors"
    lines = [
        f"## {rows:,} × {columns}, {title}", "",
        "| | seconds | lowest to highest | times ours | above the least objective | gradient | iterations |",
        "|---|--:|--:|--:|--:|--:|--:|",
        f"| **Revisit**, standard errors included | {own:.3f} | {min(fits(result)):.3f} to {max(fits(result)):.3f} | 1 | "
        f"0 | {result['check']['gradient']:.0e} | {ours['iterations']} |",
    ]
    peers = sorted(result["peers"].items(), key=lambda pair: median(r["seconds"]["fit"] for r in pair[1]))
    for peer, reports in peers:
        seconds = [report["seconds"]["fit"] for report in reports]
        note = "" if all(report["converged"] for report in reports) else ", stopped by its limit"
        lines.append(
            f"| {NAMES[peer]}{note} | {median(seconds):.2f} | {min(seconds):.2f} to {max(seconds):.2f} | "
            f"**{median(seconds) / own:.1f}** | {max(r['objective'] for r in reports) - best:.0e} | "
            f"{max(r['gradient'] for r in reports):.0e} | {reports[0]['iterations']} |")
    fastest, reports = peers[0]
    times = median(report["seconds"]["fit"] for report in reports) / own
    return lines + [
        "", f"Revisit is {times:.1f} times as fast as the fastest peer, {NAMES[fastest]}. " + own_lines(result), ""]


def own_lines(result: dict) -> str:
    reports = result["ours"]
    own, passes = median(fits(result)), reports[0]["passes"]
    phases = {
        name: median(second for report in reports for second in report["phases"][name]) for name in PHASES}
    robust = median(second for report in reports for second in report["robust_fits"])
    clustered = median(second for report in reports for second in report["clustered_fits"])
    scoring = median(second for report in reports for second in report["scoring"]["seconds"])
    reading = median(second for report in reports for second in report["scoring"]["reading"])
    size = reports[0]["scoring"]["bytes"]
    named = ", ".join(f"{name} {second:.3f}" for name, second in phases.items())
    return (
        f"Its phases in seconds: {named}. Passes over all rows: {passes['full']}, {passes['evaluations']} of them "
        f"evaluations of the objective; over every 16th row: {passes['sample']}. Model-based standard errors are part of "
        f"every fit ({phases['inference'] / own:.1%} of it; bar 10 %); with robust ones it takes {robust:.3f} s "
        f"({robust / own - 1:+.0%}), with robust and clustered ones {clustered:.3f} s ({clustered / own - 1:+.0%}). Objective "
        f"{result['check']['objective']:.15f}. Scoring all rows: {scoring:.3f} s, {size / scoring / 1e9:.1f} GB/s, "
        f"{reading / scoring:.0%} of the speed of merely reading them ({size / reading / 1e9:.1f} GB/s; bar 60 %).")


def write_solver_results(document: dict) -> None:
    about = document["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in about["peer_packages"].items())
    lines = [
        "# The solver against its peers", "",
        "Only fitting is timed, with arrays in memory; every peer runs to its own default tolerance. Objective and gradient "
        "(its greatest element, per row) are computed in float64 by one function for all sides. How it is kept fair is told "
        "in [README.md](README.md).", "",
        f"Measured on {document['date']} at commit {about['commit']}: {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}; {about['swift']}; {about['peer_python']}, {packages}, {about['r']}. "
        f"{runs_text(document['runs'])} All sides in turn; what takes longer than ten seconds is run once.", "",
    ]
    for result in document["results"]:
        lines += table(result)
    if document["further"]:
        lines += path_lines(document["further"])
    found = document["faults"] or ["The gradient is at most 1e-9, and no peer reaches a lower objective, in any table."]
    lines += [*found, "", "## How to repeat", "", "```", "make bench-solver", "```"]
    replace(HERE / "solver.json", json.dumps(document, indent=2) + "\n")
    replace(HERE / "SOLVER.md", "\n".join(lines) + "\n")
