"""Reads the canonical tables of a data folder, Parquet or CSV, and prepares them once for every as-of date.

Days are Int32 days since 1970-01-01; customers and relations are numbers, dealers and advisers categories, so that
no string is hashed again after loading.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

TEXT, NUMBER, DATE, TIME = pl.String, pl.Float64, pl.Date, pl.Datetime("us")

# Only what the job needs is read; Parquet and CSV readers skip the other columns.
COLUMNS = {
    "customers": {"customer_id": TEXT, "owner_type": TEXT, "name": TEXT, "phone": TEXT, "dealer_id": TEXT},
    "vehicles": {
        "vin": TEXT, "customer_id": TEXT, "model": TEXT, "powertrain": TEXT, "use_type": TEXT,
        "delivered_on": DATE, "list_price": NUMBER, "plate": TEXT, "warranty_ends_on": DATE,
        "warranty_km": NUMBER,
    },
    "ownerships": {"vin": TEXT, "customer_id": TEXT, "from": DATE, "to": DATE},
    "purchases": {"customer_id": TEXT, "vin": TEXT},
    "visits": {
        "customer_id": TEXT, "vin": TEXT, "dealer_id": TEXT, "opened_at": TIME, "closed_at": TIME,
        "status": TEXT, "odometer_km": NUMBER, "classes": TEXT, "customer_paid": NUMBER,
        "package_paid": NUMBER, "discount": NUMBER, "unpaid": NUMBER,
        "adviser_id": TEXT,
    },
    "surveys": {
        "customer_id": TEXT, "date": DATE, "score": NUMBER, "scale_min": NUMBER, "scale_max": NUMBER,
    },
    "complaints": {"customer_id": TEXT, "opened_on": DATE, "closed_on": DATE, "severity": NUMBER},
    "contacts": {"customer_id": TEXT, "at": TIME, "outcome": TEXT},
    "advisers": {"adviser_id": TEXT, "active_to": DATE},
    "schedules": {
        "model": TEXT, "powertrain": TEXT, "first_service_months": NUMBER, "first_service_km": NUMBER,
        "months": NUMBER, "km": NUMBER,
    },
}

# What only the list shows, which a matrix does without.
LISTED = {"customers": {"name", "phone", "dealer_id"}, "vehicles": {"plate"}}

# More seconds than any date since 1970 has: relation and time in one sortable number.
SECONDS_SPAN = 1 << 34
NO_VISIT = {"presale", "internal", "counter_sale"}


@dataclass
class Histories:
    """All that is known by the last as-of date."""

    relations: pl.DataFrame  # one row per customer and vehicle; `relation` is the row's number
    visits: pl.DataFrame  # sorted by relation and day
    surveys: pl.DataFrame  # sorted by customer and day
    complaints: pl.DataFrame
    contacts: pl.DataFrame | None  # sorted by customer and time; only for the list
    customers: pl.DataFrame
    advisers: pl.DataFrame
    orders: int


def scan(folder: Path, table: str, for_list: bool = True) -> pl.LazyFrame:
    """The wanted columns of one table; a column or table that is not there is null or empty."""
    unused = set() if for_list else LISTED.get(table, set())
    wanted = {name: kind for name, kind in COLUMNS[table].items() if name not in unused}
    parquet, csv = folder / f"{table}.parquet", folder / f"{table}.csv"
    if parquet.exists():
        frame = pl.scan_parquet(parquet)
    elif csv.exists():
        frame = pl.scan_csv(csv, infer_schema_length=0)
        present = frame.collect_schema().names()
        frame = pl.scan_csv(csv, schema_overrides={c: wanted.get(c, TEXT) for c in present})
    else:
        return pl.LazyFrame(schema=wanted)
    present = frame.collect_schema()
    columns = []
    for name, kind in wanted.items():
        if name not in present:
            columns.append(pl.lit(None, dtype=kind).alias(name))
        elif present[name] == TEXT and kind == DATE:
            columns.append(pl.col(name).str.to_date("%Y-%m-%d"))
        elif present[name] == TEXT and kind == TIME:
            columns.append(pl.col(name).str.to_datetime(time_unit="us"))
        elif present[name] != kind:
            columns.append(pl.col(name).cast(kind))
        else:
            columns.append(pl.col(name))
    return frame.select(columns)


def days(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Date).cast(pl.Int32)


def category(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Categorical)


def load(folder: Path, until: int, for_list: bool = True) -> Histories:
    """What was known by `until`; without what only the list shows, and without contacts, when there is to be none."""
    customers = scan(folder, "customers", for_list).with_row_index("customer").collect()
    numbers = customers.lazy().select("customer_id", "customer")
    relations = load_relations(folder, customers, for_list)
    visits, orders = load_visits(folder, relations, until)
    surveys = (
        scan(folder, "surveys").with_columns(day=days("date")).filter(pl.col("day") <= until)
        .join(numbers, on="customer_id")
        .select(
            "customer", "day",
            score=(pl.col("score") - pl.col("scale_min").fill_null(0))
            / (pl.col("scale_max").fill_null(10) - pl.col("scale_min").fill_null(0)))
        .sort("customer", "day", "score").collect(engine="streaming")
    )
    complaints = (
        scan(folder, "complaints").with_columns(day=days("opened_on")).filter(pl.col("day") <= until)
        .join(numbers, on="customer_id")
        .select("customer", "day", "severity", closed=days("closed_on"))
        .collect(engine="streaming")
    )
    contacts = (
        scan(folder, "contacts").with_columns(day=days("at")).filter(pl.col("day") <= until)
        .join(numbers, on="customer_id").sort("customer", "at")
        .select("customer", "day", "outcome").collect(engine="streaming")
    ) if for_list else None
    advisers = scan(folder, "advisers").select(adviser=category("adviser_id"), left=days("active_to")).collect()
    return Histories(relations, visits, surveys, complaints, contacts, customers, advisers, orders)


def load_relations(folder: Path, customers: pl.DataFrame, for_list: bool) -> pl.DataFrame:
    vehicles = scan(folder, "vehicles", for_list).with_columns(
        delivered=days("delivered_on"), warranty_end=days("warranty_ends_on"))
    held = (
        scan(folder, "ownerships").sort("from").group_by("vin", "customer_id")
        .agg(begun=days("from").first(), ended=days("to").last())
    )
    present = vehicles.select("vin", "customer_id").join(held, on=["vin", "customer_id"], how="anti")
    pairs = pl.concat([held, present.with_columns(
        begun=pl.lit(None, dtype=pl.Int32), ended=pl.lit(None, dtype=pl.Int32))])
    bought = scan(folder, "purchases").unique(["vin", "customer_id"]).with_columns(bought_here=pl.lit(1.0))
    schedules = scan(folder, "schedules").collect()
    general = schedules.filter(pl.col("model") == "*").drop("model").lazy()
    special = schedules.filter(pl.col("model") != "*").lazy()
    rules = ["first_service_months", "first_service_km", "months", "km"]
    defaults = {"first_service_months": 3.0, "first_service_km": 5000.0, "months": 6.0, "km": 7500.0}
    return (
        pairs.join(vehicles.drop("customer_id"), on="vin")
        .join(customers.lazy().select("customer_id", "customer", "owner_type"), on="customer_id")
        .join(bought, on=["vin", "customer_id"], how="left")
        .join(general, on="powertrain", how="left")
        .join(special, on=["model", "powertrain"], how="left", suffix="_special")
        .with_columns(
            [pl.coalesce(f"{r}_special", r, pl.lit(defaults[r])).alias(r) for r in rules]
            + [pl.coalesce("begun", "delivered").alias("begun"), pl.col("bought_here").fill_null(0.0)])
        .drop([f"{r}_special" for r in rules])
        .filter(pl.col("begun").is_not_null())
        .with_row_index("relation")
        .collect(engine="streaming")
    )


def class_flags(classes: pl.Series) -> pl.DataFrame:
    """What each of the few combinations of classes means."""
    parts = [set((text or "").split("|")) for text in classes.cast(TEXT)]
    return pl.DataFrame([
        classes,
        pl.Series("keep", [not p <= NO_VISIT for p in parts]),
        pl.Series("maintenance", [bool(p & {"first_service", "maintenance"}) for p in parts]),
        pl.Series("repair", ["repair" in p for p in parts]),
        pl.Series("warranty", [bool(p & {"warranty", "recall"}) for p in parts]),
        pl.Series("rework", ["rework" in p for p in parts]),
    ])


def load_visits(folder: Path, relations: pl.DataFrame, until: int) -> tuple[pl.DataFrame, int]:
    """Settled orders, those of one vehicle at one store at most a day apart made one visit."""
    paid = pl.col("customer_paid").fill_null(0)
    hour = 3_600_000_000
    opened = pl.col("opened_at").to_physical()
    read = (
        scan(folder, "visits")
        .filter(pl.col("status").fill_null("settled") == "settled", days("opened_at") <= until)
        .join(relations.lazy().select("vin", "customer_id", "relation"), on=["vin", "customer_id"])
        .select(
            "relation", days("opened_at").alias("day"), category("classes"), (paid > 0).alias("has_paid"),
            (paid + pl.col("package_paid").fill_null(0)).alias("paid"),
            pl.col("discount").fill_null(0), pl.col("unpaid").fill_null(0),
            pl.col("odometer_km").alias("odometer"), category("dealer_id").alias("dealer"),
            category("adviser_id").alias("adviser"),
            ((pl.col("closed_at").to_physical() - opened) / hour).alias("hours"),
            (pl.col("relation").cast(pl.Int64) * SECONDS_SPAN + opened // 1_000_000).alias("order"))
        .collect(engine="streaming")
    )
    orders = (
        read.lazy().join(class_flags(read["classes"].unique()).lazy(), on="classes").filter("keep")
        .with_columns(qualified=pl.col("maintenance") | (pl.col("repair") & pl.col("has_paid")))
        # One key of 64 bits sorts much faster than two columns, and faster in memory than streaming.
        .sort("order").drop("order", "classes", "keep", "repair", "has_paid")
        .collect()
    )
    is_new = (
        pl.col("relation").ne_missing(pl.col("relation").shift())
        | (pl.col("day") - pl.col("day").shift() > 1)
        | pl.col("dealer").ne_missing(pl.col("dealer").shift())
    )
    orders = orders.with_columns(visit=is_new.cum_sum().set_sorted())
    # Most visits are one order: only the others are aggregated.
    visit = pl.col("visit")
    is_single = visit.ne_missing(visit.shift()) & visit.ne_missing(visit.shift(-1))
    merged = orders.filter(~is_single).group_by("visit", maintain_order=True).agg(
        pl.col("relation", "day", "dealer").first(),
        pl.col("maintenance", "warranty", "rework", "qualified").max(),
        pl.col("paid", "discount", "unpaid").sum(),
        pl.col("odometer", "hours").max(),
        pl.col("adviser").last(),
    )
    visits = orders.filter(is_single).merge_sorted(merged.select(orders.columns), key="visit")
    return visits.drop("visit", "dealer").with_columns(pl.col("relation").set_sorted()), orders.height
