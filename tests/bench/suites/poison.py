"""One record in a thousand is no document: each of those must be dead-lettered
once, the rest come through as fast as if nothing was."""
import subprocess

import bench

EVERY = 1000
COLUMNS = ["topic", "docs/s", "docs/CPU-s", "peak MB", "lost",
           "dead letters", "of"]


def spoil(b, clean, name):
    """The clean topic once more, every thousandth value spoilt."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c",
         'kcat -q -C -b "$1" -t "$2" -o beginning -e | awk "NR % $4 == 0 '
         '{ print \\"poison \\" NR; next } 1" | '
         'kcat -P -b "$1" -t "$3" -z lz4 -X acks=all -X linger.ms=50', "bash",
         b.brokers, clean.name, name, str(EVERY)],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise bench.Failure(f"kcat: {done.stderr.strip()}")


def spoilt_topic(b, clean):
    def make(name):
        # The header alone makes the topic, with as many partitions.
        b.replay(f"{b.naru} generate --out - -q --stocks 1 | head -n 1",
                 name, 6, "--pace", "max")
        spoil(b, clean, name)
    return b.topic(f"bench-poison-{clean.records}", make)


def measure(b, stub, topic):
    b.serial += 1
    letters = f"bench-letters-{b.serial}-{topic.name}"
    row = b.into_stub(stub, topic, "naru", b.bridge_argv(
        topic.name, stub.url, f"bridge.dead_letter=topic:{letters}"))
    found = b.read_topic(letters)
    row["dead letters"] = found[0] if found else 0
    return row


def run(b):
    clean = b.market_topic()
    spoilt = spoilt_topic(b, clean)
    with b.stub(ids=clean.records) as stub:
        runs = b.in_turns({
            t.name: lambda t=t: measure(b, stub, t) for t in (clean, spoilt)})
    rows = []
    for topic, each in ((clean, 0), (spoilt, spoilt.records // EVERY)):
        row = bench.medians(runs[topic.name])
        rows.append({"topic": f"1 in {EVERY} spoilt" if each else "clean",
                     **row, "lost": row["lost"] - each, "of": each})
    share = bench.ratio(runs[spoilt.name], runs[clean.name], "docs/s")
    return [bench.Table("poison", COLUMNS, rows, [
        f"spoilt / clean: {share:.2f} in docs/s"])]
