"""Standardised logistic regression on the catalogue's columns."""

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from .features import CATALOGUE

# Where "not known" says something of its own.
FLAGGED = ["gap_median", "gap_cv", "csi_last"]


class Risk:
    def __init__(self, solver: str):
        self.model = LogisticRegression(solver=solver, max_iter=1000)
        self.scaler = StandardScaler(copy=False)

    def matrix(self, rows: pl.DataFrame) -> np.ndarray:
        """n × p, row-major for the solver; what is missing has the training mean."""
        return rows.select(
            [pl.col(n).cast(pl.Float64).fill_null(self.means[n]) for n in CATALOGUE]
            + [pl.col(n).is_null().cast(pl.Float64).alias(n + "_na") for n in FLAGGED]
        ).to_numpy(order="c")

    def fit(self, rows: pl.DataFrame) -> None:
        means = rows.select(pl.col(n).mean() for n in CATALOGUE).row(0)
        self.means = {name: mean or 0.0 for name, mean in zip(CATALOGUE, means)}
        self.model.fit(self.scaler.fit_transform(self.matrix(rows)), rows["lapsed"].to_numpy())

    def score(self, rows: pl.DataFrame) -> np.ndarray:
        return self.model.predict_proba(self.scaler.transform(self.matrix(rows)))[:, 1]

    def reasons(self, rows: pl.DataFrame) -> np.ndarray:
        """The three catalogue numbers that raise each row's probability most (n × 3; -1 for none)."""
        values = self.scaler.transform(self.matrix(rows)) * self.model.coef_[0]
        for place, name in enumerate(FLAGGED):
            values[:, list(CATALOGUE).index(name)] += values[:, len(CATALOGUE) + place]
        parts = values[:, : len(CATALOGUE)]
        reasons = np.empty((len(parts), 3), dtype=np.int32)
        row = np.arange(len(parts))
        for place in range(3):
            best = parts.argmax(axis=1)
            reasons[:, place] = np.where(parts[row, best] > 0, best, -1)
            parts[row, best] = -np.inf
        return reasons
