"""Cost per record as things grow: the number of records, of partitions, the
size of values (there per byte, too). Flat is good."""
import json

import bench
import picture

PARTITIONS = (1, 6, 20, 50, 100)
VALUE_BYTES = (100, 1000, 10000, 100000, 950000)
VALUES_TOTAL_BYTES = 200 << 20
MOST_VALUES = 500000
COLUMNS = ["what", "records", "docs/s", "us CPU a record", "less start",
           "ns CPU a byte", "peak MB", "lost", "doubles"]
FLOOR = "bare loop, us"


def ferried(b, topic, name, argv):
    """The median run of argv(the engine's address)."""
    with b.stub(ids=topic.records) as stub:
        return b.median_of(
            lambda: b.into_stub(stub, topic, name, argv(stub.url)))


def measure(b, topic, what, start_cpu_s=0.0):
    row = ferried(b, topic, "naru",
                  lambda url: b.bridge_argv(topic.name, url))
    return {"what": what, "records": topic.records, **row,
            "us CPU a record": row["CPU-s"] / topic.records * 1e6,
            "less start": (row["CPU-s"] - start_cpu_s) / topic.records * 1e6,
            "ns CPU a byte": row["CPU-s"] / topic.value_bytes * 1e9}


def start_cost(b):
    """What a bridge costs that ferries next to nothing."""
    return measure(b, b.market_topic(1000), "start and end")


def by_records(b, start):
    sizes = [n for n in (10000, 100000, 1000000, 10000000) if n <= b.args.top]
    return [measure(b, b.market_topic(n), f"{n:,} records", start)
            for n in sizes]


def floor_us(b, topic):
    """What a record costs the bare loop on the same topic."""
    row = ferried(b, topic, "floor",
                  lambda url: b.floor_argv(topic.name, url))
    return row["CPU-s"] / topic.records * 1e6


def by_partitions(b, start):
    """Smaller batches come with more partitions, whoever reads them: the bare
    loop tells how much of a rise is that."""
    n = min(300000, b.args.top)
    rows = []
    for p in PARTITIONS:
        topic = b.market_topic(n, p)
        row = measure(b, topic, f"{p} partitions", start)
        floor = floor_us(b, topic)
        rows.append({**row, FLOOR: floor,
                     "of it": row["us CPU a record"] / floor})
    return rows


def dataset(b):
    path = b.file("padded.json")
    path.write_text(json.dumps({
        "name": "padded", "schema_version": 1, "index": "padded",
        "columns": [
            {"name": "Code", "type": "keyword", "required": True},
            {"name": "Date", "type": "date", "required": True},
            {"name": "Pad", "type": "keyword"}],
        "time": {"column": "Date", "utc_offset": "+00:00"}, "key": "Code", "id": "%{Code}", "version": "none",
        "elasticsearch": {"settings": {}, "dynamic": "strict"}}),
        encoding="utf-8")
    return path


# A CSV whose values do not pack too well.
PADDED = """python3 -c '
import base64, random, sys
n, size = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(1)
pool = base64.b64encode(r.randbytes(3 << 20)).decode()
print("Code,Date,Pad")
for i in range(n):
    at = r.randrange(len(pool) - size)
    print(f"{i:08},2020-01-02,{pool[at:at + size]}")
' """


def padded_topic(b, size):
    n = min(MOST_VALUES, VALUES_TOTAL_BYTES // size)
    pad = size - len('{"Code":"00000000","Date":"2020-01-02","Pad":""}')
    return b.topic(
        f"bench-padded-{size}",
        lambda name: b.replay(PADDED + f"{n} {pad}", name, 6, "--pace",
                              "max", "--dataset", str(dataset(b))))


def by_size(b, start):
    return [measure(b, padded_topic(b, size), f"{size:,} bytes", start)
            for size in VALUE_BYTES]


def run(b):
    start = start_cost(b)["CPU-s"]
    parts = {"records": by_records(b, start),
             "partitions": by_partitions(b, start),
             "size of values": by_size(b, start)}
    notes = [f"less start: without the {start:.3f} CPU-seconds of a bridge "
             "that starts, ferries 1,000 records and ends"]
    tables = [bench.Table(
        f"cost by {name}",
        COLUMNS + ([FLOOR, "of it"] if FLOOR in rows[0] else []), rows, notes)
        for name, rows in parts.items()]
    line = [(r["records"], r["less start"]) for r in parts["records"]]
    size = [(s, r["ns CPU a byte"]) for s, r in
            zip(VALUE_BYTES, parts["size of values"])]
    many = [(p, r["less start"]) for p, r in
            zip(PARTITIONS, parts["partitions"])]
    bare = [(p, r[FLOOR]) for p, r in zip(PARTITIONS, parts["partitions"])]
    return [*tables,
            picture.Lines("CPU a record", "records", {"us": line}, True),
            picture.Lines("CPU a record", "partitions",
                          {"naru, us": many, FLOOR: bare}, True),
            picture.Lines("CPU a byte", "bytes a value", {"ns": size}, True)]
