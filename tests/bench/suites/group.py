"""One bridge, then two in one group, into an engine that takes 250 ms for
each request: there is room for more than one bridge sends."""
import re
import time

import bench

COLUMNS = ["bridges", "docs/s", "CPU-s", "lost", "doubles", "took each"]
DELAY_MS = 250
FORWARD = ("bridge.max_in_flight=4",)


def run_bridges(b, stub, topic, n):
    stub.reset()
    group = f"bench-group-{time.time_ns()}"
    bridges = [b.process("naru", b.bridge_argv(
        topic.name, stub.url, *FORWARD, group=group)) for _ in range(n)]
    usages = [one.wait() for one in bridges]
    for usage in usages:
        if usage.code != 0:
            raise bench.Failure(f"naru bridge: {usage.log.strip()[-400:]}")
    counts = stub.counts()
    shares = [int(found[1]) if (found := re.search(
        r"msg=ended consumed=(\d+)", u.log)) else 0 for u in usages]
    return {"docs/s": counts["items"] * 1e6
            / max(counts["last_us"] - counts["first_us"], 1),
            "CPU-s": sum(u.cpu_s for u in usages),
            "lost": max(0, topic.records - counts["created"]),
            "doubles": counts["duplicates"],
            "took each": " + ".join(f"{s:,}" for s in sorted(shares))}


def run(b):
    topic = b.market_topic()
    rows = []
    with b.stub(ids=topic.records) as stub:
        stub.limits(delay_ms=DELAY_MS)
        for n in (1, 2):
            rows.append({"bridges": str(n), **b.median_of(
                lambda n=n: run_bridges(b, stub, topic, n))})
    return [bench.Table(
        f"bridges of one group, {DELAY_MS} ms a request, 4 in flight each",
        COLUMNS, rows,
        [f"two pass {rows[1]['docs/s'] / rows[0]['docs/s']:.2f} times "
         "what one does"])]
