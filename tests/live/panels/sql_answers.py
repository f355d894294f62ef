"""The SQL files of kibana/queries, run by DuckDB on the same rows: no engine with SQL is to be had for the lab."""
import tempfile
from pathlib import Path

import duckdb

import query_answers

QUERIES = Path(__file__).resolve().parents[3] / "kibana" / "queries"


def connection(tables, work):
    """marcap and trade as tables, and HISTOGRAM as Elasticsearch's SQL knows it."""
    db = duckdb.connect()
    for name in ("marcap", "trade"):
        tables[name].write_parquet(work / f"{name}.parquet")
    db.execute(f"create table marcap as from '{work}/marcap.parquet'")
    db.execute(f"create table trade as select * replace (make_timestamp(trade_time * 1000) as trade_time) from '{work}/trade.parquet'")
    db.execute("create macro histogram_of(t, i) as time_bucket(i, t)")
    return db


def check(checks, loaded):
    wanted = query_answers.sql_want()
    with tempfile.TemporaryDirectory() as work:
        db = connection(loaded.tables, Path(work))
    for path in sorted(QUERIES.glob("*.sql")):
        dataset, got, want = wanted[path.name.split(".")[0]]
        text = query_answers.sql_text(path).replace("000660", query_answers.SECOND)
        checks.rows(f"SQL {path.name}", got(db.execute(text).fetchall()), want(loaded.tables[dataset]))
