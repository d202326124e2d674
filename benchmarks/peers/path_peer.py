"""R's glmnet on the path of penalties that Revisit has solved, and how good both sides' solutions are.

The objective at a penalty l with mixing a is, for both, computed here in float64:

    f(b) = mean(log(1 + exp(m)) - y m) + l (a |b|_1 + (1 - a) / 2 |b|^2),  m = b0 + X b,  the intercept b0 unpenalised
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from solver_peer import BLOCK, run_glmnet


def losses(x, y, solutions) -> np.ndarray:
    """Mean log loss of every solution, a row each with the intercept first."""
    total = np.zeros(len(solutions))
    for first in range(0, len(y), BLOCK):
        margins = x[first:first + BLOCK] @ solutions[:, 1:].T + solutions[:, 0]
        total += (np.logaddexp(0, margins) - y[first:first + BLOCK, None] * margins).sum(axis=0)
    return total / len(y)


def objectives(x, y, penalties, mixing, solutions) -> np.ndarray:
    slopes = solutions[:, 1:]
    shrinkage = mixing * np.abs(slopes).sum(axis=1) + (1 - mixing) / 2 * (slopes * slopes).sum(axis=1)
    return losses(x, y, solutions) + penalties * shrinkage


def violation(x, y, penalties, mixing, solutions) -> float:
    """Greatest violation of the conditions of Karush, Kuhn and Tucker, in float64."""
    gradients = np.zeros(solutions.shape)
    for first in range(0, len(y), BLOCK):
        block = x[first:first + BLOCK]
        residuals = 1 / (1 + np.exp(-(block @ solutions[:, 1:].T + solutions[:, 0]))) - y[first:first + BLOCK, None]
        gradients[:, 0] += residuals.sum(axis=0)
        gradients[:, 1:] += residuals.T @ block
    gradients /= len(y)
    slopes, absolute = solutions[:, 1:], (mixing * penalties)[:, None]
    pulls = gradients[:, 1:] + ((1 - mixing) * penalties)[:, None] * slopes
    at_zero = np.maximum(np.abs(pulls) - absolute, 0)
    conditions = np.where(slopes == 0, at_zero, np.abs(pulls + absolute * np.sign(slopes)))
    return float(max(conditions.max(), np.abs(gradients[:, 0]).max()))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help=".npy, the label last")
    arguments.add_argument("--ours", type=Path, required=True, help="JSON of `revisit measure path`")
    options = arguments.parse_args()
    ours = json.loads(options.ours.read_text())
    mixing, points = ours["mixing"], ours["points"]
    penalties = np.array([point["lambda"] for point in points])
    own = np.array([[point["intercept"], *point["slopes"]] for point in points])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(repr(float(penalty)) for penalty in penalties) + "\n")
        file.flush()
        report = run_glmnet(options.data, f"path:{mixing}:{file.name}")
    table = np.load(options.data)
    x, y = np.ascontiguousarray(table[:, :-1]), np.ascontiguousarray(table[:, -1])
    theirs = np.array(report["path"])
    difference = objectives(x, y, penalties[:len(theirs)], mixing, theirs) - objectives(
        x, y, penalties[:len(theirs)], mixing, own[:len(theirs)])
    print(json.dumps({
        "seconds": report["seconds"], "converged": report["converged"], "iterations": report["iterations"],
        "penalties": len(theirs), "objective_above": {"least": difference.min(), "greatest": difference.max()},
        "own_violation": violation(x, y, penalties, mixing, own),
        "coefficients_apart": float(np.abs(theirs - own[:len(theirs)]).max()),
    }))


if __name__ == "__main__":
    main()
