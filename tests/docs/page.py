"""A page of Markdown, read: its blocks of commands, its links, its anchors, its tables."""
import re
from dataclasses import dataclass, field
from pathlib import Path

MARKER = re.compile(r"^ *<!-- (.*) -->$")
FENCE = re.compile(r"^( *)```(\w*)$")
HEADING = re.compile(r"^(#{1,6}) (.*)$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass
class Block:
    line: int  # of its first line of content
    language: str  # sh, ini, json, ...; "" for an indented block
    marker: str  # what the comment above it says
    text: str

    @property
    def file(self):
        """The file that the block is written to before the next commands, or None."""
        if self.marker.startswith("file: "):
            return self.marker.removeprefix("file: ")
        return "naru.conf" if self.language == "ini" and not self.marker else None

    @property
    def is_run(self):
        return self.language == "sh" and not self.marker.startswith("not run: ")


@dataclass
class Page:
    path: Path
    blocks: list = field(default_factory=list)
    links: list = field(default_factory=list)  # (line, target)
    anchors: set = field(default_factory=set)
    rows: list = field(default_factory=list)  # (line, the first cell of a table's row)


class PageError(Exception):
    pass


def anchor(heading):
    """The name that GitHub gives a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.replace("`", ""))
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def _fenced(lines, at, marker, page):
    """The block whose fence opens at that line; returns the line behind it."""
    indent, language = FENCE.match(lines[at]).groups()
    end = at + 1
    while lines[end].strip() != "```":
        end += 1
        if end == len(lines):
            raise PageError(f"{page.path}:{at + 1}: the fence is never closed")
    body = [line.removeprefix(indent) for line in lines[at + 1:end]]
    page.blocks.append(Block(at + 2, language, marker, "\n".join(body) + "\n"))
    return end + 1


def _indented(lines, at, page):
    end = at
    while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
        end += 1
    body = "\n".join(line[4:] for line in lines[at:end]).rstrip()
    page.blocks.append(Block(at + 1, "", "", body + "\n"))
    return end


def _prose(line, number, page):
    heading = HEADING.match(line)
    if heading:
        page.anchors.add(anchor(heading[2]))
    page.links += [(number, target) for target in LINK.findall(re.sub(r"`[^`]*`", "", line))]
    if line.startswith("| "):
        page.rows.append((number, line.split(" | ")[0].removeprefix("| ")))


def read(path):
    page = Page(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    at, marker, blank = 0, "", True
    while at < len(lines):
        line = lines[at]
        if MARKER.match(line):
            marker = MARKER.match(line)[1]
            at += 1
            continue
        if FENCE.match(line):
            at = _fenced(lines, at, marker, page)
        elif blank and line.startswith("    "):
            at = _indented(lines, at, page)
        else:
            _prose(line, at + 1, page)
            at += 1
        blank = not line.strip() or line.startswith("#")
        marker = ""
    return page
