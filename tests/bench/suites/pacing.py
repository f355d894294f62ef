"""How exactly naru replay keeps its pace: by its own report, and by the
timestamps that its records have in Kafka."""
import json
import subprocess
import time

import bench

RATE, SECONDS = 10000, 60
DAYS, STOCKS = 30, 100
COLUMNS = ["what", "records", "median ms", "p99 ms", "most ms"]


def send(b, rows, topic, *options):
    usage = b.run("paced", [
        b.naru, "replay", b.generate_file(rows, STOCKS), "--topic", topic, "--brokers", b.brokers,
        "--create-topic", "1:3", "--keep-zero-volume", "--report", "json",
        *options])
    return json.loads(usage.log.strip().splitlines()[-1])


def stamps_ms(b, topic):
    read = subprocess.run(
        ["kcat", "-C", "-b", b.brokers, "-t", topic, "-o", "beginning", "-e",
         "-q", "-f", "%T\n"], capture_output=True, text=True, check=True)
    return [int(ms) for ms in read.stdout.split()]


def own(report):
    late = report["lateness_us"]
    return {"median ms": late["p50"] / 1e3, "p99 ms": late["p99"] / 1e3,
            "most ms": late["max"] / 1e3, "records": report["sent"]}


def against_schedule(stamps, due_ms):
    """Behind the schedule, counted from the record that was most on time:
    when the schedule began stands in no record."""
    behind = [t - due for t, due in zip(stamps, due_ms)]
    least = min(behind)
    return {"records": len(behind),
            **bench.quantiles([late - least for late in behind])}


def run(b):
    topics = [f"bench-pace-{what}-{time.time_ns()}" for what in "rd"]
    by_rate = send(b, RATE * SECONDS, topics[0], "--pace", f"{RATE}/s")
    stamps = stamps_ms(b, topics[0])
    rows = [
        {"what": f"{RATE:,}/s, naru's report", **own(by_rate)},
        {"what": "... by the records' timestamps", **against_schedule(
            stamps, (i * 1000 / RATE for i in range(len(stamps))))}]
    by_day = send(b, DAYS * STOCKS, topics[1], "--pace", "day:1s")
    stamps = stamps_ms(b, topics[1])
    # A day is sent at once; the next one begins most of a second later.
    firsts = [t for i, t in enumerate(stamps)
              if i == 0 or t - stamps[i - 1] > 500]
    rows += [
        {"what": "day:1s, naru's report", **own(by_day)},
        {"what": "... first of each day, timestamps", **against_schedule(
            firsts, (i * 1000 for i in range(len(firsts))))}]
    return [bench.Table(
        f"pacing: {SECONDS} s at {RATE:,} rows/s, {by_day['days']} days at "
        "one a second", COLUMNS, rows,
        ["timestamps are whole milliseconds"])]
