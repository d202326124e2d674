"""One peer of the solver benchmark: fits a ridge logistic regression once and prints one JSON object.

The arrays are in memory before the clock starts, after a fit of a few rows that loads what is loaded late. Objective
and gradient of what the peer returns are computed here in float64, the same for all:

    f(b) = mean(log(1 + exp(m)) - y m) + penalty / 2 |b|^2,  m = b0 + X b,  the intercept b0 unpenalised
"""

import argparse
import json
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

WARM_ROWS = 2000
# Rows whose margins are in memory at a time.
BLOCK = 65536
GLMNET = Path(__file__).resolve().parent / "glmnet.R"


def scikit_learn(solver: str, **more):
    def fit(x, y, penalty):
        from sklearn.linear_model import LogisticRegression
        model = LogisticRegression(solver=solver, C=1 / (len(y) * penalty), **more).fit(x, y)
        return model.intercept_[0], model.coef_[0], int(np.max(model.n_iter_))

    return fit


def glum(x, y, penalty):
    from glum import GeneralizedLinearRegressor
    model = GeneralizedLinearRegressor(family="binomial", alpha=penalty, l1_ratio=0).fit(x, y)
    return model.intercept_, model.coef_, model.n_iter_


def statsmodels(x, y, penalty):
    from statsmodels.api import Logit, add_constant
    assert penalty == 0, "statsmodels fits without a penalty"
    result = Logit(y, add_constant(x, has_constant="add")).fit(disp=0)
    # Its errors are computed when they are asked for.
    errors = result.bse
    return result.params[0], result.params[1:], result.mle_retvals["iterations"], errors.tolist()


# Each in the array order that it is the faster with (scikit-learn's saga and liblinear copy column-major input).
PEERS = {
    "newton-cholesky": (scikit_learn("newton-cholesky"), "C"),
    "lbfgs": (scikit_learn("lbfgs"), "C"),
    "saga": (scikit_learn("saga", random_state=0), "C"),
    "liblinear": (scikit_learn("liblinear"), "C"),
    "glum": (glum, "F"),
    "statsmodels": (statsmodels, "C"),
}


def objective(x, y, penalty, intercept, slopes) -> tuple[float, float]:
    """The objective and the greatest element of its gradient."""
    loss, gradient = 0.0, np.zeros(len(slopes) + 1)
    for first in range(0, len(y), BLOCK):
        block, outcomes = x[first:first + BLOCK], y[first:first + BLOCK]
        margins = intercept + block @ slopes
        loss += np.sum(np.logaddexp(0, margins) - outcomes * margins)
        residuals = 1 / (1 + np.exp(-margins)) - outcomes
        gradient[0] += residuals.sum()
        gradient[1:] += residuals @ block
    gradient /= len(y)
    gradient[1:] += penalty * slopes
    return float(loss / len(y) + penalty / 2 * slopes @ slopes), float(np.abs(gradient).max())


def run_glmnet(path: Path, penalty: str) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(["Rscript", "--vanilla", GLMNET, path, penalty, out.name], check=True)
        return json.loads(Path(out.name).read_text())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help=".npy, the label last")
    arguments.add_argument("--peer", choices=[*PEERS, "glmnet", "check"], required=True)
    arguments.add_argument("--penalty", type=float, required=True)
    arguments.add_argument("--coefficients", type=Path, help="with check: JSON of intercept and slopes")
    options = arguments.parse_args()
    table = np.load(options.data)
    report = {"peer": options.peer}
    if options.peer == "glmnet":
        report |= run_glmnet(options.data, repr(options.penalty))
        report.pop("path")
        intercept, slopes = report.pop("intercept"), np.array(report.pop("slopes"))
    elif options.peer == "check":
        intercept, *slopes = json.loads(options.coefficients.read_text())
        slopes = np.array(slopes)
    else:
        fit, order = PEERS[options.peer]
        x, y = np.array(table[:, :-1], order=order), np.ascontiguousarray(table[:, -1])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fit(x[:WARM_ROWS], y[:WARM_ROWS], options.penalty)
            caught.clear()
            started = time.perf_counter()
            intercept, slopes, iterations, *errors = fit(x, y, options.penalty)
            report["seconds"] = {"fit": time.perf_counter() - started}
            report["converged"] = not any("onverge" in str(warning.message) for warning in caught)
        report["iterations"] = int(iterations)
        if errors:
            report["standard_errors"] = errors[0]
    x, y = np.ascontiguousarray(table[:, :-1]), np.ascontiguousarray(table[:, -1])
    report["objective"], report["gradient"] = objective(x, y, options.penalty, intercept, slopes)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
