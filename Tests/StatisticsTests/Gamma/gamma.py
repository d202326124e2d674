"""Prints the digits of ln Γ, ψ, ψ′ and ln B that GammaFunctionTests hold, in 50 digits rounded to 20 (mpmath)."""
from mpmath import mp, mpf, loggamma, digamma, polygamma

mp.dps = 50
for x in ["1e-100", "1e-3", "0.25", "1", "1.5", "2", "3.7", "11.9", "12.1", "100", "12345.678", "1e10", "1e300"]:
    v = mpf(x)
    print("(%s, %s, %s, %s)," % (x, *(mp.nstr(f, 20) for f in (loggamma(v), digamma(v), polygamma(1, v)))))
for x, y in [("1e-3", "1e-3"), ("0.5", "1e4"), ("20", "1e10"), ("1e4", "1e4"), ("3", "5"), ("1e-3", "7e4"), ("1e15", "2")]:
    a, b = mpf(x), mpf(y)
    print("(%s, %s, %s)," % (x, y, mp.nstr(loggamma(a) + loggamma(b) - loggamma(a + b), 20)))
