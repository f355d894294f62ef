"""What Vega makes of the answers: every panel draws, and what it computes itself (averages, ranks, growth) is the CSV's."""
from datetime import datetime, timezone

import polars as pl

import market_answers
import other_answers
import panel_query
import picture

NEVER = panel_query.Context(datetime(1980, 1, 1, tzinfo=timezone.utc), datetime(1980, 1, 2, tzinfo=timezone.utc))
NO_ROWS = "no rows in this time range"
DATA = ("days", "rows", "last", "counts", "steps", "bridges")


WIDTHS = (1400, 900)  # of a dashboard: a large screen, and a small window


def frames_of(panel_set, width=WIDTHS[0]):
    return [f for d in panel_set.dashboards for f in picture.dashboard_frames(panel_set, d, width)]


def check(checks, engine, loaded, sets, context):
    drawn = {}
    for panel_set in sets.values():
        alias = loaded.aliases[panel_set.name]
        for newest in (False, True):
            draw_set(checks, engine, panel_set, context, alias, newest, drawn)
        draw_nothing(checks, engine, panel_set, alias)
    draw_spans(checks, engine, loaded, sets["marcap"])
    check_computed(checks, engine, loaded, sets, context, drawn)


def draw_set(checks, engine, panel_set, context, alias, newest, drawn):
    frames, narrow = (frames_of(panel_set, width) for width in WIDTHS)
    kit = "the newest Vega" if newest else "Kibana 7.12's Vega"
    try:
        picture.draw(frames, engine, context, alias, newest, DATA)
        picture.draw(narrow, engine, context, alias, newest)
    except picture.DrawError as error:
        checks.true(f"{panel_set.name} draws with {kit}", False, str(error))
        return
    blank = [f.name for f in frames if not sum(f.marks.values()) or NO_ROWS in f.svg]
    checks.true(f"{panel_set.name} draws with {kit}", not blank, f"blank: {blank}" if blank else f"{len(frames)} panels")
    tidy(checks, f"{panel_set.name} with {kit}, {' and '.join(map(str, WIDTHS))} pixels wide", frames + narrow)
    drawn.update({(panel_set.name, f.name): f.data for f in frames})


def tidy(checks, what, frames):
    """No text lies on another, none is cut off or shortened."""
    faults = [f"{f.name} ({f.width} pixels): {fault}" for f in frames for fault in f.untidy]
    checks.true(f"{what}: every text can be read", not faults, "; ".join(faults[:5]) or f"{len(frames)} drawn")


def draw_spans(checks, engine, loaded, marcap):
    """Dates can be read of few days, of a year of days, of years by months, and where days are missing."""
    day = lambda y, m, d: datetime(y, m, d, tzinfo=timezone.utc)
    frames = []
    for alias, start, end in (("marcap", day(2022, 1, 1), day(2022, 1, 9)), ("marcap", day(2022, 2, 7), day(2023, 1, 6)),
                              ("long", day(2024, 1, 1), day(2025, 1, 1)), ("long", day(2020, 1, 1), day(2025, 1, 1))):
        drawn = [f for width in WIDTHS for f in frames_of(marcap, width) if f.panel["kind"] == "vega"]
        picture.draw(drawn, engine, panel_query.Context(start, end), loaded.aliases[alias])
        frames += drawn
    tidy(checks, "marcap over four spans of time", frames)


def draw_nothing(checks, engine, panel_set, alias):
    """Of a time without rows a panel says so, rather than break."""
    frames = [f for f in frames_of(panel_set) if f.panel["kind"] == "vega"]
    try:
        picture.draw(frames, engine, NEVER, alias)
        silent = [f.name for f in frames if NO_ROWS not in f.svg]
        checks.true(f"{panel_set.name} says that there is nothing", not silent, f"silent: {silent}" if silent else f"{len(frames)} panels")
    except picture.DrawError as error:
        checks.true(f"{panel_set.name} says that there is nothing", False, str(error))


def check_computed(checks, engine, loaded, sets, context, drawn):
    checks.rows("drawn marcap/company-price: 5, 20 and 60-day averages", *company_averages(engine, loaded, sets))
    checks.rows("drawn marcap/top20-value: months, of a long time", *months(engine, loaded, sets))
    for (name, panel), (got, want) in COMPUTED.items():
        rows = drawn.get((name, panel))
        if rows is None:
            checks.true(f"drawn {name}/{panel}", False, "was not drawn")
            continue
        checks.rows(f"drawn {name}/{panel}", got(rows), want(loaded.tables[name]))


def draw_long(engine, loaded, sets, panel, data, year):
    start = datetime(year, 1, 1, tzinfo=timezone.utc)
    context = panel_query.Context(start, datetime(2025, 1, 1, tzinfo=timezone.utc))
    frame = picture.Frame(sets["marcap"], panel, 900, 300)
    picture.draw([frame], engine, context, loaded.aliases["long"], data=(data,))
    return frame.data[data]


def company_averages(engine, loaded, sets):
    """Of the made-up stock of a year without a gap: the real files are too short for an average of 60 days."""
    one = market_answers.largest(loaded.tables["long"].filter(pl.col("Date").dt.year() == 2024))
    mean = lambda n: pl.col("Close").rolling_mean(n, min_samples=n).alias(str(n))
    want = one.select(market_answers.DAY_MS, "Close", mean(5), mean(20), mean(60)).rows()
    got = draw_long(engine, loaded, sets, "company-price", "days", 2024)
    return [(r["key"], r["close"], r["ma5"], r["ma20"], r["ma60"]) for r in got], want


def months(engine, loaded, sets):
    got = draw_long(engine, loaded, sets, "top20-value", "rows", 2020)
    return sorted((r["key"], r["code"], r["value"]) for r in got), months_want(loaded.tables["long"])


def pieces_of_days(table, column):
    """A number that grows where more than ten days lie between two rows."""
    return table.with_columns((pl.col(column).diff().dt.total_days() > 10).fill_null(False).cum_sum().alias("piece"))


def volume_want(table):
    one = pieces_of_days(market_answers.largest(table), "Date")
    mean = pl.col("Volume").cast(pl.Float64).rolling_mean(20, min_samples=20).over("piece").alias("mean")
    return one.select(market_answers.DAY_MS, mean).rows()


def moves_want(table):
    """Rank on the last day, code, name, and how it moved since the first."""
    first, last = (market_answers.top(table.filter(pl.col("Date") == d), 20) for d in (table["Date"].min(), table["Date"].max()))
    then = {code: rank for rank, code in enumerate(first["Code"], 1)}
    move = lambda rank, code: "new" if code not in then else "up" if rank < then[code] else "down" if rank > then[code] else "same"
    return [(rank, code, name, move(rank, code)) for rank, (code, name) in enumerate(last.select("Code", "Name").iter_rows(), 1)]


def months_want(table):
    """Of more than 799 days the months are drawn: the average market value of each stock in each month."""
    month = pl.col("Date").dt.truncate("1mo")
    value = table.group_by(month, "Code").agg(pl.col("Marcap").mean())
    return sorted(value.select(market_answers.DAY_MS, "Code", "Marcap").rows())


def live_averages_want(table):
    """Mean of the last five days in the top 20 of the seven largest, without a missing day among them."""
    days = sorted(table["Date"].unique())[-64:]
    ranked = market_answers.top(table.filter(pl.col("Date").is_in(days)), 20).sort("Date")
    shown = market_answers.last_day(ranked).sort("Marcap", descending=True)["Code"][:7].to_list()
    rows = []
    for code in shown:
        window, before = [], None
        for day, price in ranked.filter(pl.col("Code") == code).select("Date", "Close").iter_rows():
            at = days.index(day)
            if before is not None and (at - before > 1 or (day - days[before]).days > 10):
                window = []
            window, before = (window + [price])[-5:], at
            if len(window) == 5:
                rows.append((code, market_answers.ms(day), sum(window) / 5))
    return sorted(rows)


def growth_want(*fields):
    """How much each counter of an instance grew since its step before; of its first step nothing."""
    def want(table):
        rows = []
        for (instance,), part in table.sort("@timestamp").group_by("instance", maintain_order=True):
            for field in fields:
                grown = part.select(other_answers.TIME_MS, pl.col(field).diff().fill_null(0))
                rows += [(time, instance, field, value) for time, value in grown.iter_rows()]
        return sorted(rows)
    return want


def growth_got(data):
    return sorted((r["key"], r["instance"], r["what"], r["grown"]) for r in data["counts"])


def trade_percent_want(table):
    """The seven symbols of the most trades in the last sixty windows, as percent of their first window."""
    windows = other_answers.five_seconds(table)
    windows = windows.filter(pl.col("t") > windows["t"].max() - 300_000)
    shown = windows.group_by("symbol").len().sort(["len", "symbol"], descending=[True, False])["symbol"][:7]
    rows = []
    for symbol in shown:
        part = windows.filter(pl.col("symbol") == symbol).group_by("t").agg(pl.col("price").mean()).sort("t")
        rows += [(symbol, t, 100 * price / part["price"][0] - 100) for t, price in part.iter_rows()]
    return sorted(rows)


def rate_want(table):
    """Trades of each whole five seconds, a second, of the last 120 seconds."""
    seconds = table.with_columns((pl.col("trade_time") // 1000 * 1000).alias("s"))
    newest = seconds["s"].max()
    recent = seconds.filter(pl.col("s") > newest - 120_000).group_by((pl.col("s") // 5000 * 5000).alias("w")).len().sort("w")
    whole = recent.filter((pl.col("w") >= newest - 119_000) & (pl.col("w") + 5000 <= newest + 1000))
    return [(w, n / 5) for w, n in whole.iter_rows()]


def bars_want(table):
    one = pieces_of_days(other_answers.most_traded(table), "Timestamp")
    mean = pl.col("Close").rolling_mean(20, min_samples=20).over("piece").alias("mean")
    return one.select(other_answers.BAR_MS, mean).tail(120).rows()


COMPUTED = {
    ("marcap", "company-volume"): (lambda d: [(r["key"], r["ma20"]) for r in d["days"]], volume_want),
    ("marcap", "rank-changes"): (lambda d: sorted(((r["rank"], r["code"], r["name"], r["move"]) for r in d["last"])), moves_want),
    ("marcap", "live-averages"): (lambda d: sorted((r["code"], r["key"], r["average"]) for r in d["rows"]), live_averages_want),
    ("ohlcv", "bars"): (lambda d: [(r["key"], r["ma20"]) for r in d["days"]], bars_want),
    ("trade", "averages"): (lambda d: sorted((r["name"], r["time"], r["percent"]) for r in d["rows"]), trade_percent_want),
    ("trade", "rate"): (lambda d: sorted((r["window"], r["rate"]) for r in d["steps"]), rate_want),
    ("pipeline", "outcomes"): (growth_got, growth_want(*other_answers.OUTCOMES)),
    ("pipeline", "refusals"): (growth_got, growth_want("sent_again", "dead_lettered")),
    ("pipeline", "pushed-back"): (growth_got, growth_want("refused")),
    ("pipeline", "state"): (
        lambda d: sorted((r["name"], r["left_over"]) for r in d["bridges"]),
        lambda t: sorted((f"naru-bridge · {i}", 0) for i in t["instance"].unique())),
}
