"""Words of strangers as a terminal, a log or a page may have them."""

BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # turn the direction of what follows
CONTROL = (*range(9), *range(11, 32), *range(127, 160), *BIDI)
REPLACED = dict.fromkeys(CONTROL, "\N{REPLACEMENT CHARACTER}")
ESCAPED = {code: f"\\u{code:04x}" for code in CONTROL}


def visible(text: str) -> str:
    """The text without control characters, one of which could command a terminal; lines stay.

    Nor those that turn the direction of the rest of a line.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").translate(REPLACED)


def escaped(json: str) -> str:
    """The same JSON, with escapes for what `visible` replaces."""
    return json.translate(ESCAPED)
