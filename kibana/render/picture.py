"""Panels drawn one by one, and whole dashboards put together by their grid."""
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import classic_picture
import panel_query

HERE = Path(__file__).resolve().parent
COLUMNS = 48  # of Kibana's grid; a row of it is 20 pixels
ROW_PX, HEADER_PX, GAP_PX = 20, 26, 8


class DrawError(Exception):
    """A panel that could not be drawn, and why."""


@dataclass
class Frame:
    """A panel and the room it has, in pixels without its title."""
    panel_set: object
    name: str
    width: int
    height: int
    title: str = ""
    left: int = 0
    top: int = 0
    svg: str = ""  # what was drawn
    marks: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    untidy: list = field(default_factory=list)  # texts that lie on one another, or are cut

    @property
    def panel(self):
        return self.panel_set.panels[self.name]


def dashboard_frames(panel_set, name, width_px):
    column = width_px / COLUMNS
    frames = []
    for at in panel_set.dashboards[name]["panels"]:
        panel = panel_set.panels[at["panel"]]
        if panel["kind"] == "lens":
            continue  # not on every Kibana's dashboard, and drawn by Kibana alone
        frames.append(Frame(panel_set, at["panel"], round(at["w"] * column) - GAP_PX,
                            at["h"] * ROW_PX - HEADER_PX - GAP_PX, at.get("title", panel["title"]),
                            round(at["x"] * column) + GAP_PX // 2, at["y"] * ROW_PX + HEADER_PX))
    return frames


def draw(frames, engine, context, index=None, newest=False, data=()):
    """Ask each frame's searches of the engine and draw its panel into frame.svg."""
    jobs = []
    for at, frame in enumerate(frames):
        spec, searches = panel_query.searches(frame.panel, frame.panel_set, context, index)
        answers = [engine.search(s.index, s.body) for s in searches]
        if spec is not None:
            for search, answer in zip(searches, answers):
                panel_query.fill(search, answer)
        elif frame.panel["kind"] == "classic":
            spec = classic_picture.chart_spec(frame.panel, answers[0])
        if spec is None:
            frame.svg = classic_picture.plain_svg(frame.panel, answers[0] if answers else None, frame.width, frame.height)
            frame.marks = {"text": frame.svg.count("<text")}
            continue
        jobs.append({"name": str(at), "spec": spec, "width": frame.width, "height": frame.height,
                     "newest": newest, "data": [d for d in data if d in data_names(spec)]})
    for result in run_node(jobs):
        frame = frames[int(result["name"])]
        wrong = result.get("error") or "; ".join(result["warnings"])
        if wrong:
            raise DrawError(f"{frame.panel_set.name}/{frame.name}: {wrong}")
        frame.svg, frame.marks, frame.data = result["svg"], result["marks"], result["data"]
        frame.untidy = [f"overlap: {pair}" for pair in result["clashes"]] + [f"cut: {words}" for words in result["cut"]]


def data_names(spec):
    data = spec.get("data", [])
    return {d.get("name") for d in (data if isinstance(data, list) else [data])}


def run_node(jobs):
    if not jobs:
        return []
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            job["svg"] = f"{folder}/{job['name']}.svg"
        (Path(folder) / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
        done = subprocess.run(["node", HERE / "draw.mjs", "panels", f"{folder}/jobs.json"],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise DrawError(f"node draw.mjs: {done.stderr.strip()[-2000:]}")
        results = json.loads(done.stdout)
        for result in results:
            if "error" not in result:
                result["svg"] = inner(Path(f"{folder}/{result['name']}.svg").read_text(encoding="utf-8"), result["name"])
    return results


def inner(svg, name):
    """What is inside the svg element, its clip paths named apart from the other panels'."""
    svg = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.S)
    return re.sub(r'(id="|url\(#)(clip|gradient)', rf"\g<1>p{name}\g<2>", svg)


def one_svg(frame, border=10):
    width, height = frame.width + 2 * border, frame.height + HEADER_PX + border
    return picture(width, height, [placed(frame, border, HEADER_PX)])


def whole_svg(frames, dashboard, width_px, header):
    top = 40
    height = top + max(f.top + f.height for f in frames) + GAP_PX
    words = classic_picture.text(10, 26, dashboard["title"], 18, weight="bold") + \
        classic_picture.text(width_px - 10, 26, header, 12, classic_picture.GREY, "end")
    return picture(width_px, height, [words, *(placed(f, f.left, f.top + top) for f in frames)], "#f4f6f9")


def placed(frame, left, top):
    box = (f'<rect x="{left - 2}" y="{top - HEADER_PX + 2}" width="{frame.width + 2}" '
           f'height="{frame.height + HEADER_PX - 2}" rx="4" fill="white" stroke="#d3dae6"/>')
    title = classic_picture.text(left + 6, top - 6, frame.title, 13, weight="bold")
    return f'{box}{title}<svg x="{left}" y="{top}" width="{frame.width}" height="{frame.height}">{frame.svg}</svg>'


def picture(width, height, parts, ground="white"):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
            f'height="{height}" viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="{ground}"/>'
            + "".join(parts) + "</svg>\n")


def to_png(svg_path, png_path, font):
    done = subprocess.run(["node", HERE / "draw.mjs", "png", svg_path, png_path, font],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise DrawError(f"node draw.mjs: {done.stderr.strip()[-2000:]}")
