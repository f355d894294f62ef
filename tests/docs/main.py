"""tests/docs/run: what README and docs tell, followed and checked."""
import argparse
import sys
from pathlib import Path

import follow
import statics

HELP = """
  check      links and anchors lead somewhere; every command line and every block of settings is one that naru takes;
             every message in troubleshooting.md stands in the source. Needs no server
  pages      runs the blocks of the pages beside the tutorial on the lab of NARU_LAB_STATE
  tutorial   follows docs/tutorial.md from a fresh clone, its build included, up to the pictures. The lab is that of
             NARU_LAB_STATE when it is set, else the clone's own, which is stopped again

How a page is read: a block ```sh is run, in order, in one shell a page; naru.conf is the last block ```ini. A comment
above a block says otherwise: <!-- not run: WHY --> has its commands checked and not run, <!-- file: NAME --> writes the
block to a file, <!-- exit: N --> wants that exit code of the last command. Indented blocks are checked and not run.

pages and tutorial refuse a lab that has an index marcap or a topic Stock_Data already, and remove theirs at the end.
NARU_BIN names the executable; default: build/dev/cli/naru. Exit codes: 0 all passed, 1 something failed, 2 unusable
arguments."""
ROOT = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(prog="tests/docs/run", epilog=HELP,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["check", "pages", "tutorial"], metavar="check|pages|tutorial")
    parser.add_argument("page", nargs="*", metavar="PAGE", help="pages: only these, such as docs/howto-csv.md")
    parser.add_argument("--out", type=Path, help="tutorial: a folder for copies of its pictures")
    args = parser.parse_args()
    if args.page and args.what != "pages":
        parser.error(f"{args.what} takes no pages")
    for path in args.page:
        if not Path(path).is_file():
            parser.error(f"{path}: no such page")
    if args.what == "check":
        good = statics.check_all(ROOT)
    elif args.what == "pages":
        good = follow.pages(ROOT, [Path(p).resolve() for p in args.page])
    else:
        good = follow.tutorial(ROOT, args.out)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
