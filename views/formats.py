"""Writes a citation as people paste it: plain text, Markdown, HTML, BibTeX and RIS."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from views.reference import Reference

LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped or not
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "<": r"\textless{}",  # the next three print others in LaTeX's oldest encoding, its default
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",  # in German text it makes an umlaut of what follows
    **{mark: "\\" + mark for mark in "&%$#_"},
}
LIGATURE = re.compile(r"(?<=([-',]))\1")  # LaTeX joins these to another mark
# And where GitHub's Markdown would make a link of an address, whose escapes it then shows
MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|]|:(?=//)|(?<=www)\.", re.IGNORECASE)
BLOCK_MARK = re.compile(r"^(\d*)([.)#+=-])")  # begins a list or a heading


@dataclass(frozen=True)
class Copy:
    """A citation in one format; `name` is the key of that format in `FORMATS`."""

    name: str
    text: str


def copies(given: Reference) -> tuple[Copy, ...]:
    """A citation in every format."""
    return tuple(Copy(name, form.write(given)) for name, form in FORMATS.items())


def plain(given: Reference) -> str:
    """The quote as it stands, then its source, then its original."""
    lines = (f"“{given.quote}”", f"— {_source(given)}. {given.link}", given.original)
    return "\n".join(filter(None, lines))


def markdown(given: Reference) -> str:
    """A block quotation, with a link to the place."""
    title = f"[{_markdown(given.title)}](<{given.link}>)"
    authors = f"{_markdown(_authors(given))} " if given.authors else ""
    source = f"{authors}{title}, {_markdown(_rest(given))}"
    return f"> {_markdown(given.quote)}\n>\n> — {source}"


def html(given: Reference) -> str:
    """A figure with the quotation and its caption."""
    link, quote = escape(given.link), escape(given.quote)
    source = escape(given.original or given.link)
    return (
        f'<figure>\n<blockquote lang="{escape(given.language)}" cite="{source}">'
        f"<p>{quote}</p></blockquote>\n"
        f'<figcaption>— {escape(_authors(given))}<a href="{link}"><cite>{escape(given.title)}'
        f"</cite></a>, {escape(_rest(given))}</figcaption>\n</figure>"
    )


def bibtex(given: Reference) -> str:
    """An entry for BibTeX and biblatex; all in UTF-8.

    Older styles print neither publisher nor url of a @misc, so `howpublished` says who and where.
    biblatex reads it as text, in which a % is a comment: an address with one is left out there.
    """
    year = re.search(r"\d{4}", given.date)
    page = given.original.partition("#")[0]
    seen = f"\\url{{{page}}}" if page and "%" not in page else ""
    fields = {
        "title": f"{{{_latex(given.title)}}}",
        "author": " and ".join(f"{{{_latex(name)}}}" for name in given.authors),
        "publisher": _latex(given.publisher),
        "year": year[0] if year else "",
        "howpublished": ", ".join(filter(None, (_latex(given.publisher), seen))),
        "url": given.link,
        "note": f"“{_latex(given.quote)}” ({_latex(given.place)})",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return ",\n".join([f"@misc{{{given.id}", *lines]) + "\n}"


def ris(given: Reference) -> str:
    """A record for reference managers: one tag a line."""
    year = re.search(r"\d{4}", given.date)
    tags = [
        ("TY", "RPRT"),
        ("ID", given.id),
        ("TI", given.title),
        *(("AU", name) for name in given.authors),
        ("PB", given.publisher),
        ("PY", year[0] if year else ""),
        ("LA", given.language),
        ("UR", given.link),
        ("UR", given.original),
        ("N1", f"“{given.quote}” ({given.place})"),
    ]
    lines = [f"{tag}  - {_one_line(value)}\r\n" for tag, value in tags if value]
    return "".join(lines) + "ER  - \r\n"


def _source(given: Reference) -> str:
    return f"{_authors(given)}{given.title}, {_rest(given)}"


def _authors(given: Reference) -> str:
    """What comes before the title."""
    return f"{', '.join(given.authors)}: " if given.authors else ""


def _rest(given: Reference) -> str:
    """What follows the title."""
    return ", ".join(filter(None, (given.publisher, given.date, given.place)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _latex(text: str) -> str:
    escaped = "".join(LATEX.get(character, character) for character in _one_line(text))
    return LIGATURE.sub(r"{}\1", escaped)


def _markdown(text: str) -> str:
    return BLOCK_MARK.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", _one_line(text)))


@dataclass(frozen=True)
class Format:
    """How a format is written, and how its file is served."""

    write: Callable[[Reference], str]
    media_type: str
    suffix: str


FORMATS = {
    "plain": Format(plain, "text/plain", "txt"),
    "markdown": Format(markdown, "text/markdown", "md"),
    "html": Format(html, "text/plain", "html"),
    "bibtex": Format(bibtex, "application/x-bibtex", "bib"),
    "ris": Format(ris, "application/x-research-info-systems", "ris"),
}
