"""Renders the page that writes what a web master has to paste, for the site that is typed in."""

from collections.abc import Collection

from embed.origins import origin_of
from views.html import render
from views.strings import page_language
from views.widget import ROOM, THEMES, integrity, version, widget_tag


def embed_page(
    language: str, service: str, typed: str, speaks: str, theme: str, allowed: Collection[str]
) -> str:
    """The tag for the search of `service` in the language that it `speaks`, and what it needs.

    That is the page's own until one is chosen. Its colours are those of `theme`, one of THEMES; of
    the first for any other. `typed` is the address of a site, empty until there is one; `allowed`
    are the origins that may ask.
    """
    chosen = page_language(speaks, language)
    site, own = origin_of(typed), origin_of(service)
    theme = theme if theme in THEMES else THEMES[0]
    return render(
        "embed.html",
        language,
        typed=typed,
        site=site,
        speaks=chosen,
        chosen=bool(speaks),
        may_ask=site in {own, *allowed},
        theme=theme,
        themes=THEMES,
        tag=widget_tag(service, chosen, theme=theme),
        following=widget_tag(service, chosen, pinned=False, theme=theme),
        room=ROOM,
        policy=f"script-src {own}; connect-src {own}",
        setting=f"RINVIO_CORS_ORIGINS={site}",
        script=f"/widget/{version()}/rinvio.js",
        integrity=integrity(),
    )
