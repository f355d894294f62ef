"""Peak memory of a bridge that is fed 100 records a second."""
import time

import bench

RATE, SECONDS = 100, 20


def run(b):
    name = f"bench-memory-{time.time_ns()}"
    with b.stub() as stub:
        b.replay(f"{b.naru} generate --out - -q | head -n 2", name, 6)
        bridge = b.process("naru", b.bridge_argv(
            name, stub.url, forever=True))
        bench.wait_until("the first record's way",
                         lambda: stub.counts()["items"] >= 1, bridge)
        before = bridge.cpu_s()
        b.replay(f"{b.naru} generate --out - -q | head -n "
                 f"{RATE * SECONDS + 1}", name, 6, "--pace", f"{RATE}/s")
        bench.wait_until("the last record's way", lambda: stub.counts()
                         ["items"] >= RATE * SECONDS + 1, bridge)
        cpu_s = bridge.cpu_s() - before
        usage = bridge.stop()
    return [bench.Table(
        f"{RATE} records/s for {SECONDS} s", ["peak MB", "% of a core"],
        [{"peak MB": usage.peak_mb, "% of a core": cpu_s / SECONDS * 100}])]
