"""Makes one script of the files in `widget/`, and the tag that puts it into a page.

A web master pastes one classic script, so one request has to bring all: the strings, the style
sheet and the code, one after another. Only the comments are left out, a tenth of the bytes.
"""

import gzip
import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from html import escape
from pathlib import Path

import brotli
import orjson

from embed.hashes import integrities, version_of
from views.strings import all_strings

HERE = Path(__file__).parents[1] / "widget"
CODE = ("showing.js", "rinvio-search.js", "rinvio.js")
LICENCE = "/* Rinvio's search element. MIT licence. */"
COMMENTS = re.compile(r"^ */\*.*?\*/\n+| *// [^\n]*", re.MULTILINE | re.DOTALL)
# What it says in the same words as the pages.
SHARED = (
    "also",
    "answer",
    "ask",
    "confidence_high",
    "confidence_low",
    "confidence_middle",
    "direction_not_supported",
    "low_confidence",
    "name_not_found",
    "nearest",
    "no_match",
    "or",
    "original",
    "refused",
    "section",
)
THEMES = ("auto", "light", "dark")  # of its colours; the first unless the tag says another
# Until the script is there, the element would have no height: with this nothing moves then.
ROOM = "rinvio-search:not(:defined) { display: block; min-height: 140px; }"
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda script: brotli.compress(script, brotli.MODE_TEXT),
    "gzip": lambda script: gzip.compress(script, mtime=0),
    "identity": lambda script: script,
}


def widget_strings() -> dict[str, dict[str, str]]:
    """Every sentence of the widget by language and key."""
    own: dict[str, dict[str, str]] = tomllib.loads(_read("strings.toml"))
    pages = all_strings()
    return {
        language: {**words, **{key: pages[language][key] for key in SHARED}}
        for language, words in own.items()
    }


@lru_cache(maxsize=1)
def widget_script() -> bytes:
    """The script as it is served, in a scope of its own."""
    parts = [
        LICENCE,
        "(() => {",
        '"use strict";',
        f"const STRINGS = {orjson.dumps(widget_strings()).decode()};",
        f"const STYLE = {orjson.dumps(_code('rinvio-search.css')).decode()};",
        *map(_code, CODE),
        "})();",
    ]
    return "\n".join(parts).encode()


@lru_cache(maxsize=8 * len(CODINGS))
def encoded(script: bytes, coding: str) -> bytes:
    """A script in one of CODINGS, compressed once as well as it goes."""
    return CODINGS[coding](script)


@lru_cache(maxsize=1)
def version() -> str:
    """The name of this very script."""
    return version_of(widget_script())


@lru_cache(maxsize=1)
def integrity() -> str:
    """What the `integrity` attribute of a tag says that wants this very script, and no other."""
    return integrities(widget_script())[0]


def widget_tag(origin: str, lang: str = "en", pinned: bool = True, theme: str = "auto") -> str:
    """The lines of HTML that put the widget of the service at `origin` into a page.

    `theme` is one of THEMES. `pinned` names this version and its hash: a later one is not run
    until the tag is changed.
    """
    service = origin.rstrip("/")
    words = widget_strings()[lang]["elsewhere"]
    source = f"{service}/widget/{version()}/rinvio.js" if pinned else f"{service}/widget/rinvio.js"
    check = f' integrity="{integrity()}" crossorigin="anonymous"' if pinned else ""
    colours = "" if theme == THEMES[0] else f' theme="{theme}"'
    return (
        f'<rinvio-search lang="{lang}"{colours}>'
        f'<a href="{escape(f"{service}/?lang={lang}")}">{escape(words, quote=False)}</a>'
        "</rinvio-search>\n"
        f'<script src="{escape(source)}"{check} async></script>'
    )


def _code(name: str) -> str:
    return COMMENTS.sub("", _read(name))


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8").rstrip()
