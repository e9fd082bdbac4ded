#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Looks at a page in headless Chromium, and takes a picture of it.

usage: scripts/browser.py PAGE.html PICTURE.png [--width N] [--height N]
                          [--dark] [--from ID] [--whole]

The browser is spoken to through a pair of pipes, in the DevTools protocol, so
nothing but Python and Chromium is needed. Tests import this file.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time


def find_chromium():
    """Returns the path of Chromium, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


class Browser:
    """A Chromium without a window, with one page."""

    def __init__(self, program, timeout=60):
        self.timeout = timeout
        self.folder = tempfile.TemporaryDirectory()
        self.number = 0
        self.buffer = b""
        self.events = []
        read_end, self.to_browser = os.pipe()
        self.from_browser, write_end = os.pipe()
        # Chromium reads its orders from 3 and writes its answers to 4.
        command = [
            "/bin/sh", "-c",
            f'exec "$@" 3<&{read_end} 4>&{write_end}', "sh", program,
            "--headless", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-extensions",
            "--remote-debugging-pipe",
            f"--user-data-dir={self.folder.name}/profile", "about:blank"]
        self.process = subprocess.Popen(
            command, pass_fds=(read_end, write_end),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_end)
        os.close(write_end)
        self.session = None
        pages = self.call("Target.getTargets")["targetInfos"]
        page = next(one for one in pages if one["type"] == "page")
        self.session = self.call("Target.attachToTarget",
                                 targetId=page["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        for _ in range(20):
            try:
                self.folder.cleanup()
                return
            except OSError:  # a child of the browser still writes there
                time.sleep(0.1)

    def receive(self):
        """Returns the next message of the browser."""
        end = time.monotonic() + self.timeout
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.from_browser], [], [],
                                        max(left, 0))
            if not ready:
                raise TimeoutError("the browser does not answer")
            more = os.read(self.from_browser, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.buffer += more
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        """Calls a method of the protocol and returns its result."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            order["sessionId"] = self.session
        text = json.dumps(order).encode() + b"\0"
        while text:
            text = text[os.write(self.to_browser, text):]
        while True:
            message = self.receive()
            if message.get("id") != self.number:
                self.events.append(message)
                continue
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            return message["result"]

    def set_view(self, width, height, dark=False, scale=1):
        """Sets the size of the page's view and the scheme of its colours."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=scale, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="screen", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def open(self, path):
        """Opens a file and waits until the report in it is drawn."""
        self.events = []
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        end = time.monotonic() + self.timeout
        ready = "document.documentElement?.dataset.ready"
        while self.evaluate(ready) != "yes":
            if time.monotonic() > end:
                raise TimeoutError(f"{path} was never drawn")
            time.sleep(0.05)

    def evaluate(self, expression):
        """Returns the value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def move_to(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def complaints(self):
        """Returns what the page has said on the console or failed with."""
        self.evaluate("0")  # so that events before it have arrived
        found = []
        for event in self.events:
            method = event.get("method")
            if method in ("Runtime.consoleAPICalled", "Log.entryAdded",
                          "Runtime.exceptionThrown"):
                found.append(json.dumps(event["params"]))
        return found

    def requests(self):
        """Returns the addresses that the page has asked for."""
        self.evaluate("0")
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]

    def hide(self, selector):
        """Leaves out the elements of a CSS selector."""
        self.evaluate(f"document.querySelectorAll({json.dumps(selector)})"
                      ".forEach((one) => { one.style.display = 'none'; })")

    def height(self):
        """Returns the height of the whole page in pixels."""
        return self.evaluate("document.documentElement.scrollHeight")

    def picture(self, clip=None):
        """Returns what is in view, or a part of the page, as a PNG."""
        more = {}
        if clip:
            more = {"clip": dict(zip(("x", "y", "width", "height"), clip),
                                 scale=1),
                    "captureBeyondViewport": True}
        data = self.call("Page.captureScreenshot", format="png", **more)
        return base64.b64decode(data["data"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--from", dest="start", metavar="ID",
                        help="begin at the element of that id")
    parser.add_argument("--whole", action="store_true",
                        help="down to the end of the page")
    options = parser.parse_args()
    program = find_chromium()
    if program is None:
        sys.exit("no Chromium here: install Debian's package chromium")
    if not options.page.is_file():
        sys.exit(f"no such file: {options.page}")
    with Browser(program) as browser:
        browser.set_view(options.width, options.height, options.dark)
        browser.open(options.page)
        top = 0
        if options.start:
            top = browser.evaluate(
                f"document.getElementById({json.dumps(options.start)})"
                ".getBoundingClientRect().top + window.scrollY")
        height = options.height
        if options.whole:
            height = browser.height() - top
        options.picture.write_bytes(
            browser.picture((0, top, options.width, height)))


if __name__ == "__main__":
    main()
