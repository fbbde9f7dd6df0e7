"""WebKitGTK as it is installed, spoken to by WebDriver, in a window that nobody has to see."""

import base64
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from browsers.drivers import SECONDS, Driver, as_json, installed, strokes

# Else it paints on processor or graphics, whichever is idle, and their edges of letters differ.
PAINTED_ALIKE = {"WEBKIT_SKIA_ENABLE_CPU_RENDERING": "1"}
NARROWEST = 1  # it takes what it needs for its own bar, some 450 px
# The driver has no way to cut the network: the page is told so, and every request of it fails.
CUT = """async () => {
  Object.defineProperty(navigator, "onLine", { get: () => false, configurable: true });
  window.connected = window.fetch;
  window.fetch = () => Promise.reject(new TypeError("Load failed"));
}"""
LEAVES = "async () => { document.left = true; }"
ARRIVED = "!document.left && document.readyState === 'complete'"
MENDED = "async () => { delete navigator.onLine; window.fetch = window.connected; }"


class WebKit:
    """Its one page."""

    def __init__(self, address: str) -> None:
        self._session = f"{address}/session"
        browser = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        opened = self._post("", capabilities=wanted)
        self._session += f"/{opened['sessionId']}"

    def open(self, url: str) -> None:
        self._post("/url", url=url)

    def run(self, function: str, *values: Any) -> Any:
        return json.loads(self._evaluate(as_json(function, values)))

    def press(self, *keys: str) -> None:
        self._post("/actions", actions=strokes(keys))

    def follow(self, *keys: str) -> None:
        self.run(LEAVES)
        self.press(*keys)
        while not self._arrived():
            pass

    def is_known_as(self, element: str, role: str, name: str) -> bool:
        node = f"/element/{self._identity(element)}"
        known = [self._get(f"{node}/computed{what}") for what in ("role", "label")]
        return known == [role, name or known[1]]

    def picture(self) -> bytes:
        return base64.b64decode(self._get("/screenshot"))

    @contextmanager
    def narrow(self) -> Iterator[None]:
        before = self._get("/window/rect")
        self._post("/window/rect", width=NARROWEST, height=before["height"])
        yield
        self._post("/window/rect", width=before["width"], height=before["height"])

    @contextmanager
    def offline(self) -> Iterator[None]:
        self.run(CUT)
        yield
        self.run(MENDED)

    def close(self) -> None:
        urlopen(Request(self._session, method="DELETE"), timeout=SECONDS).close()

    def _arrived(self) -> bool:
        try:
            return self._evaluate(ARRIVED)
        except HTTPError:  # the page was left before it could tell
            return False

    def _identity(self, element: str) -> str:
        (identity,) = self._evaluate(element).values()
        return identity

    def _evaluate(self, expression: str) -> Any:
        return self._post("/execute/sync", script=f"return {expression}", args=[])

    def _get(self, path: str) -> Any:
        with urlopen(self._session + path, timeout=SECONDS) as answer:
            return json.load(answer)["value"]

    def _post(self, path: str, **parameters: Any) -> Any:
        body = json.dumps(parameters).encode()
        request = Request(self._session + path, body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)["value"]


@contextmanager
def webkit(_: Path) -> Iterator[Driver]:
    """The WebKitGTK of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [installed("WebKitWebDriver", "webkit2gtk-driver"), f"--port={port}"]
    with subprocess.Popen(command, env=os.environ | PAINTED_ALIKE) as process:
        try:
            while not _listens(port):
                assert _lives(process), "the driver of WebKit did not start"
            driver = WebKit(f"http://127.0.0.1:{port}")
            yield driver
            driver.close()
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _lives(process: "subprocess.Popen[Any]") -> bool:
    """Whether it does, a moment later."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return True
    return False
