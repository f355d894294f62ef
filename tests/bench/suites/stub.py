"""naru, the floor, the peers, and kcat and curl as the ends of the way, into
an engine that only counts: who is the limit here is the bridge."""
import subprocess

import bench
import peers
import picture

COLUMNS = ["who", "docs/s", "docs/CPU-s", "CPU-s", "peak MB", "lost",
           "doubles", "requests"]


def consume(b, topic, name, argv):
    """A program that only reads: records by its wall time, start included."""
    usage = b.run(name, argv)
    return {"docs/s": topic.records / usage.wall_s,
            "docs/CPU-s": topic.records / usage.cpu_s,
            "CPU-s": usage.cpu_s, "peak MB": usage.peak_mb}


def kcat_argv(b, topic):
    return ["kcat", "-b", b.brokers, "-t", topic.name, "-C", "-o",
            "beginning", "-e", "-q", "-f", "", "-X", "check.crcs=false"]


def make_bodies(b, topic, body_bytes=5 << 20):
    """The topic as bulk bodies in files; ids as naru makes them."""
    folder = b.file("bodies")
    folder.mkdir()
    form = '{"index":{"_id":"%t-%p-%o"}}\\n%s\\n'
    kcat = subprocess.Popen(
        ["kcat", "-b", b.brokers, "-t", topic.name, "-C", "-o", "beginning",
         "-e", "-q", "-f", form], stdout=subprocess.PIPE)
    out, size, n = None, 0, 0
    for action in kcat.stdout:
        document = kcat.stdout.readline()
        if out is None or size + len(action) + len(document) > body_bytes:
            out = open(folder / f"{n:05}.ndjson", "wb")
            size, n = 0, n + 1
        out.write(action + document)
        size += len(action) + len(document)
    if out is not None:
        out.close()
    if kcat.wait() != 0:
        raise bench.Failure("kcat could not read the topic")
    return sorted(folder.iterdir())


def curl_argv(b, url, bodies):
    """curl over one connection, body after body."""
    config = b.file("curl.conf")
    parts = [f'url = "{url}"\ndata-binary = "@{body}"\nheader = '
             '"Content-Type: application/x-ndjson"\nheader = "Expect:"\n'
             'output = "/dev/null"\nnoproxy = "*"\nsilent\nfail\n'
             for body in bodies]
    config.write_text("next\n".join(parts), encoding="utf-8")
    return ["curl", "-K", config]


def contenders(b, stub, short_stub, topic, bodies):
    """name -> one run of it."""
    found = {
        "naru bridge": lambda: b.into_stub(
            stub, topic, "naru", b.bridge_argv(topic.name, stub.url)),
        "floor: bare loop": lambda: b.into_stub(
            stub, topic, "floor", b.floor_argv(topic.name, stub.url)),
        "floor: only consuming": lambda: consume(
            b, topic, "floor", b.floor_argv(topic.name)),
        "kcat -C, only consuming": lambda: consume(
            b, topic, "kcat", kcat_argv(b, topic)),
        "curl, ready-made bodies": lambda: b.into_stub(
            stub, topic, "curl",
            curl_argv(b, stub.url + "/bench" + bench.BULK, bodies))}
    if peers.rsyslog_is_here():
        found["rsyslog"] = lambda: peers.rsyslog(b, stub, topic)
        # It cannot ask for short answers; what if it could?
        found["rsyslog, answers cut short"] = lambda: peers.rsyslog(
            b, short_stub, topic)
    else:
        bench.say("   rsyslog is not here: skipped")
    return found


def run(b):
    topic = b.market_topic()
    bodies = make_bodies(b, topic)
    with b.stub(ids=topic.records) as stub, b.stub(short=True) as short:
        runs = b.in_turns(contenders(b, stub, short, topic, bodies))
    return report(topic, runs)


def ratios(runs):
    naru = runs["naru bridge"]
    for name in ("floor: bare loop", "rsyslog", "rsyslog, answers cut short"):
        if name in runs:
            yield (f"naru / {name}: "
                   f"{bench.ratio(naru, runs[name], 'docs/CPU-s'):.2f} "
                   "in docs/CPU-s, "
                   f"{bench.ratio(naru, runs[name], 'docs/s'):.2f} in docs/s")


def report(topic, runs):
    rows = {name: {"who": name, **bench.medians(r)}
            for name, r in runs.items()}
    mean = topic.value_bytes / topic.records
    table = bench.Table(
        f"into the counting engine: {topic.records:,} records of "
        f"{mean:.0f} bytes, lz4, 6 partitions", COLUMNS, list(rows.values()),
        list(ratios(runs)))
    bars = [(r["who"], r["docs/CPU-s"]) for r in rows.values()]
    speed = [(r["who"], r["docs/s"]) for r in rows.values()]
    return [table,
            picture.Bars("documents per CPU-second of the process", bars),
            picture.Bars("documents per second", speed),
            picture.Bars("peak memory", [(r["who"], r["peak MB"])
                                         for r in rows.values()], "MB")]
