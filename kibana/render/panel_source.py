"""The sources under kibana/objects: panels and dashboards, read and found by name."""
import json
from dataclasses import dataclass
from pathlib import Path

OBJECTS = Path(__file__).resolve().parent.parent / "objects"


class SourceError(Exception):
    """What is wrong with a source or its name, for the user."""


@dataclass
class Set:
    """One folder of sources: a dataset's panels, or the pipeline's."""
    name: str
    data_view: dict
    dashboards: dict  # name -> the file's content
    panels: dict

    @property
    def index(self):
        return self.data_view["title"]

    @property
    def time_field(self):
        return self.data_view["time_field"]


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SourceError(f"{path}: {error}") from None


def read_set(name, objects=OBJECTS):
    folder = objects / name
    if not (folder / "data_view.json").is_file():
        known = ", ".join(set_names(objects))
        raise SourceError(f"no set of panels '{name}' in {objects}: there are {known}")
    files = lambda kind: {p.stem: read_json(p)
                          for p in sorted((folder / kind).glob("*.json"))}
    return Set(name, read_json(folder / "data_view.json"),
               files("dashboards"), files("panels"))


def set_names(objects=OBJECTS):
    return sorted(p.parent.name for p in objects.glob("*/data_view.json"))


def read_all(objects=OBJECTS):
    return {name: read_set(name, objects) for name in set_names(objects)}
