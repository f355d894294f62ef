"""What all suites share: the lab, topics, the counting engine, processes
measured one by one, tables."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "build/release/tests/bench"
BULK = "/_bulk?filter_path=took,errors,items.*.status,items.*.error"
# The lab is on loopback, whatever proxy the environment names.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Failure(Exception):
    """What keeps a suite from its figures, as a sentence."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values) if values else float("nan")


def medians(runs):
    """Of dicts with the same keys; what is no number stands as in the first."""
    return {k: median([r[k] for r in runs]) if isinstance(v, (int, float))
            else v for k, v in runs[0].items()}


def quantiles(values):
    ordered = sorted(values)
    return {"median ms": median(ordered),
            "p99 ms": ordered[int(len(ordered) * 0.99)],
            "most ms": ordered[-1]}


def ratio(some, others, key):
    """The median of the ratios of runs made in turns."""
    return median([a[key] / b[key] for a, b in zip(some, others)])


def http(method, url, body=None, timeout=30):
    """The answer's body as text; an HTTP error is a Failure."""
    request = urllib.request.Request(
        url, data=body.encode() if body else None, method=method,
        headers={"Content-Type": "application/json"})
    try:
        with OPENER.open(request, timeout=timeout) as answer:
            return answer.read().decode()
    except OSError as e:
        raise Failure(f"{method} {url}: {e}") from e


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(what, condition, process=None, seconds=60):
    """process: without it the condition will not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll():
            raise Failure(f"a process ended before {what}: "
                          f"{process.usage.log.strip()[-400:]}")
        if time.monotonic() > deadline:
            raise Failure(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)


# ---- tables ----

@dataclass
class Table:
    """rows are dicts by column; numbers are rounded for the terminal only."""
    title: str
    columns: list
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def as_json(self):
        return {"title": self.title, "rows": self.rows, "notes": self.notes}

    def as_text(self):
        cells = [self.columns] + [[shown(row.get(c)) for c in self.columns]
                                  for row in self.rows]
        widths = [max(len(r[i]) for r in cells)
                  for i in range(len(self.columns))]
        lines = ["", self.title]
        for row in cells:
            lines.append("  " + "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, widths))).rstrip())
        return "\n".join(lines + ["  " + n for n in self.notes])


def shown(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


# ---- processes ----

@dataclass
class Usage:
    """What a process took: CPU of user and system, largest resident set."""
    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    log: str


def peak_mb_of(pid):
    """VmHWM; wait4's ru_maxrss counts what was there before exec, too."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            for line in f:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class Process:
    """A child that is measured; its output goes to a file."""

    def __init__(self, argv, log, env=None, stdin=None):
        self.log_path = log
        self.peak_mb = 0.0
        self.started = time.monotonic()
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith("NARU_")}
        with open(log, "wb") as f:
            self.child = subprocess.Popen(
                [str(a) for a in argv], stdout=f, stderr=f, stdin=stdin,
                env={**clean, **(env or {})})
        self.usage = None

    @property
    def pid(self):
        return self.child.pid

    def poll(self):
        """Has it ended? Looks at its memory, so call it often."""
        if self.usage is not None:
            return True
        self.peak_mb = max(self.peak_mb, peak_mb_of(self.pid))
        pid, status, r = os.wait4(self.pid, os.WNOHANG)
        if pid == 0:
            return False
        self.child.returncode = os.waitstatus_to_exitcode(status)
        self.usage = Usage(
            self.child.returncode, time.monotonic() - self.started,
            r.ru_utime + r.ru_stime, self.peak_mb,
            pathlib.Path(self.log_path).read_text("utf-8", "replace"))
        return True

    def wait(self, seconds=600):
        deadline = time.monotonic() + seconds
        while not self.poll():
            if time.monotonic() > deadline:
                self.stop()
                raise Failure(f"{self.child.args[0]} took over {seconds} s")
            time.sleep(0.02)
        return self.usage

    def stop(self):
        """SIGTERM, and SIGKILL when that does not help."""
        if not self.poll():
            self.child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 30
        while not self.poll():
            if time.monotonic() > deadline:
                self.child.kill()
            time.sleep(0.02)
        return self.usage

    def cpu_s(self):
        """So far, of all its threads, to the nanosecond."""
        total = 0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9


class Stub:
    """The counting engine, while it runs."""

    def __init__(self, b, ids, short):
        argv = [PROGRAMS / "counting_engine"]
        argv += ["--ids", ids] if ids else []
        argv += ["--short"] if short else []
        self.process = subprocess.Popen([str(a) for a in argv],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split("=")[1])
        self.url = f"http://127.0.0.1:{self.port}"
        b.children.append(self.process)

    def counts(self):
        return json.loads(http("GET", self.url + "/_counts"))

    def arrivals_s(self):
        """When the first items came, on time.monotonic()'s clock."""
        return [us / 1e6 for us in
                json.loads(http("GET", self.url + "/_arrivals"))]

    def reset(self):
        http("POST", self.url + "/_reset")

    def limits(self, **limits):
        query = "&".join(f"{k}={v}" for k, v in limits.items())
        http("POST", f"{self.url}/_limits?{query}")

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@dataclass
class Topic:
    name: str
    records: int
    value_bytes: int  # of all records together


# ---- the whole ----

class Bench:
    def __init__(self, args, machine):
        self.args = args
        self.machine = machine
        self.naru = args.naru or str(ROOT / "build/release/cli/naru")
        self.state = args.state or str(ROOT / "build/release/bench-lab")
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="naru-bench-"))
        self.children = []
        self.topics = {}
        self.serial = 0
        port = args.kafka_port
        self.brokers = ",".join(f"127.0.0.1:{port + i}" for i in range(3))
        self.engine_url = f"http://127.0.0.1:{args.es_port}"

    def __enter__(self):
        engine = "es7" if "engine" in self.args.suites else "none"
        running = subprocess.run(
            [ROOT / "compose/lab", "status", "--state", self.state],
            capture_output=True, check=False).returncode == 0
        if not (running and engine == "none"):
            self.lab("up", "--engine", engine, "--kafka-port",
                     str(self.args.kafka_port), "--es-port",
                     str(self.args.es_port), "--timeout", "300")
        return self

    def __exit__(self, *_):
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        if not self.args.keep_lab:
            self.lab("down", "--wipe")
        shutil.rmtree(self.work, ignore_errors=True)

    def lab(self, *words):
        done = subprocess.run(
            [ROOT / "compose/lab", *words, "--state", self.state],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"compose/lab {words[0]}: {done.stderr.strip()}")

    def file(self, name):
        """A path of its own for each call."""
        self.serial += 1
        return self.work / f"{self.serial}-{name}"

    def in_turns(self, measures):
        """Each of the named measures --runs times, in turns, so that the
        machine's moods meet all. Returns name -> its runs, dicts."""
        runs = {name: [] for name in measures}
        for _ in range(self.args.runs):
            for name, measure in measures.items():
                runs[name].append(measure())
        return runs

    def median_of(self, measure):
        return medians(self.in_turns({"": measure})[""])

    # -- topics --

    def read_topic(self, name):
        """(records, bytes of values), or None when there is none such."""
        done = subprocess.run(
            [PROGRAMS / "floor_loop", self.brokers, name, "-"],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None
        found = json.loads(done.stdout)
        return found["docs"], found["bytes"]

    def topic(self, name, make):
        """The topic, made by make(name) unless it is there already."""
        if name not in self.topics:
            found = self.read_topic(name)
            if found is None or found[0] == 0:
                say(f"   making topic {name}")
                make(name)
                found = self.read_topic(name)
            if found is None:
                raise Failure(f"topic {name} could not be made")
            self.topics[name] = Topic(name, *found)
        return self.topics[name]

    def generate(self, rows, stocks=None):
        """The shell command that writes market rows as CSV."""
        stocks = stocks or min(5000, rows // 6000 + 2)
        return (f"{self.naru} generate --out - -q --stocks {stocks} "
                f"| head -n {rows + 1}")

    def generate_file(self, rows, stocks=None):
        path = self.file("rows.csv")
        subprocess.run(["bash", "-c", f"{self.generate(rows, stocks)} "
                        f"> {path}"], check=True)
        return path

    def market_topic(self, rows=None, partitions=6):
        """Market rows by naru generate and naru replay, lz4."""
        rows = rows or self.args.rows
        return self.topic(
            f"bench-rows-{rows}-{partitions}",
            lambda name: self.replay(self.generate(rows), name, partitions))

    def replay(self, source, topic, partitions, *options):
        """Send the CSV that a shell command writes to a new topic."""
        words = [self.naru, "replay", "-", "--topic", topic, "--brokers",
                 self.brokers, "--create-topic", f"{partitions}:3", "-q",
                 "--keep-zero-volume", *(options or ("--pace", "max"))]
        done = subprocess.run(
            ["bash", "-c", f"{source} | \"$@\"", "bash", *words],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failure(f"naru replay: {done.stderr.strip()}")

    # -- what is measured --

    def stub(self, ids=0, short=False):
        return contextlib.closing(Stub(self, ids, short))

    def process(self, name, argv, env=None, stdin=None):
        p = Process(argv, self.file(name + ".log"), env, stdin)
        self.children.append(p.child)
        return p

    def run(self, name, argv, seconds=600):
        usage = self.process(name, argv).wait(seconds)
        if usage.code != 0:
            raise Failure(f"{name} ended with exit code {usage.code}: "
                          f"{usage.log.strip()[-400:]}")
        return usage

    def bridge_argv(self, topic, url, *settings, group=None, forever=False):
        """naru bridge; ids topic-partition-offset unless settings differ."""
        self.serial += 1
        all_settings = {
            "kafka.bootstrap.servers": self.brokers,
            "kafka.group.id": group or f"bench-{os.getpid()}-{self.serial}",
            "elasticsearch.hosts": url, "bridge.topics": topic,
            "admin.listen": "off"}
        if not any(s.startswith("bridge.dataset=") for s in settings):
            all_settings["bridge.index"] = "bench"
        for s in (*settings, *self.args.set):
            key, value = s.split("=", 1)
            all_settings[key] = value
        argv = [self.naru, "bridge"]
        for key, value in all_settings.items():
            argv += ["--set", f"{key}={value}"]
        return argv if forever else argv + ["--until-end"]

    def floor_argv(self, topic, url=None):
        return [PROGRAMS / "floor_loop", self.brokers, topic,
                url + "/bench" + BULK if url else "-"]

    def into_stub(self, stub, topic, name, argv):
        """One run to the topic's end, as the stub saw it."""
        stub.reset()
        usage = self.run(name, argv)
        return figures(stub.counts(), topic, usage)


def figures(counts, topic, usage):
    """A row: speed between the first and the last document at the stub."""
    span_s = max((counts["last_us"] - counts["first_us"]) / 1e6, 1e-3)
    return {"docs/s": counts["items"] / span_s,
            "docs/CPU-s": counts["items"] / max(usage.cpu_s, 1e-3),
            "CPU-s": usage.cpu_s, "peak MB": usage.peak_mb,
            "lost": max(0, topic.records - counts["created"]),
            "doubles": counts["duplicates"],
            "requests": counts["requests"]}
