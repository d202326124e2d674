"""Reference digits of DirectionTests: a penalised sum of two curves, one of them held to rise, minimised densely and
without any code of the project.

    python3 Tests/ChurnModelTests/Scripts/directions.py

numpy 2.4.6, scipy 1.17.1. Of all ways to hold steps at 0 the best admissible one is found by Newton's method on each;
scipy's SLSQP, given the steps' bounds as inequalities, must come to the same values to 1e-5.
"""

import itertools

import numpy as np
from scipy import linalg, optimize

KNOTS = np.array([0, 1, 2.5, 3, 7, 20])
OTHERS = np.array([-1.0, 0, 2, 3])
CHANCES = np.array([3, 6, 4, 6, 5, 8])
PENALTIES = {"line": 0.7, "rough": 1.3, "missing": 0.4, "other line": 0.2, "other rough": 2.0}


def table():
    rows = np.arange(400)
    knot = rows * 7 % 6
    other = rows * 5 // 3 % 4
    missing = rows % 11 == 0
    label = (rows * rows * 3 + rows * 7 + rows // 13) % 10 < CHANCES[knot] + (other == 2) - 2 * missing
    return knot, other, missing, label.astype(float)


def penalty(values, weights, line_penalty, rough_penalty):
    """½·fᵀSf for a curve f at its knots with the weighted mean 0: straight and rough part apart."""
    weights = weights / weights.sum()
    line = values - weights @ values
    line = line / np.sqrt(weights @ line**2)
    steps = np.diff(np.eye(len(values)), axis=0)
    rough = steps.T @ steps
    rough = rough - np.outer(rough @ line, rough @ line) / (line @ rough @ line)
    # Directions with Σ w·r = Σ w·line·r = 0, scaled to a mean square of 1.
    null = linalg.null_space(np.array([weights, weights * line]))
    spread = null @ np.linalg.inv(null.T @ rough @ null) @ null.T
    scale = np.trace(np.diag(weights) @ spread) / null.shape[1]
    # The straight part is Σ w·line·f, the rough one what is left.
    straight = weights * line
    rest = np.eye(len(values)) - np.outer(line, straight)
    return line_penalty * np.outer(straight, straight) + rough_penalty * scale * rest.T @ rough @ rest


def main():
    knot, other, missing, label = table()
    count = len(label)
    own = np.bincount(knot[~missing], minlength=len(KNOTS)).astype(float)
    others = np.bincount(other, minlength=len(OTHERS)).astype(float)
    # Variables: intercept, steps of the held curve, its missing value, steps of the other.
    width, width_other = len(KNOTS) - 1, len(OTHERS) - 1

    def centred(weights):
        sums = np.tril(np.ones((len(weights), len(weights))), -1)[:, : len(weights) - 1]
        return sums - (weights / weights.sum()) @ sums

    held, free = centred(own), centred(others)
    size = 2 + width + width_other
    design = np.zeros((count, size))
    design[:, 0] = 1
    design[:, 1 : 1 + width] = np.where(missing[:, None], 0, held[knot])
    design[:, 1 + width] = missing
    design[:, 2 + width :] = free[other]
    matrix = np.zeros((size, size))
    matrix[1 : 1 + width, 1 : 1 + width] = (
        held.T @ penalty(KNOTS, own, PENALTIES["line"], PENALTIES["rough"]) @ held)
    matrix[1 + width, 1 + width] = PENALTIES["missing"]
    matrix[2 + width :, 2 + width :] = (
        free.T @ penalty(OTHERS, others, PENALTIES["other line"], PENALTIES["other rough"]) @ free)

    def objective(point):
        margin = design @ point
        return np.sum(np.logaddexp(0, margin) - label * margin) + point @ matrix @ point / 2

    def gradient(point):
        return design.T @ (1 / (1 + np.exp(-design @ point)) - label) + matrix @ point

    def newton(kept):
        point = np.zeros(size)
        for _ in range(50):
            p = 1 / (1 + np.exp(-design @ point))
            hessian = (design.T * (p * (1 - p))) @ design + matrix
            point[kept] -= np.linalg.solve(hessian[np.ix_(kept, kept)], gradient(point)[kept])
        return point

    best = None
    for choice in itertools.product([False, True], repeat=width):
        kept = [j for j in range(size) if not (1 <= j <= width and choice[j - 1])]
        point = newton(kept)
        if np.all(point[1 : 1 + width] >= 0) and (best is None or objective(point) < objective(best)):
            best = point
    bounds = [(0, None) if 1 <= j <= width else (None, None) for j in range(size)]
    other_way = optimize.minimize(
        objective, np.full(size, 0.01), jac=gradient, bounds=bounds, method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000})
    assert np.abs(other_way.x - best).max() < 1e-5, np.abs(other_way.x - best).max()
    for name, point in [("free", newton(list(range(size)))), ("held", best)]:
        print(name, "objective", repr(float(objective(point))), "intercept", repr(float(point[0])))
        print("  curve", [float(f"{v:.12f}") for v in held @ point[1 : 1 + width]])
        print("  missing", float(f"{point[1 + width]:.12f}"))
        print("  other", [float(f"{v:.12f}") for v in free @ point[2 + width :]])
        print("  multipliers", [float(f"{v:.12f}") for v in np.where(point[1 : 1 + width] == 0, gradient(point)[1 : 1 + width], 0)])


main()
