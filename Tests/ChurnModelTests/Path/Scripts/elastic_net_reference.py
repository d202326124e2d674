"""Prints the digits that ElasticNetReferenceTests.swift holds, from scikit-learn 1.9.1 (numpy 2.4.6).

Run without an argument for the digits; with a path it writes the rows there for elastic_net_reference.R.
"""

import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

ROWS, COLUMNS = 200, 6


def table() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The rows of ReferenceTable in the Swift test, by the same generator."""
    state = 7

    def uniform() -> float:
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 11) * 2.0**-53

    values, labels = np.empty((ROWS, COLUMNS)), np.empty(ROWS, dtype=int)
    weights, offsets = np.empty(ROWS), np.empty(ROWS)
    for row in range(ROWS):
        common = uniform()
        values[row] = [uniform() + common for _ in range(COLUMNS)]
        noise = uniform() + uniform() - 1
        labels[row] = values[row, 0] - values[row, 1] + 0.5 * values[row, 2] - 0.4 + noise > 0
        weights[row] = 0.5 + uniform()
        offsets[row] = uniform() - 0.5
    return values, labels, weights, offsets


def main() -> None:
    values, labels, weights, offsets = table()
    if len(sys.argv) > 1:
        np.savetxt(sys.argv[1], np.column_stack([values, labels, weights, offsets]), fmt="%.17g", delimiter=",")
        return
    mean = np.average(values, axis=0, weights=weights)
    scale = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=weights))
    for mixing, penalty in [(1.0, 0.02), (0.5, 0.02), (0.5, 0.1), (0.0, 0.02)]:
        model = LogisticRegression(
            l1_ratio=mixing, C=1 / (penalty * weights.sum()), solver="saga", tol=1e-14, max_iter=1_000_000)
        model.fit((values - mean) / scale, labels, sample_weight=weights)
        print(mixing, penalty, [float(x) for x in (model.intercept_[0], *model.coef_[0])])


if __name__ == "__main__":
    main()
