"""An engine whose capacity falls to a tenth and comes back: how many requests
are refused, and how long until the full speed is reached again."""
import time

import bench
import picture

FULL = 40000             # documents a second
QUEUE_DOCS = 30000       # what it lets wait, as Elasticsearch's queues do
FALL_S, RISE_S, END_S = 8, 28, 45
SETTLED_S = 5            # after the fall
STEP_S = 0.1
COLUMNS = ["refused by", "% refused after settling", "refused", "requests",
           "full again after s", "used at a tenth", "used at full"]


def sample(stub):
    c = stub.counts()
    return {"t": c["now_us"] / 1e6, "items": c["items"], "done": c["done"],
            "requests": c["requests"],
            "refused": c["refused_requests"] + c["refused_items"],
            "refused_requests": c["refused_requests"],
            "flying": c["flying"]}


def watch(stub, bridge):
    """Samples of the whole run; the capacity changes on the way."""
    stages = [(FALL_S, FULL / 10), (RISE_S, FULL)]
    bench.wait_until("the first record's way",
                     lambda: stub.counts()["items"] > 0, bridge)
    samples = [sample(stub)]
    start = samples[0]["t"]
    while samples[-1]["t"] - start < END_S and not bridge.poll():
        if stages and samples[-1]["t"] - start >= stages[0][0]:
            stub.limits(docs_per_s=stages.pop(0)[1])
        time.sleep(STEP_S)
        samples.append(sample(stub))
    for s in samples:
        s["t"] -= start
    return samples


def between(samples, start, end):
    part = [s for s in samples if start <= s["t"] < end]
    return part or samples[-1:]


def rates(samples, window=10):
    """(t, documents worked off per second) over the last second."""
    return [(b["t"], (b["done"] - a["done"]) / (b["t"] - a["t"]))
            for a, b in zip(samples, samples[window:])]


def full_again_s(samples):
    for t, rate in rates(samples):
        if t > RISE_S + 1 and rate >= 0.9 * FULL:
            return t - RISE_S
    return None


def used(samples, start, end, capacity):
    part = between(samples, start, end)
    span = part[-1]["t"] - part[0]["t"]
    if span <= 0:
        return None
    return (part[-1]["done"] - part[0]["done"]) / span / capacity


def measure(b, topic, kind):
    with b.stub() as stub:
        stub.limits(docs_per_s=FULL, queue_docs=QUEUE_DOCS, delay_ms=5,
                    refuse=kind)
        bridge = b.process("naru", b.bridge_argv(
            topic.name, stub.url, forever=True))
        samples = watch(stub, bridge)
        bridge.stop()
    settled = between(samples, FALL_S + SETTLED_S, END_S)
    refused = settled[-1]["refused"] - settled[0]["refused"]
    # Of the requests, or, when items are refused, of the items sent.
    of = (settled[-1]["requests"] - settled[0]["requests"]
          if kind == "request"
          else settled[-1]["items"] - settled[0]["items"] + refused)
    return samples, {
        "refused by": kind, "% refused after settling": refused / max(of, 1)
        * 100, "refused": samples[-1]["refused"],
        "requests": samples[-1]["requests"],
        "full again after s": full_again_s(samples),
        "used at a tenth": used(samples, FALL_S + SETTLED_S, RISE_S,
                                FULL / 10),
        "used at full": used(samples, RISE_S + 10, END_S, FULL)}


def chart(kind, samples):
    refused = [(b["t"], (b["refused"] - a["refused"]) / (b["t"] - a["t"]))
               for a, b in zip(samples, samples[10:])]
    capacity = [(0, FULL), (FALL_S, FULL), (FALL_S, FULL / 10),
                (RISE_S, FULL / 10), (RISE_S, FULL),
                (samples[-1]["t"], FULL)]
    return picture.Lines(
        f"capacity falls to a tenth and comes back; refused by {kind}",
        "seconds", {"capacity": capacity, "documents/s": rates(samples),
                    "429s/s": refused},
        marks=((FALL_S, "falls"), (RISE_S, "comes back")))


def run(b):
    rows = FULL * (END_S - (RISE_S - FALL_S) + 3) + FULL // 10 * RISE_S
    topic = b.market_topic(max(rows, b.args.rows))
    table = bench.Table(
        f"an engine of {FULL:,} documents/s, at a tenth from second {FALL_S} "
        f"to {RISE_S}", COLUMNS, [],
        ["full again: 90 % of the capacity over a second"])
    charts = []
    for kind in ("request", "items"):
        samples, row = measure(b, topic, kind)
        table.rows.append(row)
        charts.append(chart(kind, samples))
    return [table, *charts]
