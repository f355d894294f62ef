"""Pages followed: their blocks run, in order, as a reader would."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import page as reader
import statics
from tally import Tally

BLOCK_SECONDS = 400
PNG = b"\x89PNG\r\n"


def _environment(folder, extra=None):
    """The reader's own, without settings of naru's but those that say where downloads, packages and the lab are."""
    kept = ("NARU_CACHE", "NARU_LAB_STATE", "NARU_SKIP_PACKAGES")
    own = {k: v for k, v in os.environ.items() if not k.startswith("NARU_") or k in kept}
    return {**own, "XDG_STATE_HOME": str(folder / "state"), **(extra or {})}


def _script(page):
    """All of a page as one shell script that says which block it has come to."""
    lines = ["set -eo pipefail", "set -m"]
    for block in page.blocks:
        if block.file:
            lines.append(f"cat > {block.file} <<'NARU_END_OF_BLOCK'\n{block.text}NARU_END_OF_BLOCK")
        elif block.is_run:
            lines.append(f"echo '== block at line {block.line}'")
            wanted = block.marker.removeprefix("exit: ") if block.marker.startswith("exit: ") else "0"
            if wanted == "0":
                lines.append(block.text)
            else:
                lines.append(f"set +e\n{block.text}naru_code=$?\nset -e\n[[ $naru_code == {wanted} ]]")
    return "\n".join([*lines, "echo '== the end'"])


def _run(script, folder, environment):
    """The script's exit code and all it said; whatever it leaves running in its session is ended."""
    with open(folder / ".said", "w+", encoding="utf-8", errors="replace") as said:
        child = subprocess.Popen(["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=said, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            code = child.wait(timeout=BLOCK_SECONDS)
        except subprocess.TimeoutExpired:
            code = f"none after {BLOCK_SECONDS} seconds"
        _end_session(child.pid)
        child.wait()
        said.seek(0)
        return code, said.read()


def _end_session(session):
    listed = subprocess.run(["ps", "-o", "pid=,comm=", "--sid", str(session)], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        pid, name = line.split(None, 1)
        if name.strip() in ("bash", "naru"):
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass


def _problem(code, said):
    return None if code == 0 and said.rstrip().endswith("== the end") else f"{said}\nexit code {code}"


class Lab:
    """The lab of NARU_LAB_STATE; what the pages make in it goes again."""
    TOPICS = ("Stock_Data", "Stock_Data.dlq", "bars", "bars.dlq", "ticks", "ticks.dlq")
    INDICES = ("marcap-v1", "marcap-v2", "bars-v1", "bars-v2", "naru_metrics-v1", "ticks")
    TEMPLATES = ("naru-marcap", "naru-bars", "naru-metrics")

    def __init__(self, root):
        done = subprocess.run([root / "compose/lab", "up"], capture_output=True, text=True, check=True)
        said = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
        self.brokers, self.url = said["bootstrap.servers"], said["elasticsearch.hosts"]

    def ask(self, method, path):
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    urllib.request.Request(f"{self.url}/{path}", method=method), timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refused:
            refused.close()
            return None

    def topics(self):
        listed = subprocess.run(["kcat", "-b", self.brokers, "-L", "-J"], capture_output=True, text=True, check=True)
        return {topic["topic"] for topic in json.loads(listed.stdout)["topics"]}

    def foreign(self):
        """What stands in the way, or None."""
        found = [i for i in self.INDICES if self.ask("HEAD", i) is not None] + sorted(self.topics() & set(self.TOPICS))
        return f"the lab holds {', '.join(found)} already, which these pages would mix with theirs" if found else None

    def clean(self):
        for index in self.INDICES:
            self.ask("DELETE", index)
        for template in self.TEMPLATES:
            self.ask("DELETE", f"_index_template/{template}")
        cache = Path(os.environ.get("NARU_CACHE") or
                     Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "naru")
        jars = ":".join(f"{lib}/*" for lib in sorted(cache.glob("kafka-*/lib")))
        there = self.topics() & set(self.TOPICS)
        if there:
            subprocess.run(["java", "-XX:TieredStopAtLevel=1", "-cp", jars, "org.apache.kafka.tools.TopicCommand",
                            "--bootstrap-server", self.brokers, "--delete", "--topic", "|".join(map(re.escape, there))],
                           check=True, capture_output=True)


def pages_to_run(root):
    return [p for p in statics.handbook(root)
            if p.name != "tutorial.md" and any(b.is_run for b in reader.read(p).blocks)]


def pages(root, chosen):
    """Runs the pages' blocks on the lab, each page in an empty folder with naru on the PATH."""
    tally, lab = Tally(), Lab(root)
    tally.check("the lab is free for the pages", lab.foreign())
    if tally.failed:
        return tally.finish()
    for path in chosen or pages_to_run(root):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "bin").mkdir()
            (folder / "bin/naru").symlink_to(statics.naru(root))
            (folder / "naru").mkdir()
            given = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "NARU_KAFKA_BOOTSTRAP_SERVERS": lab.brokers,
                     "NARU_ELASTICSEARCH_HOSTS": lab.url, "NARU_ADMIN_LISTEN": "off", "CLONE": str(root)}
            code, said = _run(_script(reader.read(path)), folder / "naru", _environment(folder, given))
            tally.check(f"{path.relative_to(root)} is followed", _problem(code, said))
        lab.clean()
    return tally.finish()


def _clone(root, folder):
    """A fresh clone, with what is not committed yet laid over it; without git a copy of the sources."""
    target = folder / "naru"
    if subprocess.run(["git", "clone", "-q", root, target], check=False).returncode != 0:
        shutil.copytree(root, target, ignore=shutil.ignore_patterns("build", ".lab", "node_modules", ".git"))
        return
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--modified", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


def _picture_problem(path):
    if not path.exists():
        return "it is not there"
    size = path.stat().st_size
    return None if path.read_bytes().startswith(PNG) and size > 30000 else f"no picture, or an empty one: {size} bytes"


def tutorial(root, out):
    """docs/tutorial.md, word for word, from a clone in an empty folder; the pictures that it names must be there."""
    tally, shared = Tally(), "NARU_LAB_STATE" in os.environ
    page = reader.read(root / "docs/tutorial.md")
    lab = Lab(root) if shared else None
    tally.check("the lab is free for the tutorial", lab.foreign() if lab else None)
    if tally.failed:
        return tally.finish()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _clone(root, folder)
        code, said = _run(_script(page), folder, _environment(folder))
        tally.check("docs/tutorial.md is followed", _problem(code, said))
        tally.check("... and verify found that all agree, twice", None if said.count("all agree") >= 2 else said)
        promised = sorted(set(re.findall(r"`(pictures/[\w-]+\.png)`", page.path.read_text(encoding="utf-8"))))
        tally.check("the tutorial promises pictures", None if promised else "none")
        for picture in promised:
            tally.check(f"{picture} is drawn", _picture_problem(folder / "naru" / picture))
        if out:
            shutil.copytree(folder / "naru/pictures", out, dirs_exist_ok=True)
        if lab:
            lab.clean()
        else:
            subprocess.run([folder / "naru/compose/lab", "down", "--wipe"], check=False, capture_output=True)
    return tally.finish()
