"""What the ready queries of kibana/queries must answer. NEEDS_SCRIPTS names those that an engine without painless refuses."""
import polars as pl

from market_answers import DAY_MS, buckets, ms, source

FIRST, SECOND = "005930", "000660"
NEEDS_SCRIPTS = {"moving-averages", "correlation-of-two"}
IN_2022 = pl.col("Date").dt.year() == 2022


def five_seconds_got(answer):
    return sorted((w["key"], s["key"], w["average"]["value"]) for s in buckets(answer, "symbols") for w in s["windows"]["buckets"])


def five_seconds_want(table):
    start = 1_641_168_000_000  # 2022-01-03T00:00:00Z
    ten = table.filter((pl.col("trade_time") >= start) & (pl.col("trade_time") < start + 600_000))
    return sorted(ten.group_by((pl.col("trade_time") // 5000 * 5000).alias("t"), "symbol").agg(pl.col("price").mean()).rows())


def moving_got(answer):
    return [(d["key"], d["close"]["value"], *(d[f"average_{n}"]["value"] for n in (5, 20, 60))) for d in buckets(answer, "days")]


def moving_want(table):
    one = table.filter((pl.col("Code") == FIRST) & IN_2022).sort("Date")
    mean = lambda n: pl.col("Close").rolling_mean(n, min_samples=1).alias(str(n))
    return one.select(DAY_MS, "Close", mean(5), mean(20), mean(60)).rows()


def latest_got(answer):
    return [(s["Code"], s["Name"], s["Date"], s["Close"], s["Marcap"]) for s in map(source, answer["hits"]["hits"])]


def newest(table):
    return table.sort("Date").group_by("Code").last()


def latest_want(table):
    return newest(table).sort(["Date", "Rank"], descending=[True, False]).select(
        "Code", "Name", pl.col("Date").dt.to_string(), "Close", "Marcap").rows()


def top20_got(answer):
    return [(s["Rank"], s["Code"], s["Name"], s["Market"], s["Close"], s["ChagesRatio"], s["Marcap"])
            for s in map(source, answer["hits"]["hits"])]


def top20_want(table):
    return table.filter((pl.col("Date") == pl.date(2022, 1, 3)) & (pl.col("Rank") <= 20)).sort("Rank").select(
        "Rank", "Code", "Name", "Market", "Close", "ChagesRatio", "Marcap").rows()


def years_got(answer):
    day = lambda hits: source(hits["hits"]["hits"][0])["Date"]
    return [(int(y["key_as_string"]), y["highest"]["value"], day(y["highest_day"]),
             y["traded"]["lowest"]["value"], day(y["traded"]["lowest_day"])) for y in buckets(answer, "years")]


def years_want(table):
    rows = []
    for (year,), part in table.filter(pl.col("Code") == FIRST).sort("Date").group_by(pl.col("Date").dt.year(), maintain_order=True):
        high = part.sort("High", descending=True, maintain_order=True).row(0, named=True)
        low = part.filter(pl.col("Low") > 0).sort("Low", maintain_order=True).row(0, named=True)
        rows.append((year, high["High"], str(high["Date"]), low["Low"], str(low["Date"])))
    return rows


def returns(table):
    side = lambda code, name: table.filter((pl.col("Code") == code) & IN_2022).select("Date", pl.col("ChagesRatio").alias(name))
    return side(FIRST, "first").join(side(SECOND, "second"), on="Date").sort("Date")


def returns_got(answer):
    return [(d["key"], d["first"]["percent"]["value"], d["second"]["percent"]["value"]) for d in buckets(answer, "days")]


def correlation_want(table):
    both = returns(table)
    return [(both.select(pl.corr("first", "second")).item(),)]


ANSWERS = {
    "five-second-averages": ("trade", five_seconds_got, five_seconds_want),
    "moving-averages": ("marcap", moving_got, moving_want),
    "latest-per-stock": ("marcap", latest_got, latest_want),
    "top20-on-a-day": ("marcap", top20_got, top20_want),
    "year-high-low": ("marcap", years_got, years_want),
    "returns-of-two": ("marcap", returns_got, lambda t: returns(t).select(DAY_MS, "first", "second").rows()),
    "correlation-of-two": ("marcap", lambda a: [(a["aggregations"]["correlation"]["value"],)], correlation_want),
}


def sql_text(path):
    """The file as DuckDB takes it: quotes for backticks, its own names for LAST and HISTOGRAM."""
    return path.read_text().replace("`", '"').replace("LAST(", "arg_max(").replace("HISTOGRAM(", "histogram_of(")


def sql_want():
    """Answers of the SQL files, computed as for the .json of the same name."""
    return {
        "five-second-averages": ("trade", lambda rows: [(ms(r[0]), r[1], r[2]) for r in rows], five_seconds_want),
        "latest-per-stock": ("marcap", list, lambda t: newest(t).sort("Code").select("Code", "Date", "Close", "Marcap").rows()),
        "top20-on-a-day": ("marcap", list, top20_want),
        "year-high-low": ("marcap", list, lambda t: [(y, h, l) for y, h, _, l, _ in years_want(t)]),
        "returns-of-two": ("marcap", list, lambda t: returns(t).rows()),
    }
