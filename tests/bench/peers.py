"""The peers: bridges that others wrote, each with the best configuration we
know for it. A peer is skipped with a line when it is not on the machine."""
import pathlib
import shutil
import time

from bench import Failure, figures

RSYSLOG = """\
global(workDirectory="{work}" maxMessageSize="1m")
module(load="imkafka")
module(load="omelasticsearch")
template(name="value" type="list") {{ property(name="msg") }}
main_queue(queue.type="FixedArray" queue.size="60000"
  queue.dequeueBatchSize="16384" queue.workerThreads="2"
  queue.workerThreadMinimumMessages="16384" queue.timeoutShutdown="1000")
input(type="imkafka" topic="{topic}" broker=[{brokers}]
  consumergroup="{group}" parseHostname="off"
  confParam=["auto.offset.reset=earliest"])
action(type="omelasticsearch" server="127.0.0.1" serverport="{port}"
  searchIndex="bench" searchType="_doc" bulkmode="on" maxbytes="5m"
  template="value")
"""


def quiet_for(stub, seconds):
    """Wait until the stub has heard nothing for so long."""
    last, since = -1, time.monotonic()
    while time.monotonic() - since < seconds:
        items = stub.counts()["items"]
        if items != last:
            last, since = items, time.monotonic()
        yield items


def rsyslog_argv(b, stub, topic):
    b.serial += 1
    conf = b.file("rsyslog.conf")
    brokers = ",".join(f'"{one}"' for one in b.brokers.split(","))
    conf.write_text(RSYSLOG.format(
        work=b.work, topic=topic.name, brokers=brokers, port=stub.port,
        group=f"rsyslog-{time.time_ns()}"), encoding="utf-8")
    return ["rsyslogd", "-n", "-f", conf, "-i", b.file("rsyslog.pid")]


def rsyslog_is_here():
    modules = pathlib.Path("/usr/lib").glob("*/rsyslog/imkafka.so")
    return shutil.which("rsyslogd") is not None and any(modules)


def rsyslog(b, stub, topic):
    """One run; it has no end of its own, so it is stopped."""
    stub.reset()
    process = b.process("rsyslog", rsyslog_argv(b, stub, topic))
    for items in quiet_for(stub, 15):
        if process.poll():
            raise Failure(f"rsyslogd ended: {process.usage.log[-400:]}")
        if items >= topic.records:
            break
        time.sleep(0.05)
    row = figures(stub.counts(), topic, process.stop())
    row["doubles"] = max(0, stub.counts()["items"] - topic.records)
    return row
