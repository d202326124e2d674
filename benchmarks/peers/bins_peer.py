"""scikit-learn on the columns that Revisit bins: quantile bins (which know no label) and a tree of ten leaves a column.

Neither finds what Revisit finds: the first looks at no label, the second is greedy. They say what binning costs elsewhere.
"""

import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np

LEAVES = 10
# Trees are timed on so many columns, one after the other on each core, and counted up.
TREES = 10


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help=".npy, the label last")
    arguments.add_argument("--columns", type=int, required=True)
    options = arguments.parse_args()
    from joblib import Parallel, delayed
    from sklearn.preprocessing import KBinsDiscretizer
    from sklearn.tree import DecisionTreeClassifier
    table = np.load(options.data)
    width = table.shape[1] - 1
    x = np.asfortranarray(table[:, [column % width for column in range(options.columns)]])
    y = table[:, -1]
    del table
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    KBinsDiscretizer(LEAVES, encode="ordinal", strategy="quantile", subsample=None).fit_transform(x)
    quantiles = time.perf_counter() - started
    trees = min(TREES, options.columns)

    def tree(column):
        return DecisionTreeClassifier(max_leaf_nodes=LEAVES).fit(x[:, [column]], y).tree_.n_leaves

    with Parallel(n_jobs=-1, prefer="threads") as pool:
        pool([delayed(tree)(0)])
        started = time.perf_counter()
        pool(delayed(tree)(column) for column in range(trees))
        greedy = (time.perf_counter() - started) * options.columns / trees
    print(json.dumps({"seconds": {"fit": quantiles, "trees": greedy}, "rows": len(y), "columns": options.columns}))


if __name__ == "__main__":
    main()
