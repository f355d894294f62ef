"""A classic panel's answer as a picture near to Kibana's own: lines and bars by Vega-Lite, the rest as SVG."""
import re
from datetime import datetime, timezone
from xml.sax.saxutils import escape

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7a5195", "#8a8f99", "#b5651d", "#3b7a57"]
GREY, DARK = "#69707d", "#343741"


def leaf_value(bucket, agg):
    if agg["type"] == "count":
        return bucket.get("doc_count", 0)
    value = bucket[agg["id"]]
    if agg["type"] == "max" and "value_as_string" in value:
        return value["value_as_string"][:10]
    return value["value"]


def rows(panel, answer):
    """One row a leaf bucket: the keys of its buckets, then its metrics, each with its label."""
    aggs = [a for a in panel["spec"]["aggs"] if a.get("enabled", True)]
    buckets = [a for a in aggs if a["type"] in ("terms", "date_histogram")]
    metrics = [a for a in aggs if a not in buckets]

    def walk(at, left, keys):
        if not left:
            yield keys + [leaf_value(at, m) for m in metrics]
            return
        for bucket in at.get(left[0]["id"], {}).get("buckets", []):
            yield from walk(bucket, left[1:], keys + [bucket["key"]])

    top = {**answer.get("aggregations", {}), "doc_count": total(answer)}
    label = lambda a: a["params"].get("customLabel") or a["params"].get("field", "count")
    return [label(a) for a in buckets + metrics], list(walk(top, buckets, []))


def total(answer):
    hits = answer["hits"]["total"]
    return hits["value"] if isinstance(hits, dict) else hits


def chart_spec(panel, answer):
    """A line or histogram as Vega-Lite; None for other types."""
    kind = panel["spec"]["type"]
    if kind not in ("line", "histogram", "area"):
        return None
    labels, found = rows(panel, answer)
    title = panel["spec"]["params"]["valueAxes"][0]["title"]["text"]
    values = [{"t": r[0], "name": r[1], "value": r[2]} for r in found]
    mark = {"type": "line", "point": True} if kind == "line" else {"type": "bar"}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v4.json", "data": {"values": values}, "mark": mark,
            "encoding": {
                "x": {"field": "t", "type": "ordinal", "title": labels[0], "axis": {
                    "labelExpr": "utcFormat(datum.value, '%Y-%m-%d')", "labelAngle": 0, "labelOverlap": "greedy"}},
                "y": {"field": "value", "type": "quantitative", "title": title,
                      "axis": {"format": ",.0f"}, "stack": "zero" if kind == "histogram" else None},
                "color": {"field": "name", "type": "nominal", "title": None, "scale": {"range": COLOURS}}}}


def text(x, y, words, size=12, colour=DARK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-family="sans-serif" font-size="{size}" fill="{colour}" '
            f'text-anchor="{anchor}" font-weight="{weight}">{escape(str(words))}</text>')


def number(value):
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def metric_svg(panel, answer, width, height):
    labels, found = rows(panel, answer)
    out = []
    for i, (label, value) in enumerate(zip(labels, found[0])):
        if isinstance(value, float) and label.startswith("last"):
            value = datetime.fromtimestamp(value / 1000, timezone.utc).date()
        x, room = width * (i + 0.5) / len(labels), width / len(labels)
        size = min(26, int(0.8 * room / max(1, em(number(value)))))
        out += [text(x, height / 2, number(value), size, anchor="middle", weight="bold"),
                text(x, height / 2 + 20, label, 12, GREY, "middle")]
    return "".join(out)


def em(words):
    """How wide a text is, in its own font size; Hangul counts as wide."""
    return sum(0.95 if sign >= "\u1100" else 0.5 for sign in str(words))


def table_svg(panel, answer, width, height):
    labels, found = rows(panel, answer)
    cells = [labels] + [[number(value) for value in row] for row in found]
    widest = [max(em(line[i]) for line in cells) + 1.5 for i in range(len(labels))]
    right = [all(isinstance(row[i], (int, float)) for row in found) for i in range(len(labels))]
    starts = [width * sum(widest[:i]) / sum(widest) for i in range(len(labels) + 1)]
    size = max(8, min(12, int(width / sum(widest))))
    out = []
    for line, row in enumerate(cells):
        y = 18 + 20 * line
        if y > height - 8:
            break
        if line:
            out.append(f'<line x1="4" x2="{width - 4}" y1="{y - 14}" y2="{y - 14}" stroke="#e3e6eb"/>')
        out += [text(starts[i + 1] - 8 if right[i] else starts[i] + 8, y, value, size, DARK if line else GREY,
                     "end" if right[i] else "start") for i, value in enumerate(row)]
    return "".join(out)


def wrapped(line, width, size):
    """Cut a line into ones that fit."""
    out, now, used = [], "", 0.0
    for word in line.split(" "):
        wide = em(word + " ") * size
        if now and used + wide > width:
            out.append(now)
            now, used = "", 0.0
        now, used = f"{now} {word}".strip(), used + wide
    return out + [now]


def plain_words(markdown):
    """Without the marks of bold, emphasis and code; what is code keeps its asterisks."""
    pieces = markdown.split("`")
    return "".join(p if at % 2 else re.sub(r"\*{1,2}(.+?)\*{1,2}", r"\1", p) for at, p in enumerate(pieces))


def markdown_svg(panel, width, _height):
    size = panel["spec"].get("font_size", 12)
    out, y = [], 16
    for line in plain_words(panel["spec"]["text"]).split("\n"):
        for piece in wrapped(line, width - 16, size):
            out.append(text(8, y, piece, size))
            y += size + 6
    return "".join(out)


def input_svg(panel, width, _height):
    controls = panel["spec"]["controls"]
    out = []
    for i, control in enumerate(controls):
        x, room = 8 + i * width / len(controls), width / len(controls) - 16
        out += [text(x, 20, control["label"], 12, weight="bold"),
                f'<rect x="{x}" y="28" width="{room}" height="30" rx="4" fill="#fbfcfd" stroke="#c5c9cf"/>',
                text(x + 10, 48, "Select...", 12, GREY)]
    return "".join(out)


def plain_svg(panel, answer, width, height):
    """The picture of a panel that needs no Vega, as SVG without its frame."""
    if panel["kind"] == "markdown":
        return markdown_svg(panel, width, height)
    if panel["kind"] == "input":
        return input_svg(panel, width, height)
    if panel["kind"] == "classic" and panel["spec"]["type"] == "metric":
        return metric_svg(panel, answer, width, height)
    if panel["kind"] == "classic" and panel["spec"]["type"] == "table":
        return table_svg(panel, answer, width, height)
    return text(8, 20, "drawn by Kibana 8 and later only", 12, GREY)
