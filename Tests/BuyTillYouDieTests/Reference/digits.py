"""Makes digits.csv: models of repeat visits in 50 digits (mpmath 1.3 or later), over a wide grid of parameters.

Beta-geometric family: the likelihood as Platzer and Reutterer (2016) print it, with gamma and beta functions; the
expectation as a hypergeometric function (400 digits) for k = 1 and, for k > 1, as a sum over phases. Pareto/NBD: the integral over the
time of leaving by mpmath's quadrature. Usage: python digits.py > digits.csv
"""
import random
from mpmath import mp, mpf, gamma, loggamma, log, exp, hyp2f1, quad, rf, factorial, power

mp.dps = 50


def beta_geometric(r, alpha, a, b, k, m, x, tx, T, t):
    A = r + k * x
    lb = lambda p, q: loggamma(p) + loggamma(q) - loggamma(p + q)
    S = sum(rf(A, j) / factorial(j) * ((T - tx) / (alpha + T)) ** j for j in range(k))
    alive = lb(a, b + x + m) - lb(a, b) - A * log(alpha + T) + log(S)
    gone = lb(a + 1, b + x + m - 1) - lb(a, b) - A * log(alpha + tx) if x + m > 0 else None
    common = loggamma(A) - loggamma(r) + r * log(alpha) - x * loggamma(k)
    total = exp(alive) + (exp(gone) if gone is not None else 0)
    ll = common + log(total)
    p = exp(alive) / total
    z = t / (alpha + T)
    B = b + x + m
    if k == 1:
        # Pfaff's transformation of the paper's function, which mpmath sums without losing all digits.
        with mp.workdps(400):
            C = a + B - 1
            e = C / (a - 1) * (1 - hyp2f1(A, a - 1, C, -z))
        return ll, p, e
    weights = [rf(A, j) / factorial(j) * ((T - tx) / (alpha + T)) ** j for j in range(k)]
    e = mpf(0)
    y = z / (1 + z)
    for j, w in enumerate(weights):
        term = power(1 - y, A + j)
        visits, nxt, made, n, total = mpf(0), mpf(1), 0, 0, mpf(0)
        mode = (A + j) * z
        while True:
            total += term * visits
            term *= (A + j + n) / mpf(n + 1) * y
            n += 1
            if (n + j) % k == 0:
                visits += nxt
                nxt *= (B + made) / (a + B + made)
                made += 1
            if n > mode + 10 and term * visits * (1 + z) * 100 < mpf(10) ** -25 * total:
                break
        e += w / sum(weights) * total
    return ll, p, e


def pareto(r, alpha, s, beta, x, tx, T, t):
    A = r + x
    g = lambda tau: A * log((alpha + tau) / (alpha + tx)) + s * log((beta + tau) / (beta + tx))
    alive = exp(-g(T))
    c = min(alpha, beta)
    width = log((c + T) / (c + tx))
    rate = A + s
    cuts = sorted({mpf(0), width} | {min(width, width * mpf(2) ** -i) for i in range(1, 40)})

    def density(u):
        tau = (c + tx) * exp(u) - c
        return s / (beta + tau) * exp(-g(tau)) * (c + tau)

    dead = quad(density, cuts) if width > 0 else mpf(0)
    ll = loggamma(A) - loggamma(r) + r * log(alpha) - A * log(alpha + tx) + s * log(beta / (beta + tx))
    ll += log(alive + dead)
    origin = beta + T
    life = origin * ((1 + t / origin) ** (1 - s) - 1) / (1 - s)
    return ll, alive / (alive + dead), A / (alpha + T) * life


def main():
    random.seed(20051516)
    pick = lambda low, high: mpf(repr(float("%.6g" % (10 ** random.uniform(low, high)))))
    print("kind,r,alpha,third,fourth,k,x,last,age,time,loglikelihood,alive,expected")
    rows = 0
    while rows < 177:
        kind = ["bg", "mbg", "pareto"][rows % 3]
        r, third, fourth = (pick(-3, 4) for _ in range(3))
        alpha = pick(-3, 6)
        if kind == "pareto":
            fourth = pick(-3, 6)
        x = random.choice([0, 0, 1, 2, 3, 10, 50, 300, 5000])
        T = pick(-3, 6)
        last = mpf(repr(float("%.6g" % (T * mpf(random.random()))))) if x else mpf(0)
        k = 1 if kind == "pareto" or random.random() < 0.6 else random.choice([2, 3, 5])
        t = pick(-3, 6)
        if k > 1 and ((r + k * x) * t / (alpha + T) > 2000 or t / (alpha + T) > 50):
            continue
        if kind == "pareto":
            found = pareto(r, alpha, third, fourth, x, last, T, t)
        else:
            if k == 1 and t / (alpha + T) * (r + x) > 1e9:
                continue
            found = beta_geometric(r, alpha, third, fourth, k, int(kind == "mbg"), x, last, T, t)
        cells = [kind, *(mp.nstr(v, 8) for v in (r, alpha, third, fourth)), k, x]
        cells += [mp.nstr(v, 8) for v in (last, T, t)] + [mp.nstr(v, 20) for v in found]
        print(",".join(str(c) for c in cells), flush=True)
        rows += 1


main()
