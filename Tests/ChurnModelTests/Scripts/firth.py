"""Reference digits of FirthTests: Firth's penalised likelihood maximised densely, without any code of the project.

    python3 Tests/ChurnModelTests/Scripts/firth.py ../shared/reference/logistic/spector.csv

numpy 2.4.6, scipy 1.17.1. The coefficients of both examples agree to 1e-9 with R's brglm2 0.9 (`glm(…,
method = "brglmFit", type = "AS_mean", epsilon = 1e-14)`). The profile limits are roots, by Brent's method, of
maxima that are found anew for every value.
"""

import sys

import numpy as np
from scipy import optimize, stats


def penalised(beta, x, y):
    margin = x @ beta
    p = 1 / (1 + np.exp(-margin))
    information = (x.T * (p * (1 - p))) @ x
    return np.sum(y * margin - np.logaddexp(0, margin)) + np.linalg.slogdet(information)[1] / 2, p, information


def maximum(x, y, held=None, value=0.0, start=None):
    """The maximum with coefficient `held` at `value`: Fisher's scoring on the modified score, halved where it must be."""
    free = [j for j in range(x.shape[1]) if j != held]
    beta = np.zeros(x.shape[1]) if start is None else start.copy()
    if held is not None:
        beta[held] = value
    for _ in range(2000):
        best, p, information = penalised(beta, x, y)
        hat = p * (1 - p) * np.einsum("ij,jk,ik->i", x, np.linalg.inv(information), x)
        score = x.T @ (y - p + hat * (0.5 - p))
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        length = 1.0
        while penalised(beta + length * step, x, y)[0] < best - 1e-13 and length > 1e-12:
            length /= 2
        beta = beta + length * step
        if np.abs(score[free]).max() < 1e-13:
            break
    return beta, penalised(beta, x, y)[0]


def report(title, names, x, y):
    beta, best = maximum(x, y)
    information = penalised(beta, x, y)[2]
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    print(title, "penalised log-likelihood", repr(float(best)))
    for j, name in enumerate(names):
        fall = lambda t: 2 * (best - maximum(x, y, j, t, beta)[1])
        limits = []
        for side in (-1, 1):
            far = beta[j] + side * errors[j]
            while fall(far) < stats.chi2.ppf(0.95, 1):
                far += side * errors[j]
            limits.append(optimize.brentq(lambda t: fall(t) - stats.chi2.ppf(0.95, 1), beta[j], far, xtol=1e-12))
        statistic = fall(0.0)
        values = [beta[j], errors[j], limits[0], limits[1], statistic, stats.chi2.sf(statistic, 1)]
        print(f'("{name}",', ", ".join(repr(float(v)) for v in values) + "),")


def separated():
    """Like the endometrial data of Heinze and Schemper: every row with the flag has a positive label."""
    rows = []
    for i in range(60):
        flag = float(i % 7 == 2)
        index = (i * 17) % 49
        height = ((3 * i * i + 5 * i) % 31) / 10
        label = flag == 1 or (i * 37 % 60) / 60 < 0.25 + 0.012 * (index - 24) + 0.1 * (1.5 - height)
        rows.append((1.0, flag, float(index), height, float(label)))
    data = np.array(rows)
    return data[:, :4], data[:, 4]


x, y = separated()
report("separated", ["(intercept)", "flag", "index", "height"], x, y)
data = np.loadtxt(sys.argv[1], skiprows=1)
report("spector", ["(intercept)", "GPA", "TUCE", "PSI"], np.c_[np.ones(len(data)), data[:, 1:4]], data[:, 4])
