#!/usr/bin/env python3
"""Records that are wrong in every way we know, and what a real engine does with each.

preflight_truth.py make NAME FOLDER
    writes FOLDER/NAME.json, a dataset with fields of all kinds, and FOLDER/records, one a line: id, tab, value
preflight_truth.py engine ENGINE INDEX FOLDER
    puts the records into INDEX by itself, each under its number, and writes FOLDER/refused: the numbers of the refused ones
preflight_truth.py compare FOLDER REPORT
    holds FOLDER/refused against the report of naru mappings plan --preflight --json on a topic of one partition that has
    the records in their order; says which numbers only one of the two has
"""
import json
import sys
import urllib.request

COLUMNS = [
    {"name": "Code", "type": "keyword"},
    {"name": "Date", "type": "date"},
    {"name": "word", "type": "keyword", "optional": True},
    {"name": "short_word", "type": "keyword", "optional": True, "mapping": {"ignore_above": 10}},
    {"name": "stored_word", "type": "keyword", "optional": True, "mapping": {"index": False, "doc_values": False}},
    {"name": "prose", "type": "text", "optional": True},
    {"name": "both", "type": "text", "optional": True, "mapping": {"fields": {"k": {"type": "keyword"}}}},
    {"name": "count", "type": "long", "optional": True},
    {"name": "coerced", "type": "long", "optional": True, "mapping": {"coerce": True}},
    {"name": "rank", "type": "integer", "optional": True},
    {"name": "coerced_rank", "type": "integer", "optional": True, "mapping": {"coerce": True}},
    {"name": "price", "type": "double", "optional": True},
    {"name": "strict_price", "type": "double", "optional": True, "mapping": {"coerce": False}},
    {"name": "day", "type": "date", "optional": True},
    {"name": "moment", "type": "epoch_ms", "optional": True},
    {"name": "lenient", "type": "long", "optional": True, "mapping": {"ignore_malformed": True}},
    {"name": "small", "type": "keyword", "optional": True, "mapping": {"fields": {
        "float": {"type": "float", "ignore_malformed": False}, "short": {"type": "short"}}}},
]

# Not here: negative moments of broken seconds, which engines treat each in its own way; JSON with comments and UTF-8 of
# surrogates, which they take and the preflight does not.
VALUES = """
"x" "" "005930" "삼성전자" 5 5.0 5.5 1e2 0 -1 -1.5 12345678901 2147483647 2147483648 -2147483648 -2147483649
9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 9223372036854775807.0 9.3e18 1e400 1e-400
99999999999999999999 1e38 3.5e38 32767 32768
true false null [] [1,2] ["a","b"] [1,"a"] [[1],[2]] [null] [{"a":1}] {} {"a":1} ["2022-01-03","2022-01-04"] ["2022-01-03","x"]
"5" "5.0" "5.5" "1e2" "NaN" "Infinity" "-Infinity" "1d" "1f" "+5" ".5" "5." "." "-" "e5" "1e" "0x10" "5a" "1,234" "1e400" "2147483648"
"9223372036854775807" "9223372036854775808" "32768"
"2022-01-03" "2022-02-30" "2022-13-01" "2022-99-99" "2022-1-3" "20220103" 20220103 "2022-01-03T00:00:00" "2022-01-03Z"
"22-01-03" "02022-01-03" "+12022-01-03" "+2022-01-03" "0000-01-01" "-0001-01-01" "-2022-01-03" "12345-01-01" "+123456789-01-01"
"+292278993-12-31" "+292278994-12-31" "2022/01/03" "2022-01" "now"
1641168000000 "1641168000000" 1641168000000.5 1641168000000.123456 1641168000000.1234567 1.641168E12 -1641168000000 -1000
"true" "yes" "\\u0000" "\\ud83d" "\\ud83d\\ude00" "a\\"b\\\\c\\n"
""".split()
SPACED = ['" 5 "', '"\\t5"', '"5 "', '" 2022-01-03"', '"5 d"', '" "']
LONG = ['"' + "a" * 32766 + '"', '"' + "a" * 32767 + '"', '"' + "가" * 10922 + '"', '"' + "가" * 10923 + '"', '"' + "a " * 20000 + '"',
        '["x","' + "b" * 40000 + '"]']

DOCUMENTS = """
{} {"strange":1} {"strange":null} {"strange":[]} {"strange":{"a":1}} {"word":"a","strange":1} {"Word":"a"}
{"":1} {"word.x":1} {"both.k":"x"} {"a.b":1} {".word":1} {"word..x":1} {"word.":"x"} {"count.":"x"} {"...":1}
{"_id":"x"} {"_index":"x"} {"_source":1} {"_routing":"x"} {"_version":1} {"_foo":"x"} {"_doc_count":1}
{"word":"1","word":"2"} {"word":"1",} {"word":NaN} {"word":01} {"word":+1} {"word":.5} {"word":1.} {word:"1"} {'word':'1'}
{"word":"a"}{"word":"b"} {"word":"a"}x {"word":"a" {"word" ["a"] 5 "x" null true {"word":tru} {"word":"\\x"} {"word":"\\u12"}
{"count":12.5,"day":"x"} {"count":"many","strange":1}
""".split()
BYTES = [b'{"word":"a\tb"}', b'{"word":"\xff"}', b'\xef\xbb\xbf{"word":"a"}', b'{"word" : "a b"} ', b"x", b"{"]


def records():
    fields = [c["name"] for c in COLUMNS[2:]]
    for field in fields:
        for value in VALUES + SPACED + LONG:
            yield f'{{"{field}":{value}}}'.encode()
    yield from (document.encode() for document in DOCUMENTS)
    yield from BYTES


def make(name, folder):
    dataset = {
        "name": name, "description": "Fields of all kinds", "schema_version": 1, "columns": COLUMNS,
        "time": {"column": "Date", "utc_offset": "+00:00"}, "key": "Code", "index": name, "version": "none",
        "id": "%{_topic}-%{_partition}-%{_offset}",
        "elasticsearch": {"settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
    }
    with open(f"{folder}/{name}.json", "w", encoding="utf-8") as file:
        json.dump(dataset, file)
    with open(f"{folder}/records", "wb") as file:
        for number, value in enumerate(records()):
            file.write(b"%d\t%s\n" % (number, value))


def read_records(folder):
    with open(f"{folder}/records", "rb") as file:
        return [line.split(b"\t", 1)[1].rstrip(b"\n") for line in file]


def bulk(engine, index, items):
    body = b"".join(b'{"index":{"_id":"%d"}}\n%s\n' % item for item in items)
    request = urllib.request.Request(f"{engine}/{index}/_bulk", data=body, method="POST",
                                     headers={"Content-Type": "application/x-ndjson"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["items"]


def engine(url, index, folder):
    values = list(enumerate(read_records(folder)))
    refused, taken = [], 0
    for start in range(0, len(values), 100):
        for item in bulk(url, index, values[start:start + 100]):
            result = item["index"]
            if result["status"] in (200, 201):
                taken += 1
            elif result["status"] == 400:
                refused.append(int(result["_id"]))
            else:
                sys.exit(f"record {result['_id']}: {result}")
    with open(f"{folder}/refused", "w", encoding="utf-8") as file:
        json.dump(refused, file)
    print(f"{taken} taken, {len(refused)} refused")


def compare(folder, report):
    values = read_records(folder)
    with open(f"{folder}/refused", encoding="utf-8") as file:
        refused = set(json.load(file))
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    foretold = {int(place.rsplit("-", 1)[1]) for place in told["places"]}
    if told["records"] != len(values) or told["refused"] != len(foretold):
        sys.exit(f"{told['records']} records of {len(values)}, {told['refused']} refused, {len(foretold)} places")
    for what, numbers in (("only the engine refuses", refused - foretold), ("only the preflight refuses", foretold - refused)):
        for number in sorted(numbers):
            print(f"{what} record {number}: {values[number][:100]!r}")
    if refused != foretold:
        sys.exit(1)
    print(f"{len(values)} records, {len(refused)} refused by both")


{"make": make, "engine": engine, "compare": compare}[sys.argv[1]](*sys.argv[2:])
