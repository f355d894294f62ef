"""What a page's commands and settings are without being run: such as naru takes, by its own tables."""
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

DATASET = Path(__file__).resolve().parents[2] / "mappings/ohlcv.json"
JOINED = re.compile(r"\\\n\s*")
COMMENT = re.compile(r"(^|\s)#( .*)?$")
PROMPT = re.compile(r"^\$ ")
CRON = re.compile(r"^(\S+ ){4}\S+  ")
SECTION = re.compile(r"^\[(kafka|elasticsearch|bridge|transform|nifi|admin|kibana)\]")


def of(text):
    """Each command line of naru in a block, as its words, without what a shell would do around it."""
    for line in JOINED.sub(" ", text).split("\n"):
        line = CRON.sub("", PROMPT.sub("", line))
        if "naru " not in line:
            continue
        try:
            words = list(shlex.shlex(COMMENT.sub("", line), posix=True, punctuation_chars="|&;()<>"))
        except ValueError:
            continue  # a sentence, or lines of a longer text
        yield from _commands_in(words)


def _commands_in(words):
    current, is_file = None, False
    for word in [*words, "|"]:
        if set(word) <= set("<>&") and set(word) & set("<>"):
            is_file = True  # what follows is where to, or where from
            if current and current[-1].isdigit():
                current.pop()  # the 2 of 2>
        elif set(word) <= set("|&;()"):
            if current:
                yield current
            current, is_file = None, False
        elif is_file:
            is_file = False
        elif current is not None:
            current.append(word)
        elif word == "naru":
            current = []


def run(naru, words, folder):
    done = subprocess.run([naru, *words], env={"PATH": "/usr/bin:/bin"}, cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, (done.stderr or done.stdout).strip()


def problem(naru, words):
    """What naru would refuse of a command line: it reads all options before it comes to --help. None: nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for word in words:
            if re.fullmatch(r"(\./)?\w+\.json", word):  # a dataset of the reader's, which --check-dataset opens
                shutil.copy(DATASET, Path(folder) / word)
        code, said = run(naru, [*words, "--help"], folder)
        if code != 0:
            return said
        for at, word in enumerate(words):
            if words[at - 1] in ("--set", "-s") and at > 0 and not word.startswith(("kibana.", "transform.")):
                code, said = run(naru, ["bridge", "--print-config", "--set", word], folder)
                if code != 0:
                    return said
    return None


def settings_problem(naru, text):
    """What naru would refuse of a block of naru.conf; None: nothing, or it is no such block."""
    if not SECTION.match(text):
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "naru.conf").write_text(text, encoding="utf-8")
        code, said = run(naru, ["bridge", "-c", "naru.conf", "--print-config"], folder)
        return said if code != 0 else None
