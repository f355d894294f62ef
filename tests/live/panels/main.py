"""Runs every panel's searches and every ready query on one engine and compares the answers with the CSV.

usage: main.py --naru NARU --url http://HOST:PORT --data FOLDER [--draw] [--name PREFIX]
"""
import argparse
import json
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "kibana" / "render"))

import index  # noqa: E402
import market_answers  # noqa: E402
import other_answers  # noqa: E402
import panel_query  # noqa: E402
import panel_source  # noqa: E402
import query_answers  # noqa: E402
import samples  # noqa: E402
import server_answers  # noqa: E402
import sql_answers  # noqa: E402
from checks import Checks  # noqa: E402
from engine import Engine, EngineError  # noqa: E402

ALL_TIME = panel_query.Context(datetime(2021, 1, 1, tzinfo=timezone.utc), datetime(2024, 1, 1, tzinfo=timezone.utc))


class Loaded:
    """The samples, and the aliases they were loaded under, by set."""

    def __init__(self):
        self.tables, self.aliases = {}, {}

    def add(self, name, table, alias):
        self.tables[name], self.aliases[name] = table, alias


def load_all(engine, naru, work, data, prefix):
    loaded = Loaded()
    market, real = samples.market(naru, work, data)
    if not real:
        print(f"no {data}: made-up rows instead of real ones")
    for name, dataset, sample in (("marcap", "marcap", market), ("long", "marcap", samples.long_market(naru, work)),
                                  ("trade", "trade", samples.trades(naru, work)), ("ohlcv", "ohlcv", samples.bars(naru, work)),
                                  ("pipeline", "metrics", samples.metrics())):
        alias = index.apply_dataset(naru, engine, work, dataset, f"{prefix}-{name}")
        index.load(engine, alias, sample.documents)
        loaded.add(name, sample.table, alias)
    return loaded


def check_panels(checks, engine, loaded, sets):
    """Each panel over all time; its answer is the CSV's."""
    answers = {"marcap": market_answers.ANSWERS, **other_answers.ANSWERS}
    for panel_set in sets.values():
        for name, panel in panel_set.panels.items():
            _, searches = panel_query.searches(panel, panel_set, ALL_TIME, loaded.aliases[panel_set.name])
            if not searches:
                continue
            got, want = answers[panel_set.name][name]
            answer = [engine.search(s.index, s.body) for s in searches][0]
            checks.rows(f"panel {panel_set.name}/{name}", got(answer), want(loaded.tables[panel_set.name]))


def check_context(checks, engine, loaded, sets):
    """The time range, the query bar and a filter reach the panels: a choice by Korean name, by code, by days."""
    table, marcap = loaded.tables["marcap"], sets["marcap"]
    fifth = table.filter(table["Date"] == table["Date"].max()).sort("Rank").row(4, named=True)
    ten = sorted(table["Date"].unique())[5:15]
    days = panel_query.Context(*(datetime(d.year, d.month, d.day, tzinfo=timezone.utc) for d in (ten[0], ten[-1])))
    cases = {
        f"chosen by name ({fifth['Name']})": (panel_query.Context(ALL_TIME.start, ALL_TIME.end, f'Name:"{fifth["Name"]}"'),
                                               table.filter(table["Name"] == fifth["Name"])),
        f"chosen by a filter ({fifth['Code']})": (panel_query.Context(ALL_TIME.start, ALL_TIME.end, "", [{"match_phrase": {"Code": fifth["Code"]}}]),
                                                  table.filter(table["Code"] == fifth["Code"])),
        "of ten days": (days, table.filter(table["Date"].is_in(ten))),
    }
    for what, (context, rows) in cases.items():
        for name in ("company-price", "company-facts", "company-list", "largest-share"):
            _, searches = panel_query.searches(marcap.panels[name], marcap, context, loaded.aliases["marcap"])
            got, want = market_answers.ANSWERS[name]
            checks.rows(f"panel marcap/{name} {what}", got(engine.search(searches[0].index, searches[0].body)), want(rows))


def has_scripts(engine, alias):
    try:
        engine.search(alias, {"size": 0, "aggs": {"x": {"max": {"script": {"lang": "painless", "source": "1"}}}}})
        return True
    except EngineError as error:
        if "script_lang not supported" in str(error) or "painless" in str(error):
            return False
        raise


def check_queries(checks, engine, loaded):
    scripts = has_scripts(engine, loaded.aliases["marcap"])
    query_answers.SECOND = "000660" if "000660" in loaded.tables["marcap"]["Code"] else \
        sorted(loaded.tables["marcap"]["Code"].unique())[-1]
    for path in sorted((ROOT / "kibana" / "queries").glob("*.json")):
        dataset, got, want = query_answers.ANSWERS[path.stem]
        if path.stem in query_answers.NEEDS_SCRIPTS and not scripts:
            checks.skip(1, f"query {path.stem}", "this engine has no painless")
            continue
        body = json.loads(path.read_text().replace("000660", query_answers.SECOND))
        checks.rows(f"query {path.stem}", got(engine.search(loaded.aliases[dataset], body)), want(loaded.tables[dataset]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--naru", required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--name", default="paneltest")
    parser.add_argument("--draw", action="store_true", help="draw the panels too, and check what was drawn")
    args = parser.parse_args()
    checks, engine, sets = Checks(), Engine(args.url), panel_source.read_all()
    with tempfile.TemporaryDirectory() as work:
        loaded = load_all(engine, args.naru, Path(work), args.data, args.name)
    check_panels(checks, engine, loaded, sets)
    check_context(checks, engine, loaded, sets)
    check_queries(checks, engine, loaded)
    sql_answers.check(checks, loaded)
    server_answers.check(checks, engine, loaded)
    if args.draw:
        import drawn_answers  # needs node
        drawn_answers.check(checks, engine, loaded, sets, ALL_TIME)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
