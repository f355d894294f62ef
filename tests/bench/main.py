"""The benchmark's front door: which suites, on which lab, and the report.

tests/bench/run calls it with what is needed installed and built.
"""
import argparse
import importlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

import bench
import picture

# In the order of the report. A suite is suites/NAME.py with run(bench), which
# returns a list of bench.Table and picture charts.
SUITES = {
    "stub": "naru and its peers into an engine that only counts",
    "patterns": "what id patterns and external versions cost",
    "poison": "one record in a thousand is no document",
    "group": "two bridges in one group",
    "latency": "how long a record takes at 20 a second",
    "memory": "memory at 100 records a second",
    "idle": "CPU of a bridge with nothing to do",
    "capacity": "an engine whose capacity falls to a tenth and comes back",
    "engine": "into a real Elasticsearch, against curl",
    "growth": "cost by number of records, of partitions, by size of values",
    "replay": "naru replay from CSV beside kcat, and a long stream",
    "pacing": "how exactly naru replay keeps its pace",
    "profile": "instructions per record, by function (needs valgrind)",
}
DEFAULT = [name for name in SUITES if name != "profile"]


def read_arguments(argv):
    p = argparse.ArgumentParser(
        prog="tests/bench/run",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures naru, its peers and the floor under them on "
        "one machine in one run.\n\nSuites:\n"
        + "\n".join(f"  {n:10} {t}" for n, t in SUITES.items()),
        epilog="Without SUITE all but profile run. Figures are ratios of one "
        "run; absolute ones are this machine's.\nExit codes: 0 done, 1 a "
        "suite failed, 2 unusable arguments.")
    p.add_argument("suites", nargs="*", metavar="SUITE")
    p.add_argument("--runs", type=int, default=3, metavar="N",
                   help="of each measurement; the median counts (3)")
    p.add_argument("--rows", type=int, default=933700, metavar="N",
                   help="market rows in the topic (933700)")
    p.add_argument("--engine-rows", type=int, default=466850, metavar="N",
                   help="... of them for the real engine (466850)")
    p.add_argument("--top", type=int, default=1000000, metavar="N",
                   help="most records of the suite growth (1000000); "
                   "10000000 takes a quarter of an hour and 4 GB of disk")
    p.add_argument("--stream-rows", type=int, default=2000000, metavar="N",
                   help="rows of the long stream of the suite replay "
                   "(2000000)")
    p.add_argument("--out", default="out/bench", metavar="DIR",
                   help="where report.json and report.svg go (out/bench)")
    p.add_argument("--set", action="append", default=[], metavar="S.KEY=VALUE",
                   help="a setting for each naru bridge that is measured")
    p.add_argument("--keep-lab", action="store_true",
                   help="leave the lab and its topics up for the next run")
    p.add_argument("--state", metavar="DIR", help="the lab's state folder")
    p.add_argument("--kafka-port", type=int, default=27092, metavar="PORT")
    p.add_argument("--es-port", type=int, default=27200, metavar="PORT")
    p.add_argument("--naru", metavar="FILE",
                   help="the executable (build/release/cli/naru)")
    p.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    a = p.parse_args(argv)
    for name in a.suites:
        if name not in SUITES:
            p.error(f"unknown suite '{name}'; there are {', '.join(SUITES)}")
    if a.runs < 1 or a.rows < 1000 or a.engine_rows < 1000 or a.top < 10000:
        p.error("--runs is 1 or more, rows are 1000 or more, --top 10000")
    a.suites = a.suites or DEFAULT
    return a


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((line.split(":")[1].strip() for line in f
                      if line.startswith("model name")), "?")
    return {"cpus": os.cpu_count(), "model": model,
            "kernel": platform.release(), "load": os.getloadavg()}


def write_report(out, parts, machine_is):
    out.mkdir(parents=True, exist_ok=True)
    tables = {name: [t.as_json() for t in part if isinstance(t, bench.Table)]
              for name, part in parts.items()}
    report = {"when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
              "machine": machine_is, "suites": tables}
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")
    charts = [c for part in parts.values() for c in part
              if not isinstance(c, bench.Table)]
    if charts:
        picture.write(out / "report.svg", charts)


def run_suites(b, args, parts):
    failed = []
    for name in args.suites:
        bench.say(f"== {name}: {SUITES[name]}")
        try:
            parts[name] = importlib.import_module(f"suites.{name}").run(b)
        except (bench.Failure, OSError, subprocess.SubprocessError) as e:
            bench.say(f"{name} failed: {e}")
            failed.append(name)
            continue
        for part in parts[name]:
            if isinstance(part, bench.Table):
                print(part.as_text(), flush=True)
        write_report(pathlib.Path(args.out), parts, b.machine)
    return failed


def main(argv):
    args = read_arguments(argv)
    if args.check:
        return 0
    parts = {}
    try:
        with bench.Bench(args, machine()) as b:
            failed = run_suites(b, args, parts)
    except bench.Failure as e:
        bench.say(str(e))
        return 1
    if parts:
        bench.say(f"report: {args.out}/report.json and, with charts, "
                  f"{args.out}/report.svg")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
