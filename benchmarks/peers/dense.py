"""A table that solvers can be compared on: correlated, skewed and binary columns, one positive in seven.

The columns are standardised here once, so that every solver minimises the same objective without a standardisation
of its own. Written twice with the same bits: as Parquet, and column after column as .npy with the label last.
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

FACTORS = 8
# Share of a column's variance that comes from factors which all columns share.
COMMON = 0.6
POSITIVES = 0.15
LABEL = "label"


def shaped(values: np.ndarray, kind: int, random: np.random.Generator) -> np.ndarray:
    """A normal column as it is, with a long tail, as a count, or as a flag."""
    match kind:
        case 0 | 1:
            return values
        case 2:
            return np.exp(0.8 * values)
        case 3:
            return np.floor(np.exp(0.5 + values))
        case _:
            return (values > random.uniform(-0.5, 1.8)).astype(np.float64)


def intercept(margins: np.ndarray) -> float:
    """The intercept that gives the wanted share of positives."""
    low, high = -20.0, 20.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if np.mean(1 / (1 + np.exp(-margins - middle))) < POSITIVES else (low, middle)
    return low


def table(rows: int, columns: int, seed: int) -> np.ndarray:
    """rows × (columns + 1) in column-major order, the label last."""
    random = np.random.default_rng(seed)
    factors = random.standard_normal((FACTORS, rows))
    result = np.empty((rows, columns + 1), order="F")
    margins = np.zeros(rows)
    for column in range(columns):
        loadings = random.standard_normal(FACTORS)
        loadings *= np.sqrt(COMMON) / np.linalg.norm(loadings)
        values = loadings @ factors + np.sqrt(1 - COMMON) * random.standard_normal(rows)
        values = shaped(values, column % 5, random)
        values -= values.mean()
        values /= np.sqrt(np.mean(values * values))
        result[:, column] = values
        margins += random.normal(scale=0.2) * values
    probabilities = 1 / (1 + np.exp(-margins - intercept(margins)))
    result[:, columns] = random.random(rows) < probabilities
    return result


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, required=True)
    arguments.add_argument("--columns", type=int, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--out", type=Path, required=True, help="path without extension")
    options = arguments.parse_args()
    values = table(options.rows, options.columns, options.seed)
    names = [f"x{column:02}" for column in range(options.columns)] + [LABEL]
    pl.DataFrame({name: values[:, index] for index, name in enumerate(names)}).write_parquet(
        options.out.with_suffix(".parquet"))
    # The last file: who finds it finds both.
    np.save(options.out.with_suffix(".npy"), values)


if __name__ == "__main__":
    main()
