"""Firefox as it is installed, spoken to by WebDriver BiDi: no other program is needed for it."""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from browsers.drivers import SECONDS, Driver, as_json, installed, strokes
from websocket import WebSocket

LISTENS = "WebDriver BiDi listening on "
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
PHONE = {"width": 320, "height": 640}


class Firefox:
    """Its one page."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._loads = 0  # pages that were loaded
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["browsingContext.load"])
        # Unlike the first one, a tab that is asked for has the focus, and shows it.
        self._page = self._send("browsingContext.create", type="tab")["context"]

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def run(self, function: str, *values: Any) -> Any:
        return json.loads(self._evaluate(as_json(function, values))["value"])

    def press(self, *keys: str) -> None:
        self._send("input.performActions", context=self._page, actions=strokes(keys))

    def follow(self, *keys: str) -> None:
        before = self._loads
        self.press(*keys)
        while self._loads == before:
            self._receive()

    def is_known_as(self, element: str, role: str, name: str) -> bool:
        wanted = {"role": role} | ({"name": name} if name else {})
        found = self._send(
            "browsingContext.locateNodes",
            context=self._page,
            locator={"type": "accessibility", "value": wanted},
            startNodes=[{"sharedId": self._evaluate(f"({element}).getRootNode()")["sharedId"]}],
        )
        looked_for = self._evaluate(element)["sharedId"]
        return looked_for in {node["sharedId"] for node in found["nodes"]}

    def picture(self) -> bytes:
        shot = self._send("browsingContext.captureScreenshot", context=self._page)
        return base64.b64decode(shot["data"])

    @contextmanager
    def narrow(self) -> Iterator[None]:
        self._send("browsingContext.setViewport", context=self._page, viewport=PHONE)
        yield
        self._send("browsingContext.setViewport", context=self._page, viewport=None)

    @contextmanager
    def offline(self) -> Iterator[None]:
        conditions = {"contexts": [self._page]}
        without = {"type": "offline"}
        self._send("emulation.setNetworkConditions", networkConditions=without, **conditions)
        yield
        self._send("emulation.setNetworkConditions", networkConditions=None, **conditions)

    def _evaluate(self, expression: str) -> Any:
        result = self._send(
            "script.evaluate",
            expression=expression,
            target={"context": self._page},
            awaitPromise=True,
        )
        assert result["type"] == "success", result
        return result["result"]

    def _receive(self) -> Any:
        message = json.loads(self._socket.recv())
        self._loads += message.get("method") == "browsingContext.load"
        return message

    def _send(self, method: str, **parameters: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := self._receive()).get("id") != number:
            pass  # an event
        assert answer["type"] == "success", answer
        return answer["result"]


@contextmanager
def firefox(folder: Path) -> Iterator[Driver]:
    """The Firefox of this machine, its profile in `folder`."""
    preferences = [f'user_pref("{name}", {json.dumps(to)});' for name, to in QUIET.items()]
    (folder / "user.js").write_text("\n".join(preferences))
    options = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", folder]
    command = [installed("firefox-esr", "firefox-esr"), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = next(line for line in process.stderr if line.startswith(LISTENS))
            talk = WebSocket()
            address = f"{said.removeprefix(LISTENS).strip()}/session"
            talk.connect(address, timeout=SECONDS, suppress_origin=True)
            yield Firefox(talk)
            talk.close()
        finally:
            process.terminate()
