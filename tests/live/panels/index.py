"""Samples put into an engine: index and mapping by naru mappings, documents by _bulk."""
import json
import subprocess
from pathlib import Path

from engine import EngineError

ROOT = Path(__file__).resolve().parents[3]


def forget(engine, index):
    try:
        engine.ask("DELETE", index)
    except EngineError as error:
        if "404" not in str(error):
            raise


def apply_dataset(naru, engine, work, dataset, alias):
    """The dataset's own mapping under another name; returns the alias."""
    body = json.loads((ROOT / "mappings" / f"{dataset}.json").read_text())
    body["name"] = body["index"] = alias
    path = work / f"{alias}.json"
    path.write_text(json.dumps(body))
    forget(engine, f"{alias}-v1")
    subprocess.run([naru, "mappings", "apply", path, "--set", f"elasticsearch.hosts={engine.url}"], check=True,
                   capture_output=True, env={"PATH": "/usr/bin:/bin"})
    return alias


def load(engine, index, documents):
    for start in range(0, len(documents), 4000):
        lines = []
        for at, document in enumerate(documents[start:start + 4000], start):
            lines += [json.dumps({"index": {"_id": str(at)}}), json.dumps(document, ensure_ascii=False)]
        answer = engine.ask("POST", f"{index}/_bulk", ("\n".join(lines) + "\n").encode(), "application/x-ndjson")
        if answer["errors"]:
            bad = [i["index"]["error"] for i in answer["items"] if "error" in i["index"]]
            raise EngineError(f"{index}: {bad[0]}")
    engine.ask("POST", f"{index}/_refresh")
    found = engine.ask("GET", f"{index}/_count")["count"]
    if found != len(documents):
        raise EngineError(f"{index}: {found} documents of {len(documents)}")
