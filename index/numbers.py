"""Gives what is written in several ways one form: numbers, times, dates, letters with points.

Only to compare words with each other, never to quote.
"""

import re

PROTECTED = r"\u00a0\u2009\u202f"  # blanks that break no line
BLANK = rf"[ {PROTECTED}]"
WIDE = re.compile(rf"(?<=\d)([{PROTECTED}]) +(?=\d)")  # one that an entity stood for
GROUPED = re.compile(  # 1,250,000 or 1.250.000
    r"(?<![\d.,'’])[1-9]\d{0,2}(?P<mark>[.,'’])\d{3}(?:(?P=mark)\d{3})*(?![\d'’]|[.,]\d{3})"
)
# 1 250 000, or two numbers that stand beside each other; no part of a telephone number
SPACED = re.compile(
    rf"(?<![\d.,'’+])(?<!\d{BLANK})[1-9]\d{{0,2}}(?:{BLANK}\d{{3}})+(?![\d'’]|{BLANK}\d|[.,]\d{{3}})"
)
MARKS = re.compile(r"\D")
DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")  # 14.05.2021
YEARS = re.compile(r"(?<![\d/])(1[89]|20)(\d\d)/(\d\d)(?![\d/])")  # 2023/24
COMMA = re.compile(r"(?<![\d.,])(\d+),(\d{1,2})(?!,?\d)")  # 3,5
CLOCK = re.compile(r"(?<![\d.:])0?(\d|1\d|2[0-3])[.:]([0-5]\d)(?![.:]?\d)")  # 09:30, 09.30
AFTERNOON = re.compile(  # 1.20 pm, 5pm, 5 p.m.; not "3 pm", which may be Italian prosecutors
    rf"(?<![\d.,:])0?([1-9]|1[01])(?:[.:]([0-5]\d){BLANK}?|{BLANK}(?=p\.)|)"
    rf"p(?:\.{BLANK}?)?m(?!\.?\w)",
    re.IGNORECASE,
)
WHOLE = re.compile(r"(?<![\d.])(\d+)\.00(?!\.?\d)")  # 9.00, 750000.00
POINTED = re.compile(r"(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+(?![^\W_])")  # E.U, T.A.R


def joined(number: str) -> str:
    """The figures of a number alone."""
    return MARKS.sub("", number)


def alike(text: str) -> str:
    """`text` with one form for every notation of the same.

    Behind an hour of the afternoon stands the same as it was written: often "pm" is left out.
    """
    text = AFTERNOON.sub(_both_hours, text)
    text = GROUPED.sub(lambda number: joined(number[0]), text)
    text = WIDE.sub(r"\1", text)
    text = DATE.sub(r"\1/\2/\3", text)
    text = YEARS.sub(_both_years, text)
    text = CLOCK.sub(r"\1.\2", COMMA.sub(r"\1.\2", text))
    text = WHOLE.sub(r"\1", text)
    return POINTED.sub(lambda letters: letters[0].replace(".", ""), text)


def in_24_hours(time: re.Match[str]) -> str:
    """A match of AFTERNOON as 13:20."""
    hour, minutes = time.groups()
    return f"{int(hour) + 12}:{minutes or '00'}"


def _both_hours(time: re.Match[str]) -> str:
    hour, minutes = time.groups()
    return f"{in_24_hours(time)} {hour}:{minutes or '00'}"


def _both_years(span: re.Match[str]) -> str:
    century, first, second = span.groups()
    follows = int(second) == int(first) + 1
    return f"{century}{first}/{century}{second}" if follows else span[0]
