"""A headless Chromium driven over its debugging pipe (--remote-debugging-pipe: commands as JSON on descriptor 3, answers on
4, each ended by a NUL), with nothing but the standard library. Everything that a page writes to its console or fails to
load is kept in Browser.troubles."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--no-proxy-server", "--remote-debugging-pipe",
)
ANSWER_WITHIN_S = 60


def find():
    """The browser's path, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One browser with one page. Use it in a with statement: it ends the process and removes its folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="naru-browser-")
        self.troubles = []
        self.last_id = 0
        self.answers = {}
        self.rest = b""
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        # The shell puts the pipes where the browser looks for them.
        command = 'exec "$@" 3<&%d 4>&%d' % (to_browser, from_browser)
        self.process = subprocess.Popen(
            ["bash", "-c", command, "browser", find(), *FLAGS, "--user-data-dir=" + self.folder, "about:blank"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, **params):
        """Send one command and wait for its answer."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while self.last_id not in self.answers:
            self.read(deadline - time.monotonic())
        answer = self.answers.pop(self.last_id)
        if "error" in answer:
            raise RuntimeError("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def read(self, seconds):
        """Take in what the browser says; an error when it says nothing in time, or has ended."""
        if not select.select([self.read_end], [], [], max(0, seconds))[0]:
            raise TimeoutError("the browser does not answer")
        part = os.read(self.read_end, 1 << 20)
        if not part:
            raise EOFError("the browser ended")
        *messages, self.rest = (self.rest + part).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.note(message["method"], message["params"])

    def note(self, method, params):
        """Keep what a page should not do: errors and warnings on its console, exceptions, requests to others."""
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.troubles.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.troubles.append("console: " + " ".join(str(a.get("value", a)) for a in params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.troubles.append("%s %s" % (params["entry"]["text"], params["entry"].get("url", "")))

    def size(self, width, height, is_phone=False):
        """The window's size in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if is_phone else 1,
                  mobile=is_phone)

    def prefer(self, scheme):
        """light or dark"""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url):
        """Load a page whole."""
        failure = self.call("Page.navigate", url=url).get("errorText")
        if failure or not self.wait("document.readyState === 'complete' && location.href === %s" % json.dumps(url)):
            raise RuntimeError("%s: %s" % (url, failure or "does not load"))

    def value(self, expression):
        """What an expression of JavaScript comes to, as JSON carries it."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", expression))
        return result["result"].get("value")

    def wait(self, expression, seconds=60):
        """Wait until it is true; False when it never was."""
        deadline = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def picture(self, path):
        """The whole page as a PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
