"""Fits lifetimes' BG/NBD to a table of customers in memory, and prints what it took as one JSON object."""

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    options = arguments.parse_args()
    warnings.simplefilter("ignore")
    from lifetimes import BetaGeoFitter
    columns = pq.read_table(options.data, columns=["frequency", "recency", "T"])
    frequency, recency, age = (columns[name].to_numpy() for name in ["frequency", "recency", "T"])
    started = time.perf_counter()
    fitter = BetaGeoFitter(penalizer_coef=0.0)
    fitter.fit(frequency, recency, age)
    seconds = time.perf_counter() - started
    parameters = fitter.params_[["r", "alpha", "a", "b"]].to_numpy()
    # Of the fit itself times are scaled.
    weights = np.ones(len(frequency))
    likelihood = -fitter._negative_log_likelihood(np.log(parameters), frequency, recency, age, weights, 0) * len(frequency)
    started = time.perf_counter()
    alive = fitter.conditional_probability_alive(frequency, recency, age)
    values = time.perf_counter() - started
    print(json.dumps({
        "seconds": {"fit": seconds, "alive": values}, "parameters": parameters.tolist(),
        "log_likelihood": float(likelihood), "alive": float(alive.sum()),
    }))


if __name__ == "__main__":
    main()
