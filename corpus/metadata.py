"""Reads what is said about a document: its sidecar file or its front matter."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from corpus.decoding import CONTROL, LATE_CONTROL, decoded
from corpus.errors import CorpusError
from corpus.language import LANGUAGES
from corpus.once import once

# In YAML, or between +++ in TOML; a rule with an empty line below is a rule.
FRONT_MATTER = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)(?P<fields>.*?)"
    r"^(?:(?P=mark)|\.\.\.)[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
LONGEST = 65_536  # characters of a document's metadata
# Of a citation's source, or its address
ONE_LINE = ("author", "authors", "date", "publisher", "title", "url", "year")
UNENDED = re.compile(r"---[ \t]*\r?\n\w+:[ \t]|\+\+\+[ \t]*\r?\n\w+ *=")


class Once(yaml.BaseLoader):
    """YAML whose scalars stay the words that were written, and whose fields stand once.

    `language: no` is Norwegian.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """The fields of `node`; ConstructorError where one stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a field's name is no text", key.start_mark
                )
            name = key.value
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field {name} stands twice", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=Once)  # noqa: S506  # builds nothing but strings


SIDECARS: Mapping[str, Callable[[str], Any]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".toml": tomllib.loads,
    ".json": partial(json.loads, object_pairs_hook=once),
}

Fields = dict[str, str | tuple[str, ...]]


def read_sidecar(path: Path) -> Fields:
    """The fields of a sidecar file; CorpusError names the file and the field that is wrong."""
    text = decoded(path)
    if len(text) > LONGEST:
        raise _too_long(path)
    try:
        return _fields(SIDECARS[path.suffix.lower()](text), path)
    except (ValueError, OverflowError, RecursionError, yaml.YAMLError) as error:
        raise CorpusError(
            f"The metadata {path} cannot be read: {_line(error)}.",
            f"Write it as {path.suffix[1:].upper()}: one `field: value` for each of title, "
            "language, url and so on, in UTF-8.",
        ) from error


def read_front_matter(text: str, path: Path) -> tuple[Fields, int]:
    """The fields between the `---` lines that begin a document, and where its body begins."""
    match = FRONT_MATTER.match(text)
    if match is None:
        if UNENDED.match(text):
            raise CorpusError(
                f"The front matter of {path} has no end.",
                "Write its first line again below its fields; if it is a rule, begin with an "
                "empty line.",
            )
        return {}, 0
    if len(match["fields"]) > LONGEST:
        raise _too_long(path)
    read, kind = (_yaml, "YAML") if match["mark"] == "---" else (tomllib.loads, "TOML")
    try:
        fields = read("\n" + match["fields"])  # so that its lines count from the file's first
        return _fields(fields, path), match.end()
    except (ValueError, OverflowError, RecursionError, yaml.YAMLError) as error:
        raise CorpusError(
            f"The front matter of {path} is not {kind}: {_line(error)}.",
            f"Mend it, or leave out the `{match['mark']}` lines.",
        ) from error


def _too_long(path: Path) -> CorpusError:
    return CorpusError(
        f"The metadata of {path} have more than {LONGEST:,} characters.", "Leave out what is text."
    )


def _fields(loaded: Any, path: Path) -> Fields:
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        raise CorpusError(
            f"The metadata of {path} is not a list of fields.", "Write `title: ...`, one a line."
        )
    named = ((_text(str(name), str(name), path), value) for name, value in loaded.items())
    fields = {name: _value(name, value, path) for name, value in named}
    language = fields.get("language", "")
    if language and not (isinstance(language, str) and re.fullmatch(r"[a-z]{2}", language)):
        raise CorpusError(
            f"The language of {path} is {language!r}.",
            f"Use a two-letter code of ISO 639, such as {', '.join(list(LANGUAGES)[:6])}.",
        )
    url = fields.get("url", "")
    if url and not (isinstance(url, str) and _is_address(url)):
        raise CorpusError(
            f"The url of {path} is {url!r}.",
            "Use an http or https address without blanks, or leave it empty.",
        )
    title = fields.get("title", "")
    if not isinstance(title, str):
        raise CorpusError(f"The title of {path} is a list.", "Write it as one line of text.")
    return {name: value for name, value in fields.items() if value}


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no IPv6 address, and the like
        return False
    spaced = re.search(r"\s", url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not spaced


def _value(name: str, value: Any, path: Path) -> str | tuple[str, ...]:
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return tuple(_text(name, item, path) for item in value)
    if isinstance(value, list | dict):
        raise CorpusError(
            f"The field {name} of {path} is nested.", "Use a line of text or a plain list."
        )
    return _text(name, value, path)


def _text(name: str, value: Any, path: Path) -> str:
    text = "" if value is None else str(value)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise CorpusError(f"The field {name} of {path} is not valid Unicode.", "Write it again.")
    if re.search(f"{CONTROL}|{LATE_CONTROL}", text):
        raise CorpusError(f"The field {name} of {path} has a control character.", "Take it away.")
    if name in ONE_LINE and len(text.strip().splitlines()) > 1:
        raise CorpusError(f"The field {name} of {path} has several lines.", "Write it as one.")
    return text.strip() if name in ONE_LINE else text


def _line(error: Exception) -> str:
    """An error on one line."""
    return " ".join(str(error).split())
