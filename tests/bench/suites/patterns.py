"""What the marcap dataset's id pattern and external versions cost over ids
of topic, partition and offset, in CPU of the bridge. The runs alternate, so
that the machine's moods meet both."""
import bench

COLUMNS = ["ids", "docs/CPU-s", "CPU-s", "peak MB", "lost", "doubles"]


def run(b):
    topic = b.market_topic()
    kinds = {"topic-partition-offset": (),
             "marcap, version = timestamp": ("bridge.dataset=marcap",)}
    runs = {name: [] for name in kinds}
    with b.stub(ids=topic.records) as stub:
        for _ in range(b.args.runs):
            for name, settings in kinds.items():
                argv = b.bridge_argv(topic.name, stub.url, *settings)
                runs[name].append(b.into_stub(stub, topic, "naru", argv))
    rows = [{"ids": name, **{c: bench.median([r[c] for r in all_runs])
                             for c in COLUMNS[1:]}}
            for name, all_runs in runs.items()]
    plain, marcap = (bench.median([r["CPU-s"] for r in all_runs])
                     for all_runs in runs.values())
    return [bench.Table(
        "id patterns and versions", COLUMNS, rows,
        [f"the pattern and the version cost {marcap / plain * 100 - 100:.0f}"
         " % more CPU"])]
