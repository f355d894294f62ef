"""20 records a second, one by one: how long from the producer's hand to the
engine's, and what the bridge's own histograms say."""
import re
import subprocess
import time

import bench

RATE, SECONDS, DELAY_MS = 20, 20, 20
COLUMNS = ["what", "median ms", "p99 ms", "most ms"]


def produce(b, topic):
    """When each record was handed to the producer, on the monotonic clock:
    by its timestamp, which is exact to the millisecond."""
    b.replay(f"{b.naru} generate --out - -q | head -n {RATE * SECONDS + 1}",
             topic, 1, "--pace", f"{RATE}/s", "--set", "kafka.linger.ms=0")
    ahead = time.time() - time.monotonic()
    stamps = subprocess.run(
        ["kcat", "-C", "-b", b.brokers, "-t", topic, "-o", "beginning", "-e",
         "-q", "-f", "%T\n"], capture_output=True, text=True, check=True)
    return [int(ms) / 1000 - ahead for ms in stamps.stdout.split()[1:]]


def histogram_rows(page):
    """Each histogram of /metrics: an upper bound of its quantiles."""
    for name in re.findall(r"^# TYPE (\w+) histogram$", page, re.M):
        pairs = [(float(le), int(float(n))) for le, n in re.findall(
            rf'^{name}_bucket{{le="([^"]+)"}} (\S+)$', page, re.M)]
        total = pairs[-1][1] if pairs else 0
        if total == 0:
            continue
        ms = {q: next(le for le, n in pairs if n >= q * total) * 1000
              for q in (0.5, 0.99, 1.0)}
        yield {"what": f"/metrics {name}, at most", "median ms": ms[0.5],
               "p99 ms": ms[0.99], "most ms": ms[1.0]}


def run(b):
    name = f"bench-latency-{time.time_ns()}"
    port = bench.free_port()
    with b.stub() as stub:
        stub.limits(delay_ms=DELAY_MS)
        b.replay(f"{b.naru} generate --out - -q | head -n 2", name, 1)
        bridge = b.process("naru", b.bridge_argv(
            name, stub.url, f"admin.listen=127.0.0.1:{port}", forever=True))
        bench.wait_until("the first record's way",
                         lambda: stub.counts()["items"] >= 1, bridge)
        stub.reset()
        sent = produce(b, name)
        bench.wait_until("the last record's way",
                         lambda: stub.counts()["items"] >= len(sent), bridge)
        time.sleep(0.5)
        page = bench.http("GET", f"http://127.0.0.1:{port}/metrics")
        arrived = stub.arrivals_s()
        bridge.stop()
    way_ms = [(a - s) * 1000 for s, a in zip(sent, arrived)]
    rows = [{"what": "producer to engine", **bench.quantiles(way_ms)},
            *histogram_rows(page)]
    return [bench.Table(
        f"latency at {RATE} records/s, the engine answers after {DELAY_MS} "
        "ms", COLUMNS, rows,
        ["acknowledged = at the engine + its answer; the default linger is "
         "bridge.linger_ms"])]
