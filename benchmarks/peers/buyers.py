"""Makes customers who come at random and leave after a visit (BG/NBD), or from the start on (MBG/CNBD-k), as Parquet."""

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SHAPE, SCALE, LEAVING, STAYING = 0.8, 40.0, 0.8, 4.0
# What a yes and a unit of the number do to visits and to leaving.
VISITS, LEAVES = (0.3, -0.2), (-0.3, 0.2)
YES_SHARE = 0.4
LEAST_DAYS, MOST_DAYS = 30, 1500
BLOCK = 250_000


def block(count: int, k: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    yes = (random.random(count) < YES_SHARE).astype(float)
    number = random.standard_normal(count)
    age = random.integers(LEAST_DAYS, MOST_DAYS + 1, count) / 7
    scale = SCALE / k * np.exp(-(VISITS[0] * yes + VISITS[1] * number))
    rate = random.gamma(SHAPE, 1, count) / scale
    leaving = random.gamma(LEAVING * np.exp(LEAVES[0] * yes + LEAVES[1] * number), 1)
    leaving /= leaving + random.gamma(STAYING, 1, count)
    alive = np.ones(count, bool) if k == 1 else random.random(count) >= leaving
    now, last, repeats = np.zeros(count), np.zeros(count), np.zeros(count, np.int64)
    while alive.any():
        rows = np.flatnonzero(alive)
        # A visit counts from the next day on: a log knows days.
        now[rows] += np.ceil(7 * random.gamma(k, 1, rows.size) / rate[rows]) / 7
        came = now[rows] <= age[rows]
        alive[rows[~came]] = False
        rows = rows[came]
        repeats[rows] += 1
        last[rows] = now[rows]
        alive[rows] = random.random(rows.size) >= leaving[rows]
    spend = 30 * 6 / random.gamma(4, 1, count)
    mean = random.gamma(6 * np.maximum(repeats, 1), 1) / (6 * np.maximum(repeats, 1)) * spend
    return {
        "frequency": repeats, "recency": last, "T": age, "monetary": np.where(repeats > 0, mean, 0), "yes": yes,
        "number": number}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--customers", type=int, required=True)
    arguments.add_argument("--regularity", type=int, default=1, help="k; above 1 people may leave at once, too")
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    random = np.random.default_rng(1)
    partial = options.out.with_name(options.out.name + ".partial")
    writer = None
    for start in range(0, options.customers, BLOCK):
        rows = pa.table(block(min(BLOCK, options.customers - start), options.regularity, random))
        writer = writer or pq.ParquetWriter(partial, rows.schema)
        writer.write_table(rows)
    writer.close()
    partial.rename(options.out)


if __name__ == "__main__":
    main()
