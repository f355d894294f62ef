#!/usr/bin/env python3
"""An export beside the CSV that was replayed, value by value and as text, read by Python's csv alone.

export_rows.py EXPORT CSV... [--from DATE] [--to DATE] [--codes A,B] [--market M] [--columns A,B]
"""
import argparse
import csv
import gzip
import io
import sys

WHOLE = {"Volume", "Amount", "Marcap", "Stocks", "Rank"}


def rows_of(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    header = next(reader)
    return header, [dict(zip(header, row, strict=True)) for row in reader]


def as_replayed(name, text):
    """What naru replay makes of a value: of pandas' 13502112.0 the whole number, where the column is one."""
    return text.removesuffix(".0") if name in WHOLE else text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("export")
    parser.add_argument("csv", nargs="+")
    parser.add_argument("--from", dest="first", default="")
    parser.add_argument("--to", dest="last", default="9999")
    parser.add_argument("--codes", type=lambda text: text.split(","))
    parser.add_argument("--market")
    parser.add_argument("--columns", type=lambda text: text.split(","))
    args = parser.parse_args()
    header, got = rows_of(args.export)
    wanted, names = [], set()
    for path in args.csv:
        columns, rows = rows_of(path)
        names |= set(columns)
        wanted += [
            row
            for row in rows
            if args.first <= row["Date"] <= args.last
            and (args.codes is None or row["Code"] in args.codes)
            and (args.market is None or row["Market"] == args.market)
        ]
    if args.columns and header != args.columns:
        sys.exit(f"the header is {header}")
    if not args.columns and set(header) != names:
        sys.exit(f"columns that only one has: {set(header) ^ names}")
    wanted.sort(key=lambda row: (row["Date"], row["Code"]))
    if len(got) != len(wanted):
        sys.exit(f"{len(got)} rows, and {len(wanted)} in the CSV")
    for place, (mine, theirs) in enumerate(zip(got, wanted), 2):
        for name in header:
            if mine[name] != as_replayed(name, theirs[name]):
                sys.exit(f"row {place}, {name}: {mine[name]!r}, and {theirs[name]!r} in the CSV")
    print(f"{len(got)} rows, {len(header)} columns")


main()
