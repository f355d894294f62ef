"""Charts as plain SVG: bars by name, lines over time or size."""
import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH = 900
LEFT, RIGHT = 210, 120
COLOURS = ("#1f6f8b", "#d1495b", "#edae49", "#66a182", "#5c4d7d")


@dataclass
class Bars:
    title: str
    bars: list  # of (name, value)
    unit: str = ""

    def height(self):
        return 50 + 26 * len(self.bars)

    def draw(self, out, top):
        most = max((v for _, v in self.bars), default=0) or 1
        for i, (name, value) in enumerate(self.bars):
            y = top + 36 + 26 * i
            width = (WIDTH - LEFT - RIGHT) * value / most
            text(out, LEFT - 8, y + 14, name, "end")
            out.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" '
                       f'height="20" fill="{COLOURS[0]}"/>')
            text(out, LEFT + width + 6, y + 14, f"{value:,.4g} {self.unit}"
                 if value < 1000 else f"{value:,.0f} {self.unit}")


@dataclass
class Lines:
    title: str
    x_name: str
    lines: dict  # name -> list of (x, y)
    log_x: bool = False
    marks: tuple = ()  # of (x, word)

    def height(self):
        return 330

    def draw(self, out, top):
        points = [p for line in self.lines.values() for p in line]
        if not points:
            return
        self.scale(points, top)
        self.axes(out, points)
        for i, (name, line) in enumerate(self.lines.items()):
            colour = COLOURS[i % len(COLOURS)]
            path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}"
                            for x, y in line)
            out.append(f'<polyline points="{path}" fill="none" '
                       f'stroke="{colour}" stroke-width="1.6"/>')
            text(out, WIDTH - RIGHT + 8, top + 50 + 18 * i, name,
                 colour=colour)
        for x, word in self.marks:
            out.append(f'<line x1="{self.x(x):.1f}" x2="{self.x(x):.1f}" '
                       f'y1="{top + 36}" y2="{top + 280}" stroke="#999" '
                       'stroke-dasharray="4 3"/>')
            text(out, self.x(x) + 4, top + 46, word, colour="#666")

    def at(self, x):
        return math.log10(x) if self.log_x else x

    def scale(self, points, top):
        low, high = (f(self.at(x) for x, _ in points) for f in (min, max))
        most = 4 * round_step((max(y for _, y in points) or 1) / 4)
        left, right = 80, WIDTH - RIGHT
        self.x = lambda x: left + (right - left) * (
            (self.at(x) - low) / ((high - low) or 1))
        self.y = lambda y: top + 280 - 244 * y / most
        self.most = most

    def axes(self, out, points):
        for k in range(5):
            y = self.most * k / 4
            out.append(f'<line x1="80" x2="{WIDTH - RIGHT}" '
                       f'y1="{self.y(y):.1f}" y2="{self.y(y):.1f}" '
                       'stroke="#ddd"/>')
            text(out, 74, self.y(y) + 4, f"{y:,.3g}" if y < 1000
                 else f"{y:,.0f}", "end")
        for x in self.x_ticks(sorted({x for x, _ in points})):
            text(out, self.x(x), self.y(0) + 18, f"{x:,.4g}" if x < 1000
                 else f"{x:,.0f}", "middle")
        text(out, (80 + WIDTH - RIGHT) / 2, self.y(0) + 38, self.x_name,
             "middle")


    def x_ticks(self, xs):
        if len(xs) <= 8:
            return xs
        step = round_step((xs[-1] - xs[0]) / 9)
        first = math.ceil(xs[0] / step)
        return [k * step for k in range(first, int(xs[-1] / step) + 1)]


def round_step(least):
    """The next of 1, 2, 5, 10, 20, ..."""
    power = 10 ** math.floor(math.log10(least))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= least)


def text(out, x, y, words, anchor="start", colour="#222", size=12):
    out.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
               f'fill="{colour}" font-size="{size}">{escape(words)}</text>')


def write(path, charts):
    """All charts, one below the other, in one picture."""
    out, top = [], 10
    for chart in charts:
        text(out, 10, top + 18, chart.title, size=15)
        chart.draw(out, top)
        top += chart.height() + 20
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{top}" font-family="sans-serif">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(out) + "\n</svg>\n", encoding="utf-8")
