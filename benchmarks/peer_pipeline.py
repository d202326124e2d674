"""The peer of `revisit at-risk`: histories → features at two dates → logistic regression → ranked list.

Prints one JSON object: seconds by stage, rows, peak memory in bytes, and with --auc the area under the curve on the
training rows.
"""

import time

STARTED = time.perf_counter()

import json
import resource
from pathlib import Path

import polars as pl

from peer import features as catalogue
from peer import stages
from peer.tables import load


def main() -> None:
    arguments = stages.arguments(__doc__)
    arguments.add_argument("--out", type=Path, help="the list, or the file of features; none with --matrix-only")
    arguments.add_argument("--features-only", action="store_true", help="write the features of both dates and end")
    arguments.add_argument("--matrix-only", action="store_true", help="end with the features of both dates in memory")
    arguments.add_argument("--top", type=int, default=1000, help="rows of the list")
    arguments.add_argument("--solver", default="newton-cholesky", choices=["lbfgs", "newton-cholesky"])
    arguments.add_argument("--auc", action="store_true", help="also print the AUC on the training rows")
    options = arguments.parse_args()
    if options.out is None and not options.matrix_only:
        arguments.error("--out is needed")

    if not options.matrix_only and not options.features_only:
        # scikit-learn takes a second to import, which features alone need not wait for.
        from peer.listing import write_list
        from peer.risk import Risk

    clock = stages.Stages(STARTED)

    def report_features(rows: int) -> None:
            print(json.dumps({
            "seconds": clock.rounded(),
            "rows": {"features": len(catalogue.CATALOGUE), "rows": rows},
        }))

    histories = load(options.data, options.as_of, for_list=not options.matrix_only)
    clock.finish("load")
    if options.matrix_only:
        matrices = [
            catalogue.features(histories, at, for_list=False) for at in (options.train_as_of, options.as_of)]
        clock.finish("features")
        report_features(sum(matrix.height for matrix in matrices))
        return

    past = catalogue.features(histories, options.train_as_of)
    training = catalogue.labels(histories, past, options.train_as_of, options.as_of)
    present = catalogue.features(histories, options.as_of)
    clock.finish("features")
    if options.features_only:
        names = ["customer_id", "vin", *catalogue.CATALOGUE]
        pl.concat([
            rows.select(names).with_columns(as_of=pl.lit(at))
            for rows, at in ((past, options.train_as_of), (present, options.as_of))
        ]).write_parquet(options.out)
        clock.finish("write")
        report_features(past.height + present.height)
        return
    del past

    risk = Risk(options.solver)
    risk.fit(training)
    clock.finish("train")

    probability = risk.score(present)
    listed = write_list(
        histories, present, probability, risk.reasons, options.as_of, options.out, options.top)
    clock.finish("score_list")

    report = {
        "seconds": clock.rounded(),
        "rows": {
            "orders": histories.orders, "visits": histories.visits.height, "relations": histories.relations.height,
            "trained": training.height, "listed": listed, "features": len(catalogue.CATALOGUE),
        },
        "solver": options.solver,
        "iterations": int(risk.model.n_iter_[0]),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    if options.auc:
        from sklearn.metrics import roc_auc_score

        report["training_lapse_rate"] = round(float(training["lapsed"].mean()), 4)
        report["training_auc"] = round(float(roc_auc_score(training["lapsed"].to_numpy(), risk.score(training))), 4)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
