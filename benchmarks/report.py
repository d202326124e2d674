"""Writes RESULTS.md and results.json."""

import json
from pathlib import Path

from measuring import HERE, MIB, REFERENCE

STAGES = ["load", "features", "train", "score_list"]
STAGE_NAMES = {
    "load": "load", "features": "features, two dates", "train": "train", "score_list": "score, rank, write the list",
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
        row(STAGE_NAMES[stage], ours["stages"].get(stage), peer["stages"].get(stage))
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
    ratio = result["ratio"]["peer"]
    lines += [
        "", f"Whole process: Revisit is {ratio['median']:.1f} times as fast by the medians "
        f"({ratio['lowest']:.1f} to {ratio['highest']:.1f} over the pairs of runs).", "",
    ]
    lines += matrices(result)
    if "features" in result["median"]:
        lines += further(result)
    return lines


def further(result: dict) -> list[str]:
    """What is measured beside the whole job."""
    median, rows = result["median"], result["rows"]
    every, mine, theirs = (median[side] for side in ("every", "features", "peer_features"))
    lines = [
        f"The same list from every table of the schema (items of orders, insurance, bookings, consents, recalls and packages, "
        f"too): {seconds_text(every['seconds'])}, {every['peak_bytes'] / MIB:,.0f} MiB.", "",
        f"Features of both dates as one Parquet file: Revisit {seconds_text(mine['seconds'])} for "
        f"{rows['ours']['features']} features, peer {seconds_text(theirs['seconds'])} for "
        f"{rows['peer']['features']} ({theirs['seconds'] / mine['seconds']:.1f}); memory "
        f"{mine['peak_bytes'] / MIB:,.0f} MiB and {theirs['peak_bytes'] / MIB:,.0f} MiB.", "",
    ]
    return lines + sweep_lines(result["sweep"])


def matrices(result: dict) -> list[str]:
    """From the files to the features of both dates in memory."""
    sides = {"matrix": "Revisit", "matrix_polars": "Polars", "matrix_duckdb": "DuckDB (SQL)"}
    median, rows = result["median"], result["rows"]
    lines = [
        "From the files to the features of both dates in memory, no file written:", "",
        "| | " + " | ".join(sides.values()) + " |", "|---|" + "--:|" * len(sides),
    ]

    def row(name: str, texts) -> None:
        lines.append(f"| {name} | " + " | ".join(texts) + " |")

    for stage in ("load", "features"):
        row(STAGE_NAMES[stage], (seconds_text(median[side]["stages"].get(stage)) for side in sides))
    row("**whole process**", (seconds_text(median[side]["seconds"]) for side in sides))
    row("processor time", (seconds_text(median[side]["cpu_seconds"]) for side in sides))
    row("peak memory", (f"{median[side]['peak_bytes'] / MIB:,.0f} MiB" for side in sides))
    row("rows", (f"{rows[side]['rows']:,}" for side in sides))
    row("features", (f"{rows[side]['features']}" for side in sides))
    texts = ["–"] + [
        f"{result['ratio'][side]['median']:.1f} ({result['ratio'][side]['lowest']:.1f} to "
        f"{result['ratio'][side]['highest']:.1f})" for side in ("matrix_polars", "matrix_duckdb")]
    row("times Revisit's time", texts)
    values = ["–" if side == "matrix" else f"{cell(result, side) / cell(result, 'matrix'):.1f}" for side in sides]
    row("times Revisit's time a value computed", values)
    return lines + [""]


def cell(result: dict, side: str) -> float:
    """Seconds a value of the matrix."""
    rows = result["rows"][side]
    return result["median"][side]["seconds"] / (rows["rows"] * rows["features"])


def sweep_lines(sweep: dict) -> list[str]:
    """The sweep alone, beside merely reading its columns once."""
    events = sum(sweep["events"].values())
    named = ", ".join(
        f"{count:,} {table.replace('_', ' ')}"
        for table, count in sorted(sweep["events"].items(), key=lambda pair: -pair[1]) if count)
    dates = len(sweep["as_of"])
    lines = [
        f"The sweep alone, from columns in memory to the matrix of {dates} dates ({sweep['rows']['rows']:,} rows × "
        f"{sweep['rows']['features']} features, {sweep['matrix_bytes'] / MIB:,.0f} MiB), with every table of the schema. "
        f"{events:,} events of {sweep['rows']['relations']:,} relations happened by the later date and are in memory "
        f"({named}); each counts once, however many dates and passes look at it. The columns that are looked at have "
        f"{sweep['column_bytes'] / MIB:,.0f} MiB.", "",
        "| threads | rates over all relations | who is active | rows | whole sweep | events a second | a second and core | "
        "reading the columns once | sweep ÷ reading |", "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for run in sweep["sweeps"]:
        seconds, threads = run["seconds"], run["threads"]
        lines.append(
            f"| {threads} | {seconds_text(seconds.get('peers'))} | {seconds_text(seconds.get('population'))} | "
            f"{seconds_text(seconds.get('rows'))} | {seconds_text(seconds['total'])} | {events / seconds['total'] / 1e6:.1f} M | "
            f"{events / seconds['total'] / threads / 1e6:.1f} M | {run['reading']:.3f} s "
            f"({sweep['column_bytes'] / run['reading'] / 1e9:.1f} GB/s) | {seconds['total'] / run['reading']:.0f} |")
    return lines + [""]


def runs_text(runs: int) -> str:
    return "One run of each." if runs == 1 else f"Medians of {runs} runs."


def growth(grown: dict) -> list[str]:
    """Ours alone on a large group."""
    sizes = {int(size): result for size, result in grown["sizes"].items()}
    large, reference = sizes[grown["customers"]], sizes[REFERENCE]
    option = "" if grown["memory"] is None else f", with `--memory {grown['memory']}`"
    lines = [
        f"### {grown['customers']:,} customers, Revisit alone{option}", "",
        f"Every table of the schema as Parquet ({large['bytes'] / MIB:,.0f} MiB), held against {REFERENCE:,} customers "
        f"({reference['bytes'] / MIB:,.0f} MiB). {runs_text(len(large['runs']['list']))}"
        + (f" Measured at commit {grown['commit']}." if "commit" in grown else ""), "",
        f"| | {REFERENCE:,} | {grown['customers']:,} | ratio | peak memory, {REFERENCE:,} | {grown['customers']:,} |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for side, name in (("list", "the list"), ("file", "features of both dates as a file")):
        small, big = reference["median"][side], large["median"][side]
        lines.append(
            f"| {name} | {seconds_text(small['seconds'])} | {seconds_text(big['seconds'])} | "
            f"{big['seconds'] / small['seconds']:.1f} | {small['peak_bytes'] / MIB:,.0f} MiB | "
            f"{big['peak_bytes'] / MIB:,.0f} MiB |")
    return lines + [""]


def write_results(document: dict) -> None:
    about = document["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in about["peer_packages"].items())
    lines = [
        "# Results", "",
        "From exported histories to the ranked at-risk list: `revisit at-risk` against a pipeline of Polars and "
        "scikit-learn that does the same work on the same files; and from the files to the matrix of features against "
        "Polars and against SQL on DuckDB. What is compared, and how it is kept fair, is "
        "told in [README.md](README.md).", "",
        f"Measured on {document['date']} at commit {about['commit']}: {about['processor']}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, {about['system']}; {about['swift']}; {about['peer_python']}, {packages}. "
        f"Medians of {document['runs']} runs each but for large groups, run in turn, files in the page cache.", "",
    ]
    for result in document["results"]:
        lines += table(result)
    for grown in document["grown"]:
        lines += growth(grown)
    lines += [
        "## How to repeat", "",
        "```", "make bench", "```", "",
        "simulates what is missing under `benchmarks/data`, installs the peers at their pinned versions and writes "
        "this page and `results.json`, which holds every single run. Smaller: "
        "`make bench BENCH_OPTIONS=\"--sizes 100000 --formats parquet --runs 5\"`; with a large group: "
        "`make bench BENCH_OPTIONS=\"--large 10000000\"`; whether the peers compute the same: "
        "`python3 benchmarks/bench.py --check`.",
    ]
    replace(HERE / "results.json", json.dumps(document, indent=2) + "\n")
    replace(HERE / "RESULTS.md", "\n".join(lines) + "\n")


def replace(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


