"""The messages in the program's source: is one that a page quotes among them?"""
import re

LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:(?:\s|PRI\w+)*"(?:[^"\\\n]|\\.)*")*')
PARTS = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
FOLDERS = ("bridge", "cli", "common", "export", "index", "kibana", "mappings", "preflight", "replay", "verify")


def texts(root):
    """Each text of the C sources, with the parts that the compiler joins joined."""
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.c")):
            for literal in LITERALS.findall(path.read_text(encoding="utf-8")):
                found.append("".join(PARTS.findall(literal)).replace('\\"', '"').replace("\\n", "\n"))
    return found


def holds(found, message):
    """... in a message stands for what differs from case to case; the rest is one text of the source, in that order."""
    parts = [re.escape(part.strip()) for part in message.split("...") if part.strip()]
    pattern = re.compile(".*".join(parts), re.DOTALL)
    return bool(parts) and any(pattern.search(text) for text in found)
