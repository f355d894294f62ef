"""Into a real Elasticsearch: naru as it comes, against curl with ready-made
bodies at its best setting, which is looked for first. Same index settings,
same mapping, same ids; documents/s as the engine counts them."""
import json
import subprocess
import time

import bench
import picture
from suites.stub import make_bodies

INDEX = "bench"
BODY_MB = (2, 5, 10)
PARALLEL = (1, 2, 4)
WARM_UP_RUNS = 4  # the engine's code is compiled while it runs
COLUMNS = ["who", "docs/s", "CPU-s", "peak MB", "in the index"]


class Index:
    """The engine's own counts of one index, made anew for each run."""

    def __init__(self, b):
        self.url = b.engine_url
        dataset = json.loads(
            (bench.ROOT / "mappings/marcap.json").read_text("utf-8"))
        dataset |= {"name": INDEX, "index": INDEX}
        self.dataset = b.file("bench.json")
        self.dataset.write_text(json.dumps(dataset), encoding="utf-8")
        self.b = b

    def renew(self):
        bench.http("DELETE", f"{self.url}/{INDEX}-*?ignore_unavailable=true")
        self.b.run("mappings", [
            self.b.naru, "mappings", "apply", self.dataset, "--set",
            f"elasticsearch.hosts={self.url}"])

    def indexed(self):
        stats = json.loads(bench.http(
            "GET", f"{self.url}/{INDEX}/_stats/indexing"))
        return stats["_all"]["primaries"]["indexing"]["index_total"]

    def documents(self):
        bench.http("POST", f"{self.url}/{INDEX}/_refresh")
        return json.loads(bench.http(
            "GET", f"{self.url}/{INDEX}/_count"))["count"]


def timed(index, process, wanted):
    """Documents/s from when the first are in until all are."""
    first = None
    while True:
        before, n = time.monotonic(), index.indexed()
        now = (before + time.monotonic()) / 2  # a busy engine answers late
        if first is None and n > 0:
            first = (now, n)
        if n >= wanted:
            break
        if process.poll() and index.indexed() < wanted:
            raise bench.Failure(f"{n} of {wanted} documents came: "
                                f"{process.usage.log.strip()[-400:]}")
        time.sleep(0.05)
    return (wanted - first[1]) / max(now - first[0], 1e-3)


def measure(b, index, topic, name, argv):
    index.renew()
    process = b.process(name, argv)
    speed = timed(index, process, topic.records)
    usage = process.wait()
    return {"docs/s": speed, "CPU-s": usage.cpu_s, "peak MB": usage.peak_mb,
            "in the index": index.documents()}


def curl_argv(b, bodies, parallel):
    listed = b.file("bodies.txt")
    listed.write_text("".join(f"{p}\n" for p in bodies), encoding="utf-8")
    url = b.engine_url + f"/{INDEX}" + bench.BULK
    return ["xargs", "-a", listed, "-P", str(parallel), "-I", "{}", "curl",
            "-sSf", "--noproxy", "*", "-o", "/dev/null", "-H", "Expect:",
            "-H", "Content-Type: application/x-ndjson", "--data-binary",
            "@{}", url]


def best_of_curl(b, index, topic, bodies):
    """(docs/s, MB, in flight), the best first: each setting once, then the
    three best twice more, because one lucky run says little."""
    def speed(mb, parallel):
        row = measure(b, index, topic, "curl",
                      curl_argv(b, bodies[mb], parallel))
        bench.say(f"   curl, {mb} MB, {parallel} in flight: "
                  f"{row['docs/s']:,.0f} documents/s")
        return row["docs/s"]

    tried = {(mb, p): [speed(mb, p)] for mb in bodies for p in PARALLEL}
    finalists = sorted(tried, key=lambda k: -tried[k][0])[:3]
    for _ in range(2):
        for setting in finalists:
            tried[setting].append(speed(*setting))
    return sorted(((bench.median(tried[k]), *k) for k in finalists),
                  reverse=True)


def run(b):
    topic = b.market_topic(b.args.engine_rows)
    index = Index(b)
    bodies = {mb: make_bodies(b, topic, mb << 20) for mb in BODY_MB}
    for _ in range(WARM_UP_RUNS):
        measure(b, index, topic, "curl", curl_argv(b, bodies[5], 2))
    tried = best_of_curl(b, index, topic, bodies)
    _, mb, parallel = tried[0]

    def bridge(*settings):
        return measure(b, index, topic, "naru", b.bridge_argv(
            topic.name, b.engine_url, f"bridge.dataset={index.dataset}",
            "bridge.id=%{_topic}-%{_partition}-%{_offset}",
            "bridge.version=none", *settings))

    kinds = {
        "naru bridge": bridge,
        f"curl, {mb} MB, {parallel} in flight": lambda: measure(
            b, index, topic, "curl", curl_argv(b, bodies[mb], parallel)),
        "naru bridge, gzip": lambda: bridge("bridge.compression=gzip")}
    return report(topic, b.in_turns(kinds), tried)


def report(topic, runs, tried):
    rows = [{"who": name, **bench.medians(r)} for name, r in runs.items()]
    naru, curl, packed = runs.values()
    pairs = [n["docs/s"] / c["docs/s"] for n, c in zip(naru, curl)]
    plain, gzip = bench.medians(naru), bench.medians(packed)
    table = bench.Table(
        f"into Elasticsearch 7.17: {topic.records:,} records, 2 shards",
        COLUMNS, rows,
        [f"naru / curl at its best: {bench.median(pairs):.2f} "
         f"(each pair of runs: {', '.join(f'{p:.2f}' for p in pairs)})",
         f"gzip / none: {gzip['docs/s'] / plain['docs/s']:.2f} of the "
         f"documents/s for {gzip['CPU-s'] / plain['CPU-s']:.1f} times the CPU",
         "curl's best settings: " + ", ".join(
             f"{mb} MB x {p}: {s:,.0f}" for s, mb, p in tried)])
    return [table, picture.Bars("documents/s into Elasticsearch 7.17",
                                [(r["who"], r["docs/s"]) for r in rows])]
