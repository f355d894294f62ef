"""kibana/render/run: the panels of naru's dashboards, drawn from a live engine without Kibana."""
import argparse
import sys
from pathlib import Path

import panel_query
import panel_source
import picture
from engine import Engine, EngineError

EXAMPLES = """examples:
  kibana/render/run --url http://127.0.0.1:19200 --out /tmp/pictures
  kibana/render/run --url http://127.0.0.1:19200 --out /tmp/p marcap/overview --from 2022-01-01 --to 2022-02-28
  kibana/render/run --url http://127.0.0.1:19200 --out /tmp/p marcap/company --query 'Name:삼성전자'
  kibana/render/run --url http://127.0.0.1:19200 --out /tmp/p marcap/movers --index marcap-v2 --svg

What is asked is what Kibana would ask: time range, query bar and filters are put in where the panel says %context%.
Korean text needs a font that has it: Debian's fonts-nanum or fonts-noto-cjk.
Exit code: 0 drawn, 1 a panel could not be drawn, 2 unusable arguments."""


def arguments():
    parser = argparse.ArgumentParser(
        prog="kibana/render/run", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Draws dashboards and panels to PNG (and SVG): runs each panel's own searches on a live engine and "
                    "draws the answers with Vega, without Kibana.")
    parser.add_argument("what", nargs="*", metavar="WHAT",
                        help="a set (marcap), or SET/NAME of a dashboard or a panel; default: every dashboard")
    parser.add_argument("--url", required=True, help="the engine, http://[USER:PASSWORD@]HOST:PORT")
    parser.add_argument("--out", required=True, help="folder for the pictures; made if it is not there")
    parser.add_argument("--index", help="ask this alias instead of the sets' own")
    parser.add_argument("--from", dest="start", metavar="TIME", help="begin of the time range; default: the dashboard's")
    parser.add_argument("--to", dest="end", metavar="TIME", help="its end: 2022-02-28, now, now-15m, ...")
    parser.add_argument("--query", default="", help="what stands in the query bar (Lucene)")
    parser.add_argument("--width", type=int, default=1400, help="of a dashboard, in pixels; default 1400")
    parser.add_argument("--font", default="NanumGothic", help="default NanumGothic")
    parser.add_argument("--svg", action="store_true", help="keep the SVG beside the PNG")
    parser.add_argument("--newest", action="store_true", help="draw with the Vega of Kibana 9, not of 7.12")
    return parser.parse_args()


def chosen(what, sets):
    """(set, dashboard or None, panel or None) for each thing asked for."""
    for word in what or sets:
        name, _, part = word.partition("/")
        if name not in sets:
            raise panel_source.SourceError(f"no set of panels '{name}': there are {', '.join(sets)}")
        panel_set = sets[name]
        if not part:
            yield from ((panel_set, d, None) for d in panel_set.dashboards)
        elif part in panel_set.dashboards:
            yield panel_set, part, None
        elif part in panel_set.panels:
            yield panel_set, None, part
        else:
            raise panel_source.SourceError(
                f"'{part}' is neither a dashboard nor a panel of {name}: it has the dashboards "
                f"{', '.join(panel_set.dashboards)} and the panels {', '.join(panel_set.panels)}")


def time_range(args, panel_set, dashboard):
    stated = (panel_set.dashboards.get(dashboard) or next(iter(panel_set.dashboards.values())))["time"]
    return panel_query.Context(panel_query.parse_time(args.start or stated["from"]),
                               panel_query.parse_time(args.end or stated["to"]), args.query)


def shown_range(context):
    """Days, and of less than two days the time too."""
    form = "%Y-%m-%d" if (context.end - context.start).total_seconds() > 2 * 86400 else "%Y-%m-%d %H:%M"
    return f"{context.start:{form}} – {context.end:{form}}"


def save(svg, path, args):
    svg_path = path.with_suffix(".svg")
    svg_path.write_text(svg, encoding="utf-8")
    picture.to_png(svg_path, path, args.font)
    if not args.svg:
        svg_path.unlink()
    print(path)


def render(args, engine, out):
    for panel_set, dashboard, panel in list(chosen(args.what, panel_source.read_all())):
        context = time_range(args, panel_set, dashboard)
        if dashboard:
            frames = picture.dashboard_frames(panel_set, dashboard, args.width)
        else:
            frames = [picture.Frame(panel_set, panel, args.width // 2, 400, panel_set.panels[panel]["title"])]
        picture.draw(frames, engine, context, args.index, args.newest)
        for frame in frames:
            for fault in frame.untidy:
                print(f"kibana/render/run: {panel_set.name}/{frame.name}: {fault}", file=sys.stderr)
        if dashboard:
            header = shown_range(context) + (f"   {args.query}" if args.query else "")
            svg = picture.whole_svg(frames, panel_set.dashboards[dashboard], args.width, header)
        else:
            svg = picture.one_svg(frames[0])
        save(svg, out / f"{panel_set.name}-{dashboard or panel}.png", args)


def main():
    args = arguments()
    try:
        out = Path(args.out)
        engine = Engine(args.url)
        list(chosen(args.what, panel_source.read_all()))
        out.mkdir(parents=True, exist_ok=True)
        render(args, engine, out)
    except (panel_source.SourceError, ValueError) as error:
        print(f"kibana/render/run: {error}", file=sys.stderr)
        return 2
    except (EngineError, picture.DrawError, OSError) as error:
        print(f"kibana/render/run: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
