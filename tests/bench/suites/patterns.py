"""What the marcap dataset's id pattern and external versions cost over ids
of topic, partition and offset, in CPU of the bridge."""
import bench

COLUMNS = ["ids", "docs/CPU-s", "CPU-s", "peak MB", "lost", "doubles"]


def run(b):
    topic = b.market_topic()
    kinds = {"topic-partition-offset": (),
             "marcap, version = timestamp": ("bridge.dataset=marcap",)}
    with b.stub(ids=topic.records) as stub:
        runs = b.in_turns({
            name: lambda settings=settings: b.into_stub(
                stub, topic, "naru",
                b.bridge_argv(topic.name, stub.url, *settings))
            for name, settings in kinds.items()})
    rows = [{"ids": name, **bench.medians(r)} for name, r in runs.items()]
    plain, marcap = runs.values()
    more = bench.ratio(marcap, plain, "CPU-s") * 100 - 100
    return [bench.Table(
        "id patterns and versions", COLUMNS, rows,
        [f"the pattern and the version cost {more:.0f} % more CPU"])]
