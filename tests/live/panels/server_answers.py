"""The .ppl and .sql files of kibana/queries for OpenSearch, run by its SQL plugin where the engine has it: Maven Central
has not, so the lab's engines have not either, and the checks are skipped there."""
from datetime import datetime, timezone
from pathlib import Path

import polars as pl

import query_answers
from engine import EngineError

QUERIES = Path(__file__).resolve().parents[3] / "kibana" / "queries"
PATHS = {".ppl": "_plugins/_ppl", ".sql": "_plugins/_sql"}
ABSENT = ("no handler found", "405", "invalid_index_name_exception")


def utc_ms(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp() * 1000)


def moving_want(table):
    """Unlike the .json: an average only of as many days as its name says."""
    one = table.filter((pl.col("Code") == query_answers.FIRST) & query_answers.IN_2022).sort("Date")
    mean = lambda n: pl.col("Close").rolling_mean(n, min_samples=n).alias(str(n))
    return one.select(pl.col("Date").dt.to_string(), "Close", mean(5), mean(20), mean(60)).rows()


def latest_want(table):
    columns = ("Code", "Name", pl.col("Date").dt.to_string(), "Close", "Marcap", "Rank")
    return sorted(query_answers.newest(table).select(*columns).rows())


ANSWERS = {
    "five-second-averages": ("trade", lambda rows: sorted((utc_ms(w), s, a) for a, w, s in rows), query_answers.five_seconds_want),
    "latest-per-stock": ("marcap", sorted, latest_want),
    "moving-averages": ("marcap", list, moving_want),
    "top20-on-a-day": ("marcap", list, query_answers.top20_want),
    "year-high-low": ("marcap", list, lambda t: [(y, h, l) for y, h, _, l, _ in query_answers.years_want(t)]),
}


def text_for(path, dataset, alias):
    """The file, asking the test's alias."""
    text = path.read_text()
    return text.replace(f"source = {dataset}", f"source = `{alias}`").replace(f"FROM `{dataset}`", f"FROM `{alias}`")


def has_plugin(engine, alias):
    try:
        engine.ask("POST", PATHS[".ppl"], {"query": f"source = `{alias}` | head 1"})
        return True
    except EngineError as error:
        if any(word in str(error) for word in ABSENT):
            return False
        raise


def check(checks, engine, loaded):
    files = sorted(QUERIES.glob("*.opensearch.*"))
    if not has_plugin(engine, loaded.aliases["marcap"]):
        checks.skip(len(files), "the queries for OpenSearch's SQL plugin", "this engine has none")
        return
    for path in files:
        dataset, got, want = ANSWERS[path.name.split(".")[0]]
        answer = engine.ask("POST", PATHS[path.suffix], {"query": text_for(path, dataset, loaded.aliases[dataset])})
        checks.rows(f"server {path.name}", got([tuple(row) for row in answer["datarows"]]), want(loaded.tables[dataset]))
