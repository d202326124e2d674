"""The digits of CalibratorReferenceTests.swift: scikit-learn 1.9.1 (isotonic), SciPy 1.17.1 (beta), NumPy 2.4.6 (Cox)."""

import numpy as np
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

i = np.arange(60)
p = ((37 * i) % 101 + 0.5) / 101.5
y = (((53 * i * i + 7 * i) % 97) / 97 < p**0.7).astype(float)
w = 1.0 + i % 3

# Half a positive row below and half a negative row above all scores.
iso = IsotonicRegression(out_of_bounds="clip")
iso.fit(np.r_[-1, p, 2], np.r_[1, y, 0], sample_weight=np.r_[0.5, w, 0.5])
at = np.array([0.01, 0.2, 0.45, 0.7, 0.93])
# Beyond the scores the half rows stand; the curve ends at the scores.
print("isotonic", iso.predict(np.clip(at, p.min(), p.max())).tolist())


def newton(x, y, w):
    b = np.zeros(x.shape[1])
    for _ in range(60):
        m = 1 / (1 + np.exp(-x @ b))
        h = (x * (w * m * (1 - m))[:, None]).T @ x
        b += np.linalg.solve(h, x.T @ (w * (y - m)))
    return b, np.sqrt(np.diag(np.linalg.inv(h)))


x = np.c_[np.ones(60), np.log(p), -np.log1p(-p)]
v = (((29 * i * i + 3 * i) % 89) / 89 < p**2 / (p**2 + (1 - p) ** 2)).astype(float)
print("beta", newton(x, v, w)[0].tolist())


def objective(b, x, y, w):
    m = x @ b
    s = 1 / (1 + np.exp(-m))
    return np.sum(w * (np.logaddexp(0, m) - y * m)), x.T @ (w * (s - y))


# Labels for which ln p would have a negative slope: SciPy finds which slope is 0, Newton's method sharpens the rest.
bounded = minimize(objective, [0, 1, 1], (x, y, w), "L-BFGS-B", jac=True, bounds=[(None, None), (0, None), (0, None)],
                   options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 1000})
print("free", newton(x, y, w)[0].tolist(), "bounded", bounded.x.tolist())
print("sharpened", newton(x[:, [0, 2]], y, w)[0].tolist())

logit = np.log(p) - np.log1p(-p)
print("cox", [v.tolist() for v in newton(np.c_[np.ones(60), logit], y, np.ones(60))])
