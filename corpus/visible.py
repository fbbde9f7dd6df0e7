"""Words of strangers as a terminal, a log or a page may have them."""

CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")


def visible(text: str) -> str:
    """The text without control characters, one of which could command a terminal; lines stay."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").translate(CONTROLS)
