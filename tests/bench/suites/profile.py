"""Instructions per record by function: naru bridge with both kinds of ids and
the bare loop, under valgrind's callgrind. Steady where times are not."""
import re
import subprocess

import bench

ROWS = 200000
# So that nothing is held back while valgrind slows all down: a long hold
# would make librdkafka fetch twice.
ROOMY = ("bridge.memory_bytes=1g", "bridge.max_in_flight=64")
LINE = re.compile(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+(\S+?):(.+?)(?: \[(.*)\])?$")
OWN = re.compile(r"(bridge|common|mappings|cli|tests)/")
ENTRY = re.compile(r"(rd_kafka_|curl_multi|event_base_loop)")
COLUMNS = ["function", "a record", "where"]


def annotate(path, inclusive):
    done = subprocess.run(
        ["callgrind_annotate", "--threshold=100", "--auto=no",
         f"--inclusive={'yes' if inclusive else 'no'}", str(path)],
        capture_output=True, text=True, check=True)
    costs = {}
    for line in done.stdout.splitlines():
        found = LINE.match(line)
        if found:
            source = found[2].replace(str(bench.ROOT) + "/", "")
            # A function's annotated source tells its cost a second time,
            # without the object file.
            object_file = (found[4] or "").split("/")[-1]
            cost = int(found[1].replace(",", ""))
            before, known = costs.get((found[3], source), (0, ""))
            costs[found[3], source] = (max(cost, before),
                                       object_file or known)
    return costs


def largest(costs, records, least, wanted):
    rows = [{"function": name, "a record": cost / records,
             "where": object_file if source == "???" or ".so" in object_file
             else source}
            for (name, source), (cost, object_file) in costs.items()
            if cost / records >= least and wanted(name, source, object_file)]
    return sorted(rows, key=lambda r: -r["a record"])


def tables(path, records, title):
    own, with_calls = annotate(path, False), annotate(path, True)
    all_of_it = sum(cost for cost, _ in own.values()) / records
    threads = max(cost for (name, _), (cost, _) in with_calls.items()
                  if name == "start_thread") / records
    notes = [f"in all {all_of_it:,.0f}; of it in librdkafka's threads "
             f"{threads:,.0f}, in the main thread {all_of_it - threads:,.0f}"]
    yield bench.Table(
        f"{title}: instructions a record in a function itself", COLUMNS,
        largest(own, records, 0.01 * all_of_it, lambda *_: True), notes)
    yield bench.Table(
        f"{title}: with what it calls", COLUMNS,
        largest(with_calls, records, 0.004 * all_of_it, lambda n, s, o:
                OWN.match(s) or (ENTRY.match(n) and o)), notes)


def run(b):
    if subprocess.run(["which", "valgrind"], capture_output=True,
                      check=False).returncode != 0:
        raise bench.Failure("valgrind is not here: apt-get install valgrind")
    topic = b.market_topic(ROWS)
    parts = []
    with b.stub() as stub:
        kinds = {
            "naru": b.bridge_argv(topic.name, stub.url, *ROOMY),
            "naru, marcap": b.bridge_argv(
                topic.name, stub.url, *ROOMY, "bridge.dataset=marcap"),
            "floor": b.floor_argv(topic.name, stub.url)}
        for title, argv in kinds.items():
            path = b.file("callgrind.out")
            b.run("valgrind", ["valgrind", "--tool=callgrind",
                               "--fair-sched=yes",
                               f"--callgrind-out-file={path}", *argv])
            parts += tables(path, topic.records, title)
    return parts
