"""Look at the bridge's page with a browser: page_watch.py PICTURES PORT naru bridge ...  (the bridge is started, stopped
and started again here); page_watch.py --look says whether there is a browser. Exit code 0: all is as it must be."""

import os
import re
import subprocess
import sys
import time
import urllib.request

from browser import Browser, find

WAIT_S = 90
WIDTHS = (("desk", 1280, 900, False), ("phone", 390, 844, True))
SUMS = ("consumed", "created", "updated", "duplicate", "deleted", "dead_lettered", "skipped", "pending")
failures = []


def expect(what, is_so, details=""):
    print("  %s: %s %s" % ("ok" if is_so else "WRONG", what, "" if is_so else details))
    if not is_so:
        failures.append(what)


def fetch(port, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open("http://127.0.0.1:%d%s" % (port, path), timeout=10) as answer:
        return answer.read().decode()


def metric_sums(port):
    """The ledger by /metrics, added up over partitions."""
    sums = dict.fromkeys(SUMS, 0)
    for line in fetch(port, "/metrics").splitlines():
        match = re.fullmatch(r'naru_records_(?:(consumed)_total|(pending)|total)\{.*?(?:outcome="(\w+)")?\} (\d+)', line)
        if match:
            name = match[1] or match[2] or match[3]
            if name in sums:
                sums[name] += int(match[4])
    return sums


def page_sums(browser):
    """The same from the table on the page."""
    texts = {name: browser.value("document.getElementById('sum-%s').textContent" % name) for name in SUMS}
    return {name: int(text.replace(",", "")) for name, text in texts.items()}


class Bridge:
    def __init__(self, port, command):
        self.port = port
        self.command = command
        self.process = None

    def start(self, *settings):
        more = [word for setting in settings for word in ("--set", setting)]
        self.process = subprocess.Popen(self.command + more, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                return fetch(self.port, "/")
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(WAIT_S)


def look(browser, port, pictures):
    """One page view at each width, when all records have ended."""
    for name, width, height, is_phone in WIDTHS:
        browser.size(width, height, is_phone)
        browser.open("http://127.0.0.1:%d/" % port)
        expect("%s: the page is live" % name, browser.wait("document.querySelector('.state.good') !== null", WAIT_S))
        expect("%s: all records have ended" % name,
               browser.wait("last !== null && last.ledger.consumed > 0 && last.ledger.pending === 0 && last.lag === 0", WAIT_S))
        wanted, shown = metric_sums(port), page_sums(browser)
        expect("%s: the page counts as /metrics does" % name, wanted == shown, "%s, page %s" % (wanted, shown))
        wide = browser.value("document.documentElement.scrollWidth - innerWidth")
        expect("%s: nothing is wider than the window" % name, wide <= 0, "by %s" % wide)
        browser.picture(os.path.join(pictures, "page-%s.png" % name))
        browser.prefer("dark")
        browser.picture(os.path.join(pictures, "page-%s-dark.png" % name))
        browser.prefer("light")


def check_words(browser):
    reasons = browser.value("document.getElementById('refused').textContent")
    expect("the reasons of dead letters are there", "record not a document" in reasons and "mapper parsing" in reasons, reasons)
    expect("no record is shown", "much" not in browser.value("document.body.textContent"))
    names = browser.value("[...document.querySelectorAll('section')].map(s => document.getElementById("
                          "s.getAttribute('aria-labelledby'))?.textContent)")
    expect("each section has a name", all(names), str(names))


def check_restart(browser, bridge):
    before = page_sums(browser)
    bridge.stop()
    expect("it says that there is no connection",
           browser.wait("document.getElementById('said').textContent.startsWith('No connection since ')", WAIT_S))
    expect("what was shown stays", page_sums(browser) == before)
    bridge.start("admin.show_records=true", "kafka.group.id=group-page-again")
    expect("it goes on by itself when the bridge is back",
           browser.wait("document.querySelector('.state.good') !== null && last.ledger.consumed > 0 && "
                        "last.ledger.pending === 0 && last.lag === 0", WAIT_S))
    expect("and says nothing more of it", browser.value("document.getElementById('said').textContent") == "")
    wanted, shown = metric_sums(bridge.port), page_sums(browser)
    expect("it counts what the new bridge counts", wanted == shown, "%s, page %s" % (wanted, shown))
    expect("now records are shown", browser.wait("document.querySelectorAll('#recent code').length > 0", WAIT_S))


def main():
    if sys.argv[1:] == ["--look"]:
        return 0 if find() else 1
    pictures, port = sys.argv[1], int(sys.argv[2])
    bridge = Bridge(port, sys.argv[3:])
    html = bridge.start()
    expect("the page needs nothing from elsewhere", not re.search(r'(?:src|href)="(?:https?:)?//', html))
    try:
        with Browser() as browser:
            look(browser, port, pictures)
            check_words(browser)
            expect("no complaint so far", browser.troubles == [], str(browser.troubles))
            browser.troubles.clear()
            check_restart(browser, bridge)
            # While the bridge is gone the browser says so on the console; that is no fault of the page.
            rest = [t for t in browser.troubles if "ERR_CONNECTION_REFUSED" not in t and "ERR_INCOMPLETE_CHUNKED" not in t
                    and "ERR_CONNECTION_RESET" not in t]
            expect("no complaint but that it was gone", rest == [], str(rest))
            browser.picture(os.path.join(pictures, "page-records.png"))
    finally:
        bridge.stop()
    return 1 if failures else 0


sys.exit(main())
