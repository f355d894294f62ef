#!/usr/bin/env python3
"""Each row of the CSV files beside its document, the numbers as text: exact_rows.py ENGINE INDEX FILE...

Reads both without naru: the files by Python's csv, the documents by a scroll, their numbers as the characters the engine
gives back. A number must have the CSV's own characters; only a fraction of zeros ("12.0" for 12) may be gone from a whole one.
"""
import csv
import gzip
import json
import sys
import urllib.request

NUMBERS = ["Close", "Open", "High", "Low", "Changes", "ChagesRatio", "Volume", "Amount", "Marcap", "Stocks", "Rank"]
OTHER_NAMES = {"ChangesRatio": "ChagesRatio"}
PAGE = 10000


class Text(str):
    """A number of JSON, as it was written."""


def call(url, body=None, method=None):
    request = urllib.request.Request(url, json.dumps(body).encode() if body else None, {"Content-Type": "application/json"},
                                     method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=120) as answer:
        return json.loads(answer.read(), parse_int=Text, parse_float=Text)


def documents(engine, index):
    page = call(f"{engine}/{index}/_search?scroll=5m",
                {"size": PAGE, "sort": ["_doc"], "_source": NUMBERS + ["Code", "Date", "Name"]})
    while page["hits"]["hits"]:
        for hit in page["hits"]["hits"]:
            yield hit["_id"], hit["_source"]
        page = call(f"{engine}/_search/scroll", {"scroll": "5m", "scroll_id": page["_scroll_id"]})
    call(f"{engine}/_search/scroll", {"scroll_id": [page["_scroll_id"]]}, "DELETE")


def rows(paths):
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {OTHER_NAMES.get(name, name): value for name, value in row.items()}


def is_same(text, number):
    if text in ("", "nan", "NaN"):
        return number is None
    if not isinstance(number, Text):
        return False
    whole, _, fraction = text.partition(".")
    return number == text or (fraction != "" and set(fraction) == {"0"} and number == whole)


def main():
    engine, index, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    stored = dict(documents(engine, index))
    total = compared = wrong = 0
    for row in rows(paths):
        total += 1
        document = stored.pop(f"{row['Date']}-{row['Code']}", {})
        for name in NUMBERS:
            compared += 1
            if not is_same(row[name], document.get(name)):
                wrong += 1
                if wrong <= 10:
                    print(f"{row['Date']} {row['Code']} {name}: CSV {row[name]!r}, index {document.get(name)!r}")
        if (document.get("Code"), document.get("Name")) != (row["Code"], row["Name"]):
            wrong += 1
    print(f"{total} rows, {compared} numbers, {wrong} wrong, {len(stored)} documents of no row")
    return 1 if wrong or stored or not total else 0


if __name__ == "__main__":
    sys.exit(main())
