"""The checks that need no server."""
import os
from pathlib import Path

import commands
import page as pages
import sources
from tally import Tally

COMMANDS_OF = ("sh", "console", "")  # the languages of blocks that hold commands


def naru(root):
    return os.path.abspath(os.environ.get("NARU_BIN", root / "build/dev/cli/naru"))


def handbook(root):
    """README and docs; docs/reference is written by the program and compared by unit.reference."""
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def _link_problem(page, target, read):
    if "://" in target or target.startswith("mailto:"):
        return None
    file, _, name = target.partition("#")
    path = (page.path.parent / file).resolve() if file else page.path.resolve()
    if not path.exists():
        return f"no file {file}"
    if name and name not in read(path).anchors:
        return f"{path.name} has no heading #{name}; it has {', '.join(sorted(read(path).anchors))}"
    return None


def _marker_problem(block):
    if block.marker and not block.marker.startswith(("not run: ", "file: ", "exit: ")):
        return f"<!-- {block.marker} -->: a block's comment begins with 'not run: ', 'file: ' or 'exit: '"
    if block.is_run and "&&" in block.text:
        return "a shell goes on when what stands before && fails; write two lines"
    return None


def _reader():
    known = {}

    def read(path):
        if path not in known:
            known[path] = pages.read(path)
        return known[path]
    return read


def _reachable(start, read):
    """Each page that links lead to from there."""
    seen, ahead = set(), [start.resolve()]
    while ahead:
        path = ahead.pop()
        if path in seen or not path.exists():
            continue
        seen.add(path)
        for _, target in read(path).links:
            file = target.partition("#")[0]
            if "://" not in target and file.endswith(".md"):
                ahead.append((path.parent / file).resolve())
    return seen


def _messages(tally, root, read):
    found = sources.texts(root)
    trouble = read(root / "docs/troubleshooting.md")
    rows = [(line, cell.strip("`")) for line, cell in trouble.rows if cell.startswith("`")]
    tally.check("troubleshooting.md quotes messages", None if len(rows) > 20 else f"only {len(rows)} rows begin with one")
    for line, message in rows:
        tally.check(f"troubleshooting.md:{line}", None if sources.holds(found, message)
                    else f"no text of the source holds: {message}")


def check_all(root):
    tally, read = Tally(), _reader()
    for path in handbook(root):
        page, name = read(path), path.relative_to(root)
        for line, target in page.links:
            tally.check(f"{name}:{line}: link {target}", _link_problem(page, target, read))
        for block in page.blocks:
            where = f"{name}:{block.line}"
            tally.check(f"{where}: marks", _marker_problem(block))
            tally.check(f"{where}: settings", commands.settings_problem(naru(root), block.text))
            if block.language in COMMANDS_OF:
                for words in commands.of(block.text):
                    tally.check(f"{where}: naru {' '.join(words)}", commands.problem(naru(root), words))
    lost = {p.resolve() for p in handbook(root)} - _reachable(root / "README.md", read)
    tally.check("each page is reached from README.md", None if not lost else ", ".join(sorted(map(str, lost))))
    _messages(tally, root, read)
    return tally.finish()
