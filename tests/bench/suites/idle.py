"""CPU of a bridge that has ferried all there is, over 30 s."""
import time

import bench

SECONDS = 30


def run(b):
    topic = b.market_topic(10000)
    port = bench.free_port()
    with b.stub() as stub:
        bridge = b.process("naru", b.bridge_argv(
            topic.name, stub.url, f"admin.listen=127.0.0.1:{port}", forever=True))
        bench.wait_until("the bridge's work",
                         lambda: stub.counts()["items"] >= topic.records, bridge)
        time.sleep(3)  # its last commit, and librdkafka's first poll again
        before = bridge.cpu_s()
        time.sleep(SECONDS)
        used = bridge.cpu_s() - before
        peak = bench.peak_mb_of(bridge.pid)
        bridge.stop()
    return [bench.Table(
        f"an idle bridge over {SECONDS} s", ["CPU-s", "% of a core",
                                             "peak MB"],
        [{"CPU-s": used, "% of a core": used / SECONDS * 100,
          "peak MB": peak}])]
