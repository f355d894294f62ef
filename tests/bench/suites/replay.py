"""CSV to Kafka: naru replay at full speed beside kcat, which sends the same
rows as ready-made JSON lines with the same keys: once as one runs it, with lz4
(acks=all is its default), and once with naru's producer settings, so that only
the reading of CSV and the writing of JSON differ. Then one long stream from a
pipe, whose memory is looked at all the way."""
import json
import subprocess
import time

import bench
import picture

COLUMNS = ["who", "rows/s", "rows/CPU-s", "CPU-s", "peak MB"]
KCAT = ("compression.type=lz4",)
# What naru replay sets (replay/producer.c).
KCAT_AS_NARU = ("enable.idempotence=true", "acks=all", "compression.type=lz4",
        "partitioner=murmur2_random", "linger.ms=100",
        "queue.buffering.max.kbytes=12288")


def write_rows(b, rows):
    """The CSV, and its rows as kcat wants them: key, tab, JSON."""
    csv, lines = b.generate_file(rows), b.file("rows.tsv")
    dry = subprocess.Popen(
        [b.naru, "replay", csv, "--dry-run", "-q", "--keep-zero-volume"],
        stdout=subprocess.PIPE)
    with open(lines, "wb") as out:
        for line in dry.stdout:
            out.write(json.loads(line)["Code"].encode() + b"\t" + line)
    if dry.wait() != 0:
        raise bench.Failure("naru replay --dry-run failed")
    return csv, lines


def row(rows, usage):
    return {"rows/s": rows / usage.wall_s,
            "rows/CPU-s": rows / max(usage.cpu_s, 1e-3),
            "CPU-s": usage.cpu_s, "peak MB": usage.peak_mb}


def naru_argv(b, source, topic, *more):
    return [b.naru, "replay", source, "--topic", topic, "--brokers",
            b.brokers, "--create-topic", "6:3", "--pace", "max",
            "--keep-zero-volume", "--report", "json", *more]


def kcat_argv(b, lines, topic, settings):
    argv = ["kcat", "-P", "-q", "-b", b.brokers, "-t", topic, "-K", "\t"]
    for setting in settings:
        argv += ["-X", setting]
    return argv + ["-l", lines]


def stream(b, rows):
    """One stream; its peak at each quarter of the way."""
    feed = subprocess.Popen(["bash", "-c", b.generate(rows)],
                            stdout=subprocess.PIPE)
    process = b.process("stream", naru_argv(
        b, "-", f"bench-stream-{time.time_ns()}"), stdin=feed.stdout)
    feed.stdout.close()
    peaks_mb = []
    while not process.poll():
        peaks_mb.append(process.peak_mb)
        time.sleep(0.1)
    feed.wait()
    report = json.loads(process.usage.log.strip().splitlines()[-1])
    if process.usage.code != 0 or report["acknowledged"] < rows:
        raise bench.Failure(f"the stream: {process.usage.log[-400:]}")
    last = len(peaks_mb) - 1
    quarters = [peaks_mb[last * q // 4] for q in (1, 2, 3, 4)]
    return report["acknowledged"], process.usage, quarters


def run(b):
    rows = b.args.rows
    csv, lines = write_rows(b, rows)
    topic = f"bench-replay-{time.time_ns()}"
    subprocess.run(naru_argv(b, csv, topic, "-q", "--from", "9999-01-01"),
                   capture_output=True, check=False)  # makes the topic
    runs = b.in_turns({
        "naru replay, from CSV": lambda: row(
            rows, b.run("naru", naru_argv(b, csv, topic))),
        "kcat -P, ready-made JSON": lambda: row(
            rows, b.run("kcat", kcat_argv(b, lines, topic, KCAT))),
        "kcat -P, naru's settings": lambda: row(
            rows, b.run("kcat", kcat_argv(b, lines, topic, KCAT_AS_NARU)))})
    ours, *theirs = runs.values()
    table = bench.Table(
        f"replay: {rows:,} market rows to 6 partitions, 3 replicas", COLUMNS,
        [{"who": name, **bench.medians(r)} for name, r in runs.items()],
        [f"naru / {name}: {bench.ratio(ours, other, 'rows/s'):.2f} of the "
         f"rows/s, {bench.ratio(ours, other, 'rows/CPU-s'):.2f} of the rows "
         "per CPU-second" for name, other in zip(list(runs)[1:], theirs)])
    sent, usage, quarters = stream(b, b.args.stream_rows)
    flat = bench.Table(
        f"replay: a stream of {sent:,} rows from a pipe", COLUMNS,
        [{"who": "naru replay -", **row(sent, usage)}],
        ["peak MB after each quarter of the time: "
         + ", ".join(f"{mb:.1f}" for mb in quarters)])
    return [table, flat, picture.Bars(
        "rows/s to Kafka", [(n, bench.medians(r)["rows/s"])
                            for n, r in runs.items()])]
