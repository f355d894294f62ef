"""NiFi's status endpoints of a running bridge: nifi_watch.py PORT SHAPES. While records flow each body is compared with
the shape of NiFi's own (the files of SHAPES): the same keys in the same order, values of the same kind, texts of the same
form. When all has ended the sums must be those of the ledger. Exit code 0: all is as it must be."""

import json
import os
import re
import sys
import time
import urllib.request

WAIT_S = 120
GROUP = "5e72fa71-5acf-3468-81fb-2fa97176e206"
CONSUME = "8fc43246-b513-3025-b1b6-13410c629603"
PUT = "3f678694-b829-374f-b402-b93d48ee5cca"
# How NiFi writes numbers: 1,500 / 300 KB / 1,500 (300 KB) / 0 / 0 bytes / 00:00:01.234 / 09:15:27 UTC.
FORMS = [re.compile(form) for form in (
    r"\d{1,3}(,\d{3})*",
    r"\d{1,3}(,\d{3})*(\.\d{1,2})? (bytes|KB|MB|GB|TB)",
    r"\d{1,3}(,\d{3})* \(\d{1,3}(,\d{3})*(\.\d{1,2})? (bytes|KB|MB|GB|TB)\)",
    r"\d{1,3}(,\d{3})* / \d{1,3}(,\d{3})*(\.\d{1,2})? (bytes|KB|MB|GB|TB)",
    r"\d{2,}:\d\d:\d\d\.\d{3}",
    r"\d\d:\d\d:\d\d [A-Z]+",
)]
failures = []


def expect(what, is_so, details=""):
    if not is_so:
        failures.append(what)
        print("  WRONG: %s %s" % (what, details))


def fetch(port, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open("http://127.0.0.1:%d%s" % (port, path), timeout=10) as answer:
        expect("%s is JSON" % path, answer.headers["Content-Type"] == "application/json")
        return json.load(answer)


def form_of(text):
    return next((i for i, form in enumerate(FORMS) if form.fullmatch(text)), None)


def compare(shape, body, where):
    """body has shape's keys, kinds and forms; of a list each element has those of the shape's first."""
    if isinstance(shape, dict):
        expect("%s is an object" % where, isinstance(body, dict))
        expect("%s has the keys of NiFi" % where, list(shape) == list(body), "%s, not %s" % (list(body), list(shape)))
        for key in shape:
            if key in body:
                compare(shape[key], body[key], where + "." + key)
    elif isinstance(shape, list):
        expect("%s is a list" % where, isinstance(body, list))
        for i, element in enumerate(body if shape else []):
            compare(shape[0], element, "%s[%d]" % (where, i))
    elif shape is None or body is None:
        # A property that is not set in one of the two.
        expect("%s may be null" % where, ".properties." in where, repr(body))
    else:
        kind = (int, float) if isinstance(shape, float) else type(shape)
        expect("%s is of the same kind" % where, isinstance(body, kind) and isinstance(body, bool) == isinstance(shape, bool),
               "%r, NiFi has %r" % (body, shape))
        if isinstance(shape, str) and form_of(shape) is not None and ".properties." not in where:
            expect("%s is written as NiFi does" % where, form_of(body) == form_of(shape), "%r, NiFi has %r" % (body, shape))


def links_of(port):
    group = fetch(port, "/nifi-api/flow/process-groups/root/status")
    return group["processGroupStatus"]["aggregateSnapshot"]


def compare_all(port, shapes):
    def shape(name):
        with open(os.path.join(shapes, name + ".json"), encoding="utf-8") as file:
            return json.load(file)

    snapshot = links_of(port)
    compare(shape("flow_status"), fetch(port, "/nifi-api/flow/status"), "flow/status")
    compare(shape("flow_process-groups_ID_status"), fetch(port, "/nifi-api/flow/process-groups/%s/status" % GROUP), "group")
    for one in snapshot["connectionStatusSnapshots"]:
        compare(shape("flow_connections_ID_status"), fetch(port, "/nifi-api/flow/connections/%s/status" % one["id"]),
                "connection")
    for one in snapshot["processorStatusSnapshots"]:
        compare(shape("flow_processors_ID_status"), fetch(port, "/nifi-api/flow/processors/%s/status" % one["id"]),
                "processor")
    compare(shape("processors_ID"), fetch(port, "/nifi-api/processors/%s" % PUT), "processors/put")
    about = fetch(port, "/nifi-api/flow/about")["about"]
    expect("flow/about says who answers", about["title"] == "naru" and about["version"])


def is_done(status):
    ledger = status["ledger"]
    return ledger["pending"] == 0 and status["lag"] == 0 and status["dead_letters_pending"] == 0


def expect_sums(port):
    """All has ended, so nothing moves while we read."""
    ledger = fetch(port, "/status")["ledger"]
    snapshot = links_of(port)
    parts = {p["id"]: p["processorStatusSnapshot"] for p in snapshot["processorStatusSnapshots"]}
    links = [c["connectionStatusSnapshot"] for c in snapshot["connectionStatusSnapshots"]]
    row = [link for link in links if link["name"] != "failure"]
    stored = ledger["created"] + ledger["updated"] + ledger["duplicate"] + ledger["deleted"]
    consume, put = parts[CONSUME], parts[PUT]
    steps = [p for p in parts.values() if p["type"] in ("ConvertRecord", "EvaluateJsonPath")]
    refused = sum(link["flowFilesIn"] for link in links if link["name"] == "failure")

    def same(what, a, b):
        expect(what, a == b, "%s and %s" % (a, b))

    same("names come from [nifi]: the group", snapshot["name"], "NiFi Flow")
    same("names come from [nifi]: the processor", put["name"], "to the index")
    same("without a name it is the class", consume["name"], "ConsumeKafka_2_0")
    same("what was consumed came out of ConsumeKafka", consume["flowFilesOut"], ledger["consumed"])
    same("and went into the first step", steps[0]["flowFilesIn"], ledger["consumed"])
    same("what was stored was sent", snapshot["flowFilesSent"] - ledger["dead_lettered"], stored)
    same("what was refused is a dead letter", refused, ledger["dead_lettered"])
    same("all went into PutElasticsearch that the steps let through", put["flowFilesIn"],
         ledger["consumed"] - sum(link["flowFilesIn"] for link in links
                                  if link["name"] == "failure" and link["sourceName"] != put["name"]))
    same("nothing is queued", [link["flowFilesQueued"] for link in links], [0] * len(links))
    same("no bytes are queued", [link["bytesQueued"] for link in links], [0] * len(links))
    for link in row:
        same("in and out of %s are equal" % link["sourceName"], link["flowFilesIn"], link["flowFilesOut"])
        same("in bytes too", link["bytesIn"], link["bytesOut"])
    same("transferred is the sum of the connections", snapshot["flowFilesTransferred"],
         sum(link["flowFilesIn"] + link["flowFilesOut"] for link in links))
    expect("tasks took time", put["taskCount"] > 0 and put["tasksDurationNanos"] > 0 and consume["taskCount"] > 0)
    expect("something was refused, by a step and by the engine", ledger["dead_lettered"] == 2, str(ledger))
    expect("the rows are there", stored > 20000, str(ledger))


def main():
    port, shapes = int(sys.argv[1]), sys.argv[2]
    deadline = time.monotonic() + WAIT_S
    rounds, quiet = 0, 0
    while quiet < 20 and time.monotonic() < deadline:
        compare_all(port, shapes)
        rounds += 1
        if failures:
            return 1
        quiet = quiet + 1 if is_done(fetch(port, "/status")) else 0
        time.sleep(0.1)
    expect("all records have ended", quiet == 20)
    expect_sums(port)
    print("  %d rounds" % rounds)
    return 1 if failures else 0


sys.exit(main())
