"""Firefox and WebKit as they are installed, each opening pages and running JavaScript in them."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.request import Request, urlopen

import pytest
from websocket import WebSocket

SECONDS = 60
BIDI = "WebDriver BiDi listening on "
QUIET = {  # asks nobody but the page
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


class Driver(Protocol):
    """A browser with one page."""

    def open(self, url: str) -> None:
        """Load a page, whole."""

    def run(self, function: str, *values: Any) -> Any:
        """What an asynchronous function of JavaScript returns for `values`, by way of JSON."""


class Firefox:
    """Speaks WebDriver BiDi with Firefox itself: no other program is needed for it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._send("session.new", capabilities={})
        (self._page,) = (
            each["context"] for each in self._send("browsingContext.getTree")["contexts"]
        )

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def run(self, function: str, *values: Any) -> Any:
        result = self._send(
            "script.evaluate",
            expression=_as_json(function, values),
            target={"context": self._page},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return json.loads(result["result"]["value"])

    def _send(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            pass  # an event that nobody waits for
        assert answer["type"] == "success", answer
        return answer["result"]


class WebKit:
    """Speaks WebDriver with WebKitGTK's own driver."""

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
        script = f"return {_as_json(function, values)}"
        return json.loads(self._post("/execute/sync", script=script, args=[]))

    def _post(self, path: str, **parameters: Any) -> Any:
        body = json.dumps(parameters).encode()
        request = Request(self._session + path, body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)["value"]

    def close(self) -> None:
        urlopen(Request(self._session, method="DELETE"), timeout=SECONDS).close()


def _as_json(function: str, values: tuple[Any, ...]) -> str:
    arguments = ", ".join(map(json.dumps, values))
    return f"({function})({arguments}).then((value) => JSON.stringify(value ?? null))"


@contextmanager
def firefox(folder: Path) -> Iterator[Driver]:
    """The Firefox of this machine, its profile in `folder`."""
    preferences = [f'user_pref("{name}", {json.dumps(to)});' for name, to in QUIET.items()]
    (folder / "user.js").write_text("\n".join(preferences))
    options = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", folder]
    command = [_installed("firefox-esr", "firefox-esr"), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = next(line for line in process.stderr if line.startswith(BIDI))
            talk = WebSocket()
            address = f"{said.removeprefix(BIDI).strip()}/session"
            talk.connect(address, timeout=SECONDS, suppress_origin=True)
            yield Firefox(talk)
            talk.close()
        finally:
            process.terminate()


@contextmanager
def webkit(_: Path) -> Iterator[Driver]:
    """The WebKitGTK of this machine, in a window that nobody has to see."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [_installed("WebKitWebDriver", "webkit2gtk-driver"), f"--port={port}"]
    with subprocess.Popen(command) as process:
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


def _installed(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"These tests need {package}: tests/browsers/install {package}", pytrace=False)
    return path
