"""The same as market_answers, for ohlcv, trade and the pipeline."""
import polars as pl

from market_answers import START_MS, buckets, days_and_months, of_both, source

BAR_MS = pl.col("Timestamp").cast(pl.Datetime("ms")).dt.epoch("ms").alias("t")
TIME_MS = pl.col("@timestamp").dt.epoch("ms").alias("t")


def by_name(field):
    return lambda answer: [(every, d["key"], n["key"], n[field]["value"]) for every, d in days_and_months(answer)
                           for n in d["names"]["buckets"]]


def by_name_want(field):
    mean = lambda rows: rows.group_by("start", "Bank_Name").agg(pl.col(field).mean()).sort("start", "Bank_Name").select(
        START_MS, "Bank_Name", field).rows()
    return lambda table: of_both(table, mean, "Timestamp")


def bars_got(answer):
    company = buckets(answer, "company")[0]
    return [(company["key"], d["key"], *(d[f]["value"] for f in ("open", "high", "low", "close")))
            for d in buckets({"aggregations": company}, "days")]


def most_traded(table):
    most = table.group_by("Bank_Name").agg(pl.col("Volume").sum()).sort("Volume", descending=True)["Bank_Name"][0]
    return table.filter(pl.col("Bank_Name") == most).sort("Timestamp")


def bars_want(table):
    return most_traded(table).select("Bank_Name", BAR_MS, "Open", "High", "Low", "Close").rows()


def five_seconds(table):
    return table.with_columns((pl.col("trade_time") // 5000 * 5000).alias("t"))


def averages_got(answer):
    return sorted((b["key"]["time"], b["key"]["symbol"], b["doc_count"], b["price"]["value"], b["low"]["value"], b["high"]["value"])
                  for b in buckets(answer, "ticks"))


def averages_want(table):
    price = pl.col("price")
    return sorted(five_seconds(table).group_by("t", "symbol").agg(
        pl.len(), price.mean().alias("mean"), price.min().alias("low"), price.max().alias("high")).rows())


def rate_want(table):
    return table.group_by((pl.col("trade_time") // 1000 * 1000).alias("t")).len().sort("t", descending=True).head(120).rows()


def latest_got(answer):
    return sorted((b["key"], b["newest"]["value"], source(b["last"]["hits"]["hits"][0])["price"]) for b in buckets(answer, "symbols"))


def latest_want(table):
    last = table.sort("trade_time").group_by("symbol").last()
    return sorted(last.select("symbol", pl.col("trade_time").cast(pl.Float64), "price").rows())


def bridges_got(*fields):
    """The steps of ten seconds, then the hours."""
    def got(answer):
        steps = [("steps", s["key"]["time"], s["key"]["group"], s["key"]["instance"], *(s[f]["value"] for f in fields))
                 for s in buckets(answer, "steps")]
        return sorted(steps) + [("hours", t["key"], g["key"], h["key"], *(h[f]["value"] for f in fields))
                                for t in buckets(answer, "hours") for g in t["groups"]["buckets"] for h in g["instances"]["buckets"]]
    return got


def bridges_want(**fields):
    """fields: how each is brought together, mean or max."""
    def want(table):
        rows = []
        for every, length in (("steps", "10s"), ("hours", "1h")):
            grouped = table.group_by(pl.col("@timestamp").dt.truncate(length), "group", "instance").agg(
                *(getattr(pl.col(f), how)().cast(pl.Float64) for f, how in fields.items()))
            rows += [(every, *row) for row in grouped.sort("@timestamp", "group", "instance").select(TIME_MS, "group", "instance", *fields).rows()]
        return rows
    return want


LEDGER = ("consumed", "created", "updated", "duplicates", "deleted", "skipped", "dead_lettered", "released", "pending", "lag")


def state_got(answer):
    return sorted((g["key"], h["key"], *(source(h["last"]["hits"]["hits"][0])[f] for f in LEDGER))
                  for g in buckets(answer, "groups") for h in g["instances"]["buckets"])


def state_want(table):
    return sorted(table.sort("@timestamp").group_by("group", "instance").last().select("group", "instance", *LEDGER).rows())


def lines(how, *fields):
    return bridges_got(*fields), bridges_want(**dict.fromkeys(fields, how))


OUTCOMES = ("created", "updated", "duplicates", "deleted", "skipped", "dead_lettered")
ANSWERS = {
    "ohlcv": {
        "prices": (by_name("close"), by_name_want("Close")),
        "volume": (by_name("volume"), by_name_want("Volume")),
        "bars": (bars_got, bars_want),
    },
    "trade": {
        "averages": (averages_got, averages_want),
        "rate": (lambda a: [(b["key"]["time"], b["doc_count"]) for b in buckets(a, "ticks")], rate_want),
        "latest": (latest_got, latest_want),
    },
    "pipeline": {
        "rate": lines("mean", "per_s"),
        "lag": lines("max", "lag"),
        "latency": lines("mean", "latency_ms"),
        "window": lines("mean", "window", "in_flight"),
        "outcomes": lines("max", *OUTCOMES),
        "refusals": lines("max", "sent_again", "dead_lettered"),
        "pushed-back": lines("max", "refused"),
        "state": (state_got, state_want),
    },
}
