"""The same features in SQL: DuckDB reads the files, and one query a date gives the matrix."""

from pathlib import Path

import duckdb
import numpy as np

from .tables import COLUMNS, DATE, NUMBER, TEXT, TIME

HERE = Path(__file__).resolve().parent
TYPES = {TEXT: "VARCHAR", NUMBER: "DOUBLE", DATE: "DATE", TIME: "TIMESTAMP"}
# Of these nothing is needed for features.
UNUSED = {"contacts"}


def open_database(threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory; the order of rows means nothing here, which lets DuckDB read and write in parallel."""
    database = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})
    database.execute("CREATE MACRO day_of(date) AS date - DATE '1970-01-01'")
    return database


def read(database: duckdb.DuckDBPyConnection, folder: Path, table: str) -> None:
    """A view of one table's file; a column or table that is not there is null or empty."""
    wanted = COLUMNS[table]
    parquet, csv = folder / f"{table}.parquet", folder / f"{table}.csv"
    if parquet.exists():
        source = f"read_parquet('{parquet}')"
        present = {name for name, *_ in database.execute(f"DESCRIBE FROM {source}").fetchall()}
    elif csv.exists():
        with csv.open(encoding="utf-8-sig") as file:
            header = file.readline().rstrip("\r\n").split(",")
        present = set(header)
        # With every type given nothing is sniffed.
        types = ", ".join(f"'{name}': '{TYPES[wanted.get(name, TEXT)]}'" for name in header)
        source = f"read_csv('{csv}', auto_detect = false, header = true, delim = ',', quote = '\"', columns = {{{types}}})"
    else:
        source, present = "(SELECT 1 WHERE false)", set()
    columns = ", ".join(
        f'"{name}"' if name in present else f'CAST(NULL AS {TYPES[kind]}) AS "{name}"' for name, kind in wanted.items())
    database.execute(f"CREATE TEMP VIEW {table}_read AS SELECT {columns} FROM {source}")


def load(database: duckdb.DuckDBPyConnection, folder: Path, until: int) -> None:
    for table in COLUMNS.keys() - UNUSED:
        read(database, folder, table)
    database.execute("SET VARIABLE until = ?", [until])
    database.execute((HERE / "histories.sql").read_text(encoding="utf-8"))


def features(database: duckdb.DuckDBPyConnection, at: int) -> dict[str, np.ndarray]:
    """Relation numbers and the catalogue's columns as arrays of doubles, in memory."""
    query = (HERE / "features.sql").read_text(encoding="utf-8")
    return database.execute(query, {"at": at}).fetchnumpy()


def keys(database: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    """Who the relations' numbers are."""
    return database.execute("SELECT relation, customer_id, vin FROM relations").fetchnumpy()
