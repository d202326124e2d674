"""The ranked list: value at stake, tiers, RFM segment, reasons, and the columns a manager needs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from .features import CATALOGUE
from .tables import Histories

# First match wins: segment, then the ranges of the R, F and M scores.
SEGMENTS = [
    ("Champions", (5, 5), (5, 5), (5, 5)), ("Potential Loyalist", (3, 5), (3, 5), (2, 5)),
    ("Loyal Customers", (2, 4), (2, 4), (2, 4)), ("Promising", (3, 4), (1, 3), (3, 5)),
    ("New Customers", (4, 5), (1, 3), (1, 5)), ("Can't Lose Them", (1, 2), (3, 4), (4, 5)),
    ("At Risk", (1, 2), (2, 5), (4, 5)), ("Need Attention", (1, 3), (3, 5), (3, 5)),
    ("About To Sleep", (2, 3), (1, 3), (1, 4)), ("Lost", (1, 1), (1, 5), (1, 5)),
]
FIFTHS = [0.2, 0.4, 0.6, 0.8]


def fifth(rows: pl.DataFrame, column: str) -> pl.Expr:
    bounds = [rows[column].quantile(q, interpolation="linear") + 1 for q in FIFTHS]
    return 1 + pl.sum_horizontal([(pl.col(column) >= b).cast(pl.Int8) for b in bounds])


def write_list(
    histories: Histories, features: pl.DataFrame, probability: np.ndarray,
    reasons_of: Callable[[pl.DataFrame], np.ndarray], at: int, out: Path, top: int
) -> int:
    c = pl.col
    rows = features.with_row_index("row")
    rows = rows.select(
        "row", "customer", "customer_id", "vin", "model", "plate", "delivered", "due", "overdue", "warranty_end", "last_day",
        "paid_730", "begun", "bought_here", "cmp_open", frequency=c("q"),
        recency=at - pl.coalesce("last_day", "begun")).with_columns(
        probability=pl.Series(probability))
    bounds = [rows["paid_730"].quantile(q) for q in (0.5, 0.8, 0.95)]
    segment = pl.lit(None, dtype=pl.String)
    for name, r, f, m in reversed(SEGMENTS):
        segment = pl.when(c("r").is_between(*r), c("f").is_between(*f), c("m").is_between(*m)).then(
            pl.lit(name)).otherwise(segment)
    last_contact = histories.contacts.lazy().filter(c("day") <= at).group_by("customer").agg(
        last_contact_on=c("day").last(), last_contact_outcome=c("outcome").last())
    words = pl.Series([None, *CATALOGUE.values()])
    listed = (
        rows.lazy()
        .with_columns(value_at_stake=c("paid_730") * 730 / (at - c("begun")).clip(180, 730),
                      r=6 - fifth(rows, "recency"), f=fifth(rows, "frequency"), m=fifth(rows, "paid_730"))
        .with_columns(priority=c("probability") * c("value_at_stake"))
        .sort("priority", "customer_id", "vin", descending=[True, False, False])
        .head(top)
        .collect()
    )
    reasons = reasons_of(features[listed["row"]])
    listed = (
        listed.lazy()
        .with_columns(**{f"reason_{k + 1}": pl.Series(reasons[:, k]) for k in range(3)})
        .join(histories.customers.lazy().drop("customer_id", "owner_type"), on="customer", how="left",
              maintain_order="left")
        .join(last_contact, on="customer", how="left", maintain_order="left")
        .with_row_index("rank", offset=1)
        .select(
            "rank", "customer_id", "vin", "dealer_id",
            name=c("name").str.slice(0, 1) + "**",
            phone=c("phone").str.slice(0, 3) + "****" + c("phone").str.slice(-4),
            plate=c("plate").str.slice(0, 2) + "****", model="model",
            age_years=((at - c("delivered")) / 365.25).round(1), last_visit_on=c("last_day").cast(pl.Date),
            next_due_on=c("due").cast(pl.Int32).cast(pl.Date), days_overdue=c("overdue").round(),
            probability=c("probability").round(4),
            risk_tier=pl.when(c("probability") >= 0.6).then(pl.lit("high")).when(c("probability") >= 0.3).then(
                pl.lit("medium")).otherwise(pl.lit("low")),
            value_tier=pl.when(c("paid_730") > bounds[2]).then(pl.lit("vip")).when(c("paid_730") > bounds[1]).then(
                pl.lit("main")).when(c("paid_730") > bounds[0]).then(pl.lit("ordinary")).otherwise(pl.lit("small")),
            segment=segment, paid_730=c("paid_730").round(2), value_at_stake=c("value_at_stake").round(2),
            priority=c("priority").round(2),
            **{f"reason_{k}": pl.lit(words).gather(c(f"reason_{k}") + 1) for k in (1, 2, 3)},
            warranty_ends_on=c("warranty_end").cast(pl.Date), bought_here=c("bought_here") > 0,
            open_complaint=c("cmp_open") > 0, last_contact_on=c("last_contact_on").cast(pl.Date),
            last_contact_outcome="last_contact_outcome")
        .collect()
    )
    listed.write_csv(out)
    return listed.height
