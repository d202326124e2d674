"""Writes what the value benchmark measured as a page for readers and as numbers for programs."""

import json
import statistics

from measuring import HERE
from report import replace, runs_text

# Bars of the project: seconds, times the peer, bytes.
COVARIATE_SECONDS, LARGE_SECONDS, VALUE_SECONDS, TIMES, BYTES = 10, 3, 1, 30, 100
# Two optima of one likelihood differ by no more than this, relative.
SAME_LIKELIHOOD = 1e-6


def seconds(reports: list[dict], *names: str) -> list[float]:
    """The sum of some stages of every measured turn."""
    found = []
    for report in reports:
        stages = [report["seconds"][name] for name in names]
        stages = [stage if isinstance(stage, list) else [stage] for stage in stages]
        found += [sum(turn) for turn in zip(*stages)]
    return found


def median(values: list[float]) -> float:
    return statistics.median(values)


def spread(values: list[float]) -> str:
    return f"{median(values):.2f} | {min(values):.2f} to {max(values):.2f}"


def verdict(value: float, bar: float, unit: str, least: bool = False) -> str:
    holds = value >= bar if least else value <= bar
    return f"{'at least' if least else 'at most'} {bar:g} {unit}: {'reached' if holds else '**not reached**'}"


def faults(document: dict) -> list[str]:
    """What does not hold of our optimum that must."""
    results = document["results"]
    if "lifetimes" not in results:
        return []
    own, peer = results["bg-nbd k=1"][0], results["lifetimes"][0]
    if own["log_likelihood"] < peer["log_likelihood"] - SAME_LIKELIHOOD * abs(peer["log_likelihood"]):
        return ["lifetimes reaches a higher likelihood: "
                f"{peer['log_likelihood']:.3f} against {own['log_likelihood']:.3f}"]
    return []


def lines_of_fits(document: dict) -> list[str]:
    results, customers = document["results"], document["customers"]
    fit = seconds(results["bg-nbd k=1"], "count", "fit")
    lines = ["| | seconds | lowest to highest | |", "|---|--:|--:|---|",
             f"| BG/NBD, {customers:,} customers | {spread(fit)} | |"]
    if "lifetimes" in results:
        theirs = seconds(results["lifetimes"], "fit")
        lines.append(
            f"| lifetimes, the same | {spread(theirs)} | {median(theirs) / median(fit):.0f} times ours; "
            f"{verdict(median(theirs) / median(fit), TIMES, 'times', least=True)} |")
    if "large" in results:
        large = seconds(results["large"], "count", "fit")
        lines.append(f"| BG/NBD, {document['large']:,} customers | {spread(large)} | {verdict(median(large), LARGE_SECONDS, 's')} |")
    for name, reports in results.items():
        if not name.endswith(" covariates"):
            continue
        measured = seconds(reports, "count", "fit", "covariates")
        lines.append(
            f"| {label(name)} with two covariates on both processes, {customers:,} customers | {spread(measured)} | "
            f"{verdict(median(measured), COVARIATE_SECONDS, 's')} |")
    return lines


def label(name: str) -> str:
    model, regularity = name.split()[:2]
    names = {"bg-nbd": "BG/NBD", "mbg-cnbd-k": "MBG/CNBD-k", "pareto-nbd": "Pareto/NBD"}
    return f"{names[model]}, {regularity.replace('=', ' = ')}" if model == "mbg-cnbd-k" else names[model]


def lines_of_values(document: dict) -> list[str]:
    lines = [
        "| | P(alive) and discounted visits of 12 months | lowest to highest | with value, residual value and undiscounted visits | "
        "lowest to highest | |", "|---|--:|--:|--:|--:|---|"]
    for name, reports in document["results"].items():
        if "alive_and_horizon" not in reports[0]["seconds"]:
            continue
        horizon, everything = seconds(reports, "alive_and_horizon"), seconds(reports, "value_and_residual")
        lines.append(f"| {label(name)} | {spread(horizon)} | {spread(everything)} | {verdict(median(everything), VALUE_SECONDS, 's')} |")
    return lines


def lines_of_memory(document: dict) -> list[str]:
    lines = ["| | customers | histories and covariates | beside them while fitting | together | |", "|---|--:|--:|--:|--:|---|"]
    for name, reports in document["results"].items():
        if "memory" not in reports[0]:
            continue
        memory, count = reports[0]["memory"], reports[0]["customers"]
        own = median([report["memory"]["fit_bytes_per_customer"] for report in reports])
        together = median([report["memory"]["bytes_per_customer"] for report in reports])
        title = "BG/NBD" if name == "large" else label(name) + (" with covariates" if name.endswith("covariates") else "")
        lines.append(
            f"| {title} | {count:,} | {memory['arrays_bytes'] / count:.0f} | {own:.0f} | {together:.0f} | "
            f"{verdict(together, BYTES, 'bytes')} |")
    if "large" in document["results"]:
        small, large = document["results"]["bg-nbd k=1"], document["results"]["large"]
        peaks = [median([report["peak_bytes"] for report in side]) for side in (small, large)]
        grown = (peaks[1] - peaks[0]) / (document["large"] - document["customers"])
        lines += ["", f"The whole process, reading the Parquet file included, grows by {grown:.0f} bytes a customer between "
                      f"{document['customers']:,} customers (which are valued, too) and {document['large']:,}."]
    return lines


def write_value_results(document: dict) -> None:
    about = document["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in about["peer_packages"].items())
    found = document["faults"] or ["lifetimes reaches no higher likelihood."]
    lines = [
        "# Customer value: models of visits and what follows from them", "",
        "Customers are simulated (`peers/buyers.py`); only what is named is timed, with arrays in memory. Counting equal "
        "histories is part of a fit. How it is kept fair is told in [README.md](README.md).", "",
        f"Measured on {document['date']} at commit {about['commit']}: {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}; {about['swift']}; {about['peer_python']}, {packages}. "
        f"{runs_text(document['runs'])} All sides in turn.", "",
        "## Fits", "", *lines_of_fits(document), "",
        f"## Values of {document['customers']:,} customers", "", *lines_of_values(document), "",
        "## Memory", "",
        "Bytes a customer: the histories (and covariates) themselves, and how much the resident memory of the process rises above what it "
        "was before the fits (`VmHWM` after a reset, less `VmRSS`).", "", *lines_of_memory(document), "",
        *found, "", "## How to repeat", "", "```", "make bench-value", "```",
    ]
    replace(HERE / "value.json", json.dumps(document, indent=2) + "\n")
    replace(HERE / "VALUE.md", "\n".join(lines) + "\n")
