"""What the tests ask of a browser that is not Chromium, whichever it is."""

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pytest

SECONDS = 60
TAB, ENTER, ESCAPE, SPACE = "\ue004", "\ue007", "\ue00c", " "  # as WebDriver writes keys


class Driver(Protocol):
    """A browser with one page."""

    def open(self, url: str) -> None:
        """Load a page, whole."""

    def run(self, function: str, *values: Any) -> Any:
        """What an asynchronous function of JavaScript returns for `values`, by way of JSON."""

    def press(self, *keys: str) -> None:
        """Press and release keys of the keyboard, one after another."""

    def follow(self, *keys: str) -> None:
        """Press keys that lead to another page, and wait until that is loaded."""

    def is_known_as(self, element: str, role: str, name: str) -> bool:
        """Whether the element of a JavaScript expression has this role, and this name if any.

        These are what assistive technology is given.
        """

    def picture(self) -> bytes:
        """What is in view, as PNG."""

    def narrow(self) -> AbstractContextManager[None]:
        """The narrowest window that the browser has, while it lasts."""

    def offline(self) -> AbstractContextManager[None]:
        """No network, while it lasts."""


ENGINES = ("firefox", "webkit")


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ENGINES],
)
def driver(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Driver]:
    """Each of the two, started once, in a process of its own."""
    from browsers.firefox import firefox
    from browsers.webkit import webkit

    start = {"firefox": firefox, "webkit": webkit}[request.param]
    with start(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def as_json(function: str, values: tuple[Any, ...]) -> str:
    """An expression whose promise gives what a function returns, as JSON."""
    arguments = ", ".join(map(json.dumps, values))
    return f"({function})({arguments}).then((value) => JSON.stringify(value ?? null))"


def strokes(keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The actions of a keyboard, as WebDriver and WebDriver BiDi both take them."""
    pressed = [{"type": step, "value": key} for key in keys for step in ("keyDown", "keyUp")]
    return [{"type": "key", "id": "keyboard", "actions": pressed}]


def installed(program: str, package: str) -> str:
    """Where a program is; without it the tests fail, and say what to install."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"These tests need {package}: tests/browsers/install {package}", pytrace=False)
    return path
