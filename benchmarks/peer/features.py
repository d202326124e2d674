"""The features of every relation at one as-of date, and the lapse label."""

import numpy as np
import polars as pl

from .tables import Histories

DAYS_PER_MONTH = 30.4375
LONGEST_WINDOW = 540
KM_PER_DAY = (1.0, 600.0)
PRIOR_READINGS = 3.0

# Column and what a person calls it; the order is that of the matrix.
CATALOGUE = {
    "rec_q_days": "time since the last service", "rec_paid_days": "time since the last paid visit",
    "rec_any_days": "time since the last visit", "never_serviced": "never serviced here",
    "days_over_time": "days over the time rule", "km_over": "kilometres over the distance rule",
    "days_over_due": "days overdue", "overdue_ratio": "overdue against the expected interval",
    "missed_cycles": "services missed", "rec_over_own_gap": "overdue against own habit",
    "rec_z": "unusual absence", "first_service_late": "first service late",
    "n_q_365": "services in a year", "n_q_730": "services in two years", 
    "n_paid_365": "paid visits in a year", "n_maint_365": "maintenance in a year",
    "visits_per_year": "visits a year", "gap_median": "usual gap", "gap_cv": "regularity",
    "wallet_share": "share of expected maintenance",
    "tenure_days": "years with us", "cp_365": "paid in a year", "cp_730": "paid in two years",
    "cp_avg_730": "paid per visit", "cp_trend": "trend of payments", "ticket_last": "last bill",
    "bill_shock": "last bill against usual", 
    "discount_rate_730": "discounts", "arrears": "arrears", "sh_paid_730": "share of paid visits",
    "sh_warranty_730": "share of warranty visits", 
    "rework_365": "comebacks", "age_months": "age of the vehicle", "odo_hat": "odometer",
    "km_day": "kilometres a day", "price_band": "list price", "wty_days_left": "warranty left",
    "wty_eff_days_left": "warranty left by kilometres", 
    "electric": "electric vehicle", "commercial": "commercial use", "company": "owned by a company",
    "bought_here": "bought here", "turnaround_last": "hours in the shop",
    "sa_distinct4": "changing advisers",
    "sa_left": "adviser has left", "csi_last": "last satisfaction", "csi_mean_730": "satisfaction",
    "csi_trend": "trend of satisfaction", "cmp_365": "complaints", "cmp_open": "open complaint",
    "cmp_sev": "severity of complaints", "cmp_after_last": "complaint after the last visit",
}


def is_last(count: int = 1) -> pl.Expr:
    """Whether a row is among the last `count` of its relation; rows are sorted by relation."""
    return pl.col("relation").ne_missing(pl.col("relation").shift(-count))


def earlier(column: str, back: int) -> pl.Expr:
    """The value `back` rows earlier in the same relation."""
    return pl.when(pl.col("relation") == pl.col("relation").shift(back)).then(pl.col(column).shift(back))


def number(condition: pl.Expr) -> pl.Expr:
    return condition.cast(pl.Float64)


def recent_sums(visits: pl.LazyFrame, at: int) -> pl.LazyFrame:
    """Counts and sums of the last 730 days in one grouping; masks are columns: no group is evaluated alone."""
    day = pl.col("day")
    year = day > at - 365
    paid, odometer = pl.col("paid"), pl.col("odometer")
    reading = odometer.is_not_null()
    x, y = (day - at) / 365.0, odometer / 1000.0

    def amount(column, condition):
        return pl.when(condition).then(column).otherwise(0.0)

    return (
        visits.filter(day > at - 730)
        .select(
            "relation", q_365=pl.col("qualified") & year, q_730=pl.col("qualified"), p_365=(paid > 0) & year,
            p_730=paid > 0, m_365=pl.col("maintenance") & year, m_730=pl.col("maintenance"),
            w_730=pl.col("warranty") & (paid == 0), rework=pl.col("rework") & year, r_n=reading,
            cp_365=amount(paid, year), cp_730=paid, discount_730=pl.col("discount"),
            r_first=pl.when(reading).then(day), r_last=pl.when(reading).then(day), r_x=amount(x, reading),
            r_y=amount(y, reading), r_xx=amount(x * x, reading), r_xy=amount(x * y, reading))
        .group_by("relation").agg(
            pl.len().alias("n_730"),
            pl.col("q_365", "q_730", "p_365", "p_730", "m_365", "m_730", "w_730", "rework", "r_n").sum(),
            pl.col("cp_365", "cp_730", "discount_730", "r_x", "r_y", "r_xx", "r_xy").sum(),
            pl.col("r_first").min(), pl.col("r_last").max())
    )


def last_visit(visits: pl.LazyFrame) -> pl.LazyFrame:
    advisers = [pl.col("adviser")] + [earlier("adviser", k) for k in (1, 2, 3)]
    return (
        visits.with_columns([a.alias(f"a{k}") for k, a in enumerate(advisers)])
        .filter(is_last())
        .select(
            "relation", "adviser", last_day="day", turnaround_last="hours",
            sa_distinct4=1.0 + sum(
                number(pl.all_horizontal([pl.col(f"a{k}").ne(pl.col(f"a{j}")) for j in range(k)])).fill_null(0)
                for k in (1, 2, 3)))
    )


def medians(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The median of each row without its missing values, and how many there are; a sort beats nanmedian by far."""
    ordered = np.sort(values, axis=1)  # missing values last
    known = np.count_nonzero(~np.isnan(values), axis=1)
    row = np.arange(len(values))
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, values.shape[1] - 1)
    return (ordered[row, low] + ordered[row, high]) / 2, known


def habits(visits: pl.LazyFrame) -> pl.LazyFrame:
    """Median and spread of the last five gaps between qualified visits; the last bill, the median of the last six."""
    before = [pl.col("day")] + [earlier("day", k) for k in range(1, 6)]
    last = (
        visits.filter("qualified").with_row_index("place")
        .with_columns(
            [(before[k] - before[k + 1]).cast(pl.Float64).alias(f"g{k}") for k in range(5)]
            + [earlier("paid", k).alias(f"b{k}") for k in range(1, 6)])
        .filter(is_last())
        .collect()
    )
    gaps = last.select([f"g{k}" for k in range(5)]).to_numpy()
    gap_median, gap_count = medians(gaps)
    gap_mad, _ = medians(np.abs(gaps - gap_median[:, None]))
    own_ticket, _ = medians(last.select(["paid"] + [f"b{k}" for k in range(1, 6)]).to_numpy())
    return last.lazy().select(
        "relation", q_day="day", ticket_last="paid",
        q=pl.col("place").cast(pl.Int64) - pl.col("place").cast(pl.Int64).shift(fill_value=-1),
        gap_median=pl.Series(gap_median, nan_to_null=True),
        gap_mad=pl.Series(gap_mad, nan_to_null=True), gap_count=pl.Series(gap_count),
        own_ticket=pl.Series(own_ticket))


def ends(visits: pl.LazyFrame) -> list[pl.LazyFrame]:
    """First and last facts of whole histories: rows picked out of the sorted visits, nothing is grouped."""
    return [
        visits.filter(pl.col("relation").ne_missing(pl.col("relation").shift())).select("relation", first_day="day"),
        visits.filter("maintenance").filter(is_last()).select("relation", m_day="day", m_odometer="odometer"),
        visits.filter(pl.col("paid") > 0).filter(is_last()).select("relation", p_day="day"),
        visits.filter(pl.col("odometer").is_not_null()).filter(is_last()).select("relation", "odometer"),
        visits.filter(pl.col("unpaid") > 0).select("relation").unique().with_columns(arrears=pl.lit(1.0)),
    ]


def satisfaction(surveys: pl.LazyFrame, at: int) -> pl.LazyFrame:
    score = pl.col("score")
    return (
        surveys.filter(pl.col("day") <= at)
        .with_columns(recent=pl.when(pl.col("day") > at - 730).then(score))
        .group_by("customer").agg(
            csi_last=score.last(), csi_mean_730=pl.col("recent").mean(), csi_sum=score.sum(), csi_count=score.count())
        .with_columns(csi_trend=pl.when(pl.col("csi_count") > 1).then(
            pl.col("csi_last") - (pl.col("csi_sum") - pl.col("csi_last")) / (pl.col("csi_count") - 1)))
        .drop("csi_sum", "csi_count")
    )


def complaint_sums(complaints: pl.LazyFrame, at: int) -> pl.LazyFrame:
    year = pl.col("day") > at - 365
    return (
        complaints.filter(pl.col("day") <= at)
        .group_by("customer").agg(
            cmp_365=year.cast(pl.UInt32).sum().cast(pl.Float64),
            cmp_open=(pl.col("closed").is_null() | (pl.col("closed") > at)).cast(pl.UInt32).sum().cast(pl.Float64),
            cmp_sev=pl.when(year).then("severity").max(), cmp_day=pl.col("day").max())
    )


def features(histories: Histories, at: int, for_list: bool = True) -> pl.DataFrame:
    """One row per relation active at the as-of date: the catalogue's columns, and what label and list need."""
    visits = histories.visits.lazy().filter(pl.col("day") <= at)
    c = pl.col
    joined = (
        histories.relations.lazy().filter(c("begun") <= at, c("ended").is_null() | (c("ended") > at))
        .join(recent_sums(visits, at), on="relation", how="left")
        .join(last_visit(visits), on="relation", how="left")
        .join(habits(visits), on="relation", how="left")
        .join(satisfaction(histories.surveys.lazy(), at), on="customer", how="left")
        .join(complaint_sums(histories.complaints.lazy(), at), on="customer", how="left")
        .join(histories.advisers.lazy(), on="adviser", how="left")
    )
    for end in ends(visits):
        joined = joined.join(end, on="relation", how="left")
    counts = ["q", "q_365", "q_730", "p_365", "p_730", "m_365", "m_730", "n_730", "w_730", "rework",
              "r_n", "cp_365", "cp_730", "discount_730", "arrears", "cmp_365", "cmp_open", "cmp_sev"]
    slope = (
        (c("r_xy") * c("r_n") - c("r_x") * c("r_y")) / (c("r_xx") * c("r_n") - c("r_x") * c("r_x")) * 1000.0 / 365.0)
    with_usage = (
        joined.with_columns(c(counts).cast(pl.Float64).fill_null(0))
        .with_columns(own=pl.when((c("r_n") >= 2) & (c("r_last") - c("r_first") >= 30)).then(slope))
        .with_columns(segment=c("own").median().over("use_type").fill_null(30.0))
        .with_columns(km_day=pl.when(c("own").is_null()).then("segment").otherwise(
            (c("r_n") * c("own") + PRIOR_READINGS * c("segment")) / (c("r_n") + PRIOR_READINGS)).clip(*KM_PER_DAY))
    )
    first = c("m_day").is_null()
    with_due = (
        with_usage
        .with_columns(
            anchor=pl.coalesce("m_day", "begun"), anchor_km=pl.coalesce("m_odometer", pl.lit(0.0)),
            months_days=pl.when(first).then("first_service_months").otherwise("months") * DAYS_PER_MONTH,
            km_rule=pl.when(first).then("first_service_km").otherwise("km"))
        .with_columns(expected=pl.min_horizontal("months_days", c("km_rule") / c("km_day")).clip(30))
        .with_columns(due=c("anchor") + c("expected"),
                      odo_hat=c("odometer").fill_null(0) + c("km_day") * (at - pl.coalesce("last_day", "begun")))
        .filter((c("q_day") > at - pl.max_horizontal(365, 1.5 * c("expected")))
                | ((c("begun") > at - 274) & (c("due") + 180 > at)))
        .with_columns(rec_q_days=(at - pl.coalesce("q_day", "begun")).cast(pl.Float64), days_over_due=at - c("due"),
                      own_gap=(c("gap_count").fill_null(0) * c("gap_median").fill_null(0) + 2 * c("expected"))
                      / (c("gap_count").fill_null(0) + 2),
                      tenure_days=(at - pl.min_horizontal("begun", "first_day")).cast(pl.Float64))
    )
    years = (c("tenure_days") / 365.25).clip(0.5)
    share = c("n_730").clip(1)
    kept = [c("relation")] if not for_list else [
        *[c(name) for name in (
            "relation", "customer", "customer_id", "vin", "model", "plate", "begun", "ended", "delivered", "due",
            "warranty_end", "q", "last_day", "adviser", "expected")],
        c("cp_730").alias("paid_730"), c("days_over_due").alias("overdue")]
    return with_due.select(
        *kept,
        rec_q_days=c("rec_q_days").log1p(), rec_paid_days=(at - pl.coalesce("p_day", "begun")).clip(0).log1p(),
        rec_any_days=(at - pl.coalesce("last_day", "begun")).clip(0).log1p(), never_serviced=number(c("q") == 0),
        days_over_time=at - (c("anchor") + c("months_days")), km_over=c("odo_hat") - c("anchor_km") - c("km_rule"),
        days_over_due=c("days_over_due"), overdue_ratio=(at - c("anchor")) / c("expected"),
        missed_cycles=(c("days_over_due").clip(0) / c("expected")).floor(),
        rec_over_own_gap=c("rec_q_days") / c("own_gap"),
        rec_z=((c("rec_q_days") - c("own_gap")) / (1.4826 * c("gap_mad").fill_null(30) + 15)).clip(-5, 20),
        first_service_late=number(first & (at > c("begun") + c("first_service_months") * DAYS_PER_MONTH + 30)),
        n_q_365=c("q_365"), n_q_730=c("q_730"), n_paid_365=c("p_365"),
        n_maint_365=c("m_365"), visits_per_year=c("q") / years, gap_median=c("gap_median"),
        gap_cv=pl.when(c("gap_count") >= 3).then(1.4826 * c("gap_mad") / c("gap_median").clip(1)),
        wallet_share=(c("m_730") * c("expected") / c("tenure_days").clip(90, 730)).clip(0, 1.5),
        tenure_days=c("tenure_days").log1p(), cp_365=c("cp_365").log1p(), cp_730=c("cp_730").log1p(),
        cp_avg_730=(c("cp_730") / c("p_730").clip(1)).log1p(),
        cp_trend=((c("cp_365") + 500) / (c("cp_730") - c("cp_365") + 500)).log(), ticket_last=c("ticket_last").log1p(),
        bill_shock=((c("ticket_last") + 1) / (c("own_ticket") + 1)).log(),
        discount_rate_730=c("discount_730") / (c("cp_730") + c("discount_730")).clip(1), arrears=c("arrears"),
        sh_paid_730=c("p_730") / share, sh_warranty_730=c("w_730") / share,
        rework_365=c("rework"),
        age_months=(at - c("delivered")) / DAYS_PER_MONTH, odo_hat=c("odo_hat") / 1000, km_day=c("km_day").log(),
        price_band=c("list_price").log1p(), wty_days_left=(c("warranty_end") - at).cast(pl.Float64),
        wty_eff_days_left=pl.min_horizontal(c("warranty_end") - at, (c("warranty_km") - c("odo_hat")) / c("km_day")),
        electric=number(c("powertrain").is_in(["BEV", "PHEV"])),
        commercial=number(c("use_type") != "private"), company=number(c("owner_type") != "person"),
        bought_here=c("bought_here"), turnaround_last=c("turnaround_last").log1p(),
        sa_distinct4=c("sa_distinct4"), sa_left=number(c("left") <= at).fill_null(0),
        csi_last=c("csi_last"), csi_mean_730=c("csi_mean_730"), csi_trend=c("csi_trend"),
        cmp_365=c("cmp_365"), cmp_open=c("cmp_open"), cmp_sev=c("cmp_sev"),
        cmp_after_last=number(c("cmp_day") > pl.coalesce("last_day", "begun")).fill_null(0),
    ).collect()


def labels(histories: Histories, rows: pl.DataFrame, at: int, until: int) -> pl.DataFrame:
    """`lapsed` for the rows whose window ends by `until`; natural losses within it are left out."""
    following = (
        histories.visits.lazy().filter((pl.col("day") > at) & pl.col("qualified"))
        .group_by("relation").agg(next_day=pl.col("day").min())
    )
    ahead = (pl.col("due") - at).clip(0) + pl.max_horizontal(90, pl.col("expected") / 2)
    return (
        rows.lazy().with_columns(window=at + ahead.clip(180, LONGEST_WINDOW))
        .filter(pl.col("window") <= until, pl.col("ended").is_null() | (pl.col("ended") > pl.col("window")))
        .join(following, on="relation", how="left")
        .with_columns(lapsed=(pl.col("next_day").is_null() | (pl.col("next_day") > pl.col("window"))))
        .collect()
    )
