#!/usr/bin/env python3
"""naru replay --dry-run against Python's csv: random quoting, line breaks,
blank lines, byte order marks, encodings, gzip and Zstandard must be read alike,
by csv_rows (see csv_rows.c) with a chunk border at each byte.

usage: tests/live/replay_csv_test.py [NARU] [ROUNDS] [SEED] [CSV_ROWS]
"""

import csv
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile

COLUMNS = ["Id", "A", "B", "C", "Date"]
PIECES = ['"', ",", "\n", "\r\n", "\r", " ", "\t", "x", "1", "나루", "똠방각하", "\\", "\x01", "long text to pass a boundary", "'", ""]
UNICODE_PIECES = PIECES + ["é", "\U0001f6a2"]  # CP949 has neither

# Python's name, naru's option, what stands in front.
ENCODINGS = [
    ("utf-8", "auto", b""),
    ("utf-8", "auto", b"\xef\xbb\xbf"),
    ("utf-8", "utf-8", b""),
    ("cp949", "cp949", b""),
    ("utf-16-le", "auto", b"\xff\xfe"),
    ("utf-16-be", "auto", b"\xfe\xff"),
]

DATASET = {
    "name": "tiny",
    "description": "texts of any kind",
    "schema_version": 1,
    "columns": [
        {"name": "Id", "type": "keyword", "required": True},
        {"name": "A", "type": "keyword"},
        {"name": "B", "type": "text"},
        {"name": "C", "type": "keyword"},
        {"name": "Date", "type": "date", "required": True},
    ],
    "time": {"column": "Date", "utc_offset": "+00:00"},
    "key": "Id",
    "index": "tiny",
    "id": "%{Id}",
    "version": "none",
    "elasticsearch": {"settings": {"number_of_shards": 1}, "dynamic": "strict"},
}


def write_field(rng, text):
    must = any(c in text for c in '",\r\n')
    if must or rng.random() < 0.4:
        return '"' + text.replace('"', '""') + '"'
    return text


def make_csv(rng, pieces):
    order = COLUMNS[:]
    rng.shuffle(order)
    breaks = rng.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]])
    lines = [",".join(write_field(rng, name) for name in order)]
    for number in range(rng.randrange(0, 40)):
        row = {"Id": str(number), "Date": "2022-01-03"}
        for name in "ABC":
            row[name] = "".join(rng.choice(pieces) for _ in range(rng.randrange(0, 6)))
        lines.append(",".join(write_field(rng, row[name]) for name in order))
        if rng.random() < 0.1:
            lines.append("")
    text = "".join(line + rng.choice(breaks) for line in lines)
    return text.rstrip("\r\n") if rng.random() < 0.3 else text


def expected_rows(text):
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    return [
        {name: value for name, value in zip(rows[0], row) if value != ""}
        for row in rows[1:]
    ]


def write_file(folder, text, encoding, rng):
    name, _, mark = encoding
    data = mark + text.encode(name)
    packing = rng.random()
    if packing < 0.2:
        data = gzip.compress(data)
    elif packing < 0.4:
        data = subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout
    path = os.path.join(folder, "rows.csv")
    with open(path, "wb") as file:
        file.write(data)
    return path


def naru_rows(naru, folder, path, encoding):
    done = subprocess.run(
        [naru, "replay", path, "--dry-run", "--quiet", "--encoding", encoding[1]]
        + ["--dataset", os.path.join(folder, "tiny.json")],
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        return done.stderr.decode(errors="replace")
    return [json.loads(line) for line in done.stdout.split(b"\n") if line]


def chunked_rows(csv_rows, path, encoding):
    done = subprocess.run([csv_rows, path, encoding[1]], capture_output=True, check=False)
    if done.returncode != 0:
        return done.stdout.decode(errors="replace")
    rows = [json.loads(line) for line in done.stdout.split(b"\n") if line]
    return [{name: value for name, value in zip(rows[0], row) if value != ""} for row in rows[1:]]


def main():
    naru = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("NARU_BIN", "naru")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    csv_rows = sys.argv[4] if len(sys.argv) > 4 else None
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "tiny.json"), "w", encoding="utf-8") as file:
            json.dump(DATASET, file)
        for number in range(rounds):
            rng = random.Random(seed * 1000003 + number)
            encoding = rng.choice(ENCODINGS)
            text = make_csv(rng, PIECES if encoding[0] == "cp949" else UNICODE_PIECES)
            wanted = expected_rows(text)
            path = write_file(folder, text, encoding, rng)
            got = naru_rows(naru, folder, path, encoding)
            if got == wanted and csv_rows:
                got = chunked_rows(csv_rows, path, encoding)
            if got != wanted:
                failed += 1
                print(f"FAILED: round {number} of seed {seed}, {encoding}\n  csv {text!r}\n  naru {got!r}\n  python {wanted!r}")
    print(f"{rounds - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
