"""What the panels of marcap must answer: got(answer) reads rows out of the engine's answer, want(table) computes the same
from the CSV's rows. Times are milliseconds since 1970."""
import polars as pl

DAY_MS = (pl.col("Date").cast(pl.Datetime("ms")).dt.epoch("ms")).alias("t")


def buckets(answer, *path):
    at = answer["aggregations"]
    for step in path:
        at = at[step]
    return [b for b in at["buckets"] if b["doc_count"]]


def ms(day):
    return int(pl.Series([day]).cast(pl.Datetime("ms")).dt.epoch("ms")[0])


def source(hit):
    return hit["_source"]


def days_and_months(answer, *path):
    """The buckets of both, in order of time, each with which it is of."""
    return [(every, b) for every in ("days", "months")
            for b in sorted(buckets(answer, *path, every), key=lambda b: b["key"])]


def of_both(table, want, time="Date"):
    """want(rows, column), of the days and then of the months; column holds the begin of the day or month."""
    start = table.with_columns(pl.col(time).alias("start"))
    month = table.with_columns(pl.col(time).dt.truncate("1mo").alias("start"))
    return [(every, *row) for every, rows in (("days", start), ("months", month)) for row in want(rows)]


START_MS = pl.col("start").cast(pl.Datetime("ms")).dt.epoch("ms").alias("t")


def top20_got(answer):
    return [(every, d["key"], s["key"], s["value"]["value"]) for every, d in days_and_months(answer, "top")
            for s in d["stocks"]["buckets"]]


def top(table, count):
    return table.sort(["Date", "Marcap"], descending=[False, True]).group_by("Date", maintain_order=True).head(count)


def top20_want(table):
    def largest_20(rows):
        value = rows.filter(pl.col("Rank") <= 60).group_by("start", "Code").agg(pl.col("Marcap").mean())
        return value.sort(["start", "Marcap"], descending=[False, True]).group_by("start", maintain_order=True).head(20).select(
            START_MS, "Code", "Marcap").rows()
    return of_both(table, largest_20)


def last_day(table):
    return table.filter(pl.col("Date") == pl.col("Date").max())


def movers_got(answer):
    day = buckets(answer, "day")[0]
    return [(day["key"], s["Code"], s["ChagesRatio"]) for side in ("up", "down")
            for s in map(source, day[side]["hits"]["hits"])]


def movers_want(table):
    day = last_day(table)
    up = day.sort(["ChagesRatio", "Amount", "Code"], descending=[True, True, False]).head(10)
    down = day.sort(["ChagesRatio", "Amount", "Code"], descending=[False, True, False]).head(10)
    return pl.concat([up, down]).select(DAY_MS, "Code", "ChagesRatio").rows()


def turnover_got(answer):
    return [(every, d["key"], d["trading_days"]["value"], m["key"], m["amount"]["value"])
            for every, d in days_and_months(answer) for m in d["markets"]["buckets"]]


def turnover_want(table):
    def by_market(rows):
        days = rows.group_by("start").agg(pl.col("Date").n_unique().alias("days"))
        amount = rows.group_by("start", "Market").agg(pl.col("Amount").sum().cast(pl.Float64))
        return amount.join(days, on="start").sort("start", "Market").select(START_MS, "days", "Market", "Amount").rows()
    return of_both(table, by_market)


def share_got(answer):
    return [(every, d["key"], *(100 * d[f"top{n}"]["sum"]["value"] / d["all"]["value"] for n in (1, 5, 10, 20)))
            for every, d in days_and_months(answer)]


def share_want(table):
    part = lambda n: (100 * pl.col("Marcap").filter(pl.col("Rank") <= n).sum() / pl.col("Marcap").sum()).alias(str(n))
    return of_both(table, lambda rows: rows.group_by("start").agg(*map(part, (1, 5, 10, 20))).sort("start").select(
        START_MS, "1", "5", "10", "20").rows())


def company_got(*fields):
    def got(answer):
        company = buckets(answer, "company")[0]
        name = company["newest"]["hits"]["hits"][0]["_source"]["Name"]
        return [(company["key"], name, d["key"], *(d[f]["value"] for f in fields)) for d in buckets({"aggregations": company}, "days")]
    return got


def largest(table):
    """The one company that is shown when several fit."""
    code = table.sort("Marcap", descending=True)["Code"][0]
    return table.filter(pl.col("Code") == code).sort("Date")


def company_want(*fields):
    def want(table):
        one = largest(table)
        return one.with_columns(pl.lit(one["Name"][-1]).alias("newest")).select(
            "Code", "newest", DAY_MS, *(pl.col(f).cast(pl.Float64) for f in fields)).rows()
    return want


def facts_got(answer):
    c = buckets(answer, "company")[0]
    now = source(c["newest"]["hits"]["hits"][0])
    return [(c["key"], c["doc_count"], now["Name"], now["Date"], now["Close"], now["Marcap"], now["Rank"], now["Stocks"],
             c["high"]["value"], source(c["high_day"]["top"]["hits"]["hits"][0])["Date"],
             c["low"]["lowest"]["value"], source(c["low"]["low_day"]["hits"]["hits"][0])["Date"])]


def facts_want(table):
    one = largest(table)
    now, high = one.row(-1, named=True), one.sort(["High", "Date"], descending=[True, False]).row(0, named=True)
    low = one.filter(pl.col("Low") > 0).sort(["Low", "Date"]).row(0, named=True)
    return [(now["Code"], len(one), now["Name"], str(now["Date"]), now["Close"], now["Marcap"], now["Rank"], now["Stocks"],
             high["High"], str(high["Date"]), low["Low"], str(low["Date"]))]


def classic_list_got(answer):
    return [(c["key"], n["key"], n["1"]["value"], n["2"]["value"]) for c in buckets(answer, "3") for n in c["4"]["buckets"]]


def classic_list_want(table):
    codes = table.group_by("Code").agg(pl.col("Marcap").max().alias("most")).sort("most", descending=True).head(50)
    both = table.group_by("Code", "Name").agg(pl.col("Marcap").max().cast(pl.Float64), pl.col("Rank").min().cast(pl.Float64))
    return codes.join(both, on="Code").sort(["most", "Marcap"], descending=True).select("Code", "Name", "Marcap", "Rank").rows()


def figures_got(answer):
    a = answer["aggregations"]
    return [(answer["hits"]["total"]["value"], a["2"]["value"], a["3"]["value"], a["4"]["value"])]


def figures_want(table):
    return [(len(table), table["Date"].n_unique(), table["Code"].n_unique(), float(ms(table["Date"].max())))]


def live_rows_want(table):
    return table.group_by("Date").len().sort("Date", descending=True).head(60).select(DAY_MS, "len").rows()


def live_day_got(answer):
    d = buckets(answer, "days")[0]
    return [(d["key"], d["doc_count"], d["amount"]["value"], d["marcap"]["value"], d["up"]["doc_count"], d["down"]["doc_count"])]


def live_day_want(table):
    day = last_day(table)
    return [(ms(day["Date"][0]), len(day), float(day["Amount"].sum()), float(day["Marcap"].sum()),
             (day["ChagesRatio"] > 0).sum(), (day["ChagesRatio"] < 0).sum())]


def live_averages_got(answer):
    return [(d["key"], s["key"], s["value"]["value"], s["price"]["value"])
            for d in buckets(answer, "top", "days") for s in d["stocks"]["buckets"]]


def live_averages_want(table):
    days = table["Date"].unique().sort(descending=True).head(64)
    return top(table.filter(pl.col("Date").is_in(days)), 20).sort(["Date", "Marcap"], descending=True).select(
        DAY_MS, "Code", pl.col("Marcap").cast(pl.Float64), "Close").rows()


def live_latest_got(answer):
    d = buckets(answer, "days")[0]
    return [(d["key"], s["Code"], s["Marcap"], s["Close"]) for s in map(source, d["top"]["hits"]["hits"])]


def live_latest_want(table):
    return last_day(table).sort("Rank").head(20).select(DAY_MS, "Code", "Marcap", "Close").rows()


def classic_line_got(answer):
    return sorted((d["key"], n["key"], n["1"]["value"]) for d in buckets(answer, "2") for n in d["3"]["buckets"])


def thirty_days():
    """The begin of the 30 days, counted from 1970, that a day is in."""
    return (pl.col("t") // (30 * 86_400_000) * (30 * 86_400_000)).alias("t")


def classic_value_want(table):
    grouped = table.with_columns(DAY_MS).with_columns(thirty_days()).group_by("t", "Name").agg(
        pl.col("Marcap").max().cast(pl.Float64))
    return sorted(grouped.sort(["t", "Marcap"], descending=[False, True]).group_by("t", maintain_order=True).head(10).rows())


def classic_turnover_want(table):
    return sorted(table.with_columns(DAY_MS).with_columns(thirty_days()).group_by("t", "Market").agg(
        pl.col("Amount").sum().cast(pl.Float64)).rows())


def lens_volume_got(answer):
    return sorted((d["key"], m["key"], d["volume"]["value"]) for m in buckets(answer, "market") for d in m["day"]["buckets"])


def lens_volume_want(table):
    return sorted(table.with_columns(DAY_MS).with_columns(thirty_days()).group_by("t", "Market").agg(
        pl.col("Volume").sum().cast(pl.Float64)).rows())


ANSWERS = {
    "lens-volume": (lens_volume_got, lens_volume_want),
    "figures": (figures_got, figures_want),
    "top20-value": (top20_got, top20_want),
    "rank-changes": (top20_got, top20_want),
    "movers": (movers_got, movers_want),
    "turnover": (turnover_got, turnover_want),
    "largest-share": (share_got, share_want),
    "company-price": (company_got("close", "high", "low"), company_want("Close", "High", "Low")),
    "company-volume": (company_got("volume"), company_want("Volume")),
    "company-value": (company_got("value"), company_want("Marcap")),
    "company-rank": (company_got("rank"), company_want("Rank")),
    "company-facts": (facts_got, facts_want),
    "company-list": (classic_list_got, classic_list_want),
    "live-rows": (lambda a: [(d["key"], d["doc_count"]) for d in buckets(a, "days")], live_rows_want),
    "live-day": (live_day_got, live_day_want),
    "live-averages": (live_averages_got, live_averages_want),
    "live-latest": (live_latest_got, live_latest_want),
    "classic-value": (classic_line_got, classic_value_want),
    "classic-turnover": (classic_line_got, classic_turnover_want),
}
