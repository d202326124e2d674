"""Checks that the peers compute the same: features of the same relations, equal to 1e-9 relative.

Prints one JSON object; ends with 1 when they differ.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from peer import features as catalogue
from peer import sql
from peer.days import day
from peer.tables import load

TOLERANCE = 1e-9
# A difference of two equal sums is not always exactly 0: the trend of satisfaction of who always answers the same.
ROUNDING = 1e-12


def differences(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Relative to the larger of both; infinite where one is missing."""
    larger = np.maximum(np.abs(mine), np.abs(theirs))
    apart = np.where(np.abs(mine - theirs) <= ROUNDING, 0.0, np.abs(mine - theirs) / np.where(larger == 0, 1.0, larger))
    both_missing = np.isnan(mine) & np.isnan(theirs)
    return np.where(both_missing, 0.0, np.where(np.isnan(apart), np.inf, apart))


def compare(rows: pl.DataFrame, matrix: dict, keys: pl.DataFrame) -> dict:
    """Pairs the rows of the peers by customer and vehicle."""
    columns = {name: np.ma.filled(matrix[name].astype(np.float64), np.nan) for name in catalogue.CATALOGUE}
    in_sql = pl.DataFrame({"relation": matrix["relation"], **columns}).join(keys, on="relation").drop("relation")
    in_polars = rows.select("customer_id", "vin", *catalogue.CATALOGUE)
    both = in_polars.join(in_sql, on=["customer_id", "vin"], suffix="_sql")
    worst = {}
    for name in catalogue.CATALOGUE:
        mine = both[name].cast(pl.Float64).to_numpy()
        apart = differences(mine, both[f"{name}_sql"].to_numpy())
        place = int(apart.argmax()) if len(apart) else 0
        if len(apart) and apart[place] > TOLERANCE:
            worst[name] = {"rows": int((apart > TOLERANCE).sum()), "largest": float(apart[place])}
    return {
        "rows": both.height, "only_polars": in_polars.height - both.height,
        "only_sql": in_sql.height - both.height, "different": worst,
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--as-of", type=day, required=True)
    arguments.add_argument("--train-as-of", type=day, required=True)
    options = arguments.parse_args()
    histories = load(options.data, options.as_of)
    database = sql.open_database(threads=2)
    sql.load(database, options.data, options.as_of)
    numbers = sql.keys(database)
    keys = pl.DataFrame({
        "relation": numbers["relation"], "customer_id": numbers["customer_id"].astype(str),
        "vin": numbers["vin"].astype(str)})
    dates = {}
    for at in (options.train_as_of, options.as_of):
        dates[at] = compare(catalogue.features(histories, at), sql.features(database, at), keys)
    is_same = all(
        result["rows"] and not (result["only_polars"] or result["only_sql"] or result["different"])
        for result in dates.values())
    print(json.dumps({"same": is_same, "features": len(catalogue.CATALOGUE), "dates": dates}, indent=2))
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
