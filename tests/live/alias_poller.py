#!/usr/bin/env python3
"""A reader of an alias: counts, searches and gets a document every 100 ms, until SIGTERM. Prints one JSON object:
polls, errors (the first of each kind), falls (counts that were lower than one before), most (the highest count).

    alias_poller.py ENGINE ALIAS ID
"""
import json
import signal
import sys
import time
import urllib.request

STOP = []


def ask(url, body=None):
    request = urllib.request.Request(
        url, data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


def total(found):
    hits = found["hits"]["total"]
    return hits["value"] if isinstance(hits, dict) else hits


def poll(engine, alias, identity):
    """The two counts that a reader sees; an exception when it sees an error."""
    counted = ask(f"{engine}/{alias}/_count")
    searched = ask(f"{engine}/{alias}/_search", {"size": 1, "track_total_hits": True, "sort": [{"Date": "desc"}]})
    for answer in (counted, searched):
        if answer["_shards"]["failed"] or answer["_shards"]["total"] == 0:
            raise RuntimeError(f"shards: {answer['_shards']}")
    if not ask(f"{engine}/{alias}/_doc/{identity}")["found"]:
        raise RuntimeError("the document is not found")
    return [counted["count"], total(searched)]


def main():
    engine, alias, identity = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: STOP.append(1))
    polls, most, errors, falls = 0, 0, [], []
    while not STOP:
        try:
            for count in poll(engine, alias, identity):
                if count < most:
                    falls.append([most, count])
                most = max(most, count)
        except Exception as error:  # whatever a reader sees is to be told
            if str(error) not in errors:
                errors.append(str(error))
        polls += 1
        time.sleep(0.1)
    print(json.dumps({"polls": polls, "errors": errors, "falls": falls, "most": most}))


main()
