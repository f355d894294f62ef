"""The rows that panels and queries are asked about: as CSV, from which the expectations are computed, and as the documents
that naru makes of them (naru replay --dry-run)."""
import json
import random
import subprocess
from datetime import date, datetime, timedelta, timezone

import polars

TOP = 200  # of each day, to keep loading short
MARCAP_TYPES = {"Code": polars.String, "Date": polars.String, "MarketId": polars.String, "ChangeCode": polars.String}


class Sample:
    """One dataset's rows: table for computing, documents for the engine."""

    def __init__(self, table, documents):
        self.table = table
        self.documents = documents


def naru_documents(naru, files, *options):
    done = subprocess.run([naru, "replay", *map(str, files), "--dry-run", "--quiet", *options],
                          capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    return [json.loads(line) for line in done.stdout.splitlines()]


def market(naru, work, data):
    """2022 and 2023 of the real history; without it a made-up one of the same days."""
    files = [data / f"marcap-{year}.csv.gz" for year in (2022, 2023)]
    real = all(f.is_file() for f in files)
    if not real:
        for start, end in (("2022-01-03", "2022-02-17"), ("2023-01-02", "2023-02-14")):
            generate(naru, work / "market", start, end, TOP + 20)
        files = sorted((work / "market").glob("*.csv"))
    table = polars.concat([read_marcap(f) for f in files])
    table = table.filter((polars.col("Volume") > 0) & (polars.col("Rank") <= TOP))
    return Sample(table, naru_documents(naru, files, "--top", str(TOP))), real


def generate(naru, folder, start, end, stocks):
    subprocess.run([naru, "generate", "--out", str(folder), "--from", start, "--to", end, "--stocks", str(stocks),
                    "--quiet", "--force"], check=True)


def read_marcap(path):
    columns = ["Code", "Name", "Market", "Close", "ChagesRatio", "Open", "High", "Low", "Volume", "Amount", "Marcap",
               "Stocks", "Rank", "Date"]
    return polars.read_csv(path, schema_overrides=MARCAP_TYPES).select(columns).with_columns(
        polars.col("Volume", "Amount", "Marcap", "Stocks", "Rank").cast(polars.Int64),
        polars.col("Close", "ChagesRatio", "Open", "High", "Low").cast(polars.Float64),
        polars.col("Date").str.to_date())


def long_market(naru, work):
    """Two made-up stocks over five years without a gap: enough for averages of 60 days and for drawing by months."""
    generate(naru, work / "long", "2020-01-01", "2024-12-31", 2)
    files = sorted((work / "long").glob("*.csv"))
    table = polars.concat([read_marcap(f) for f in files]).filter(polars.col("Volume") > 0)
    return Sample(table, naru_documents(naru, files))


def trades(naru, work):
    """Eleven minutes of ticks of nine symbols; some windows of five seconds have none."""
    chance = random.Random(7)
    price = {f"SYM{i}": 50.0 * (i + 1) for i in range(9)}
    start = int(datetime(2022, 1, 3, 0, 0, 3, 250000, tzinfo=timezone.utc).timestamp() * 1000)
    rows, now = [], start
    while now < start + 660_000:
        now += chance.randrange(1, 160)
        symbol = chance.choices(list(price), weights=[9, 8, 7, 6, 5, 4, 3, 2, 1])[0]
        if symbol == "SYM1" and now % 60_000 < 15_000:
            continue
        price[symbol] = round(price[symbol] * (1 + chance.gauss(0, 0.0004)), 2)
        rows.append((symbol, price[symbol], chance.randrange(1, 500), now))
    table = polars.DataFrame(rows, schema=["symbol", "price", "volume", "trade_time"], orient="row")
    path = work / "trade.csv"
    table.write_csv(path)
    return Sample(table, naru_documents(naru, [path], "--dataset", "trade"))


def bars(naru, work):
    """150 weekdays of three companies with a hole of a month, a file each."""
    chance = random.Random(11)
    files, tables = [], []
    for name, price in (("Kookmin", 55000.0), ("Shinhan", 38000.0), ("하나", 42000.0)):
        rows, day = [], date(2021, 9, 1)
        while len(rows) < 150:
            day += timedelta(days=32 if len(rows) == 60 and day < date(2021, 12, 20) else 1)
            if day.weekday() > 4:
                continue
            start = price
            price = round(price * (1 + chance.gauss(0, 0.012)))
            rows.append((str(day), name, start, max(start, price) + 100.0, min(start, price) - 150.0, float(price),
                         chance.randrange(100_000, 3_000_000)))
        table = polars.DataFrame(rows, schema=["Timestamp", "Bank_Name", "Open", "High", "Low", "Close", "Volume"],
                                 orient="row")
        files.append(work / f"bars-{len(files)}.csv")
        table.write_csv(files[-1])
        tables.append(table)
    return Sample(polars.concat(tables).with_columns(polars.col("Timestamp").str.to_date()),
                  naru_documents(naru, files, "--dataset", "ohlcv"))


COUNTERS = {"created": (4000, 9000), "updated": (0, 40), "duplicates": (0, 90), "deleted": (0, 3), "skipped": (0, 9),
            "dead_lettered": (-30, 3), "released": (-90, 40), "refused": (-5, 2), "sent_again": (-900, 200)}


def metrics():
    """Half an hour of two bridges, one of which starts anew in the middle, as naru bridge --metrics-index writes."""
    chance = random.Random(5)
    start = datetime(2022, 1, 3, 0, 0, tzinfo=timezone.utc)
    documents = []
    for host in ("ferry-1", "ferry-2"):
        process, sums = 4711, dict.fromkeys(COUNTERS, 0)
        for step in range(181):
            if host == "ferry-2" and step == 90:
                process, sums = 4712, dict.fromkeys(COUNTERS, 0)
            growth = {name: max(0, chance.randrange(low, high)) for name, (low, high) in COUNTERS.items()}
            sums = {name: value + growth[name] for name, value in sums.items()}
            pending = chance.randrange(0, 4000)
            documents.append({
                "@timestamp": int((start + timedelta(seconds=10 * step)).timestamp() * 1000),
                "host": host, "instance": f"{host}-{process}", "group": "naru-bridge", "phase": "running", **sums,
                "pending": pending, "lost": 0,
                "consumed": sum(v for k, v in sums.items() if k not in ("refused", "sent_again")) + pending,
                "per_s": growth["created"] / 10, "lag": max(0, 400_000 - 2000 * step + chance.randrange(9000)),
                "in_flight": chance.randrange(0, 5), "window": 2 + step % 4, "batch_bytes": 5_000_000,
                "held_bytes": 9_000_000, "latency_ms": round(chance.uniform(20, 180), 1), "requests": 3 * step})
    table = polars.DataFrame(documents).with_columns(polars.from_epoch("@timestamp", "ms").dt.replace_time_zone("UTC"))
    return Sample(table, documents)
