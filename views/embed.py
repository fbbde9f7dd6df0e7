"""Renders the page that writes what a web master has to paste, for the site that is typed in."""

from collections.abc import Collection

from embed.origins import origin_of
from views.html import render
from views.widget import ROOM, integrity, version, widget_tag


def embed_page(
    language: str, service: str, typed: str, speaks: str, allowed: Collection[str]
) -> str:
    """The tag for the search of `service` in the language that it `speaks`, and what it needs.

    `typed` is the address of a site, empty until there is one; `allowed` are the origins that
    may ask.
    """
    site, own = origin_of(typed), origin_of(service)
    return render(
        "embed.html",
        language,
        typed=typed,
        site=site,
        speaks=speaks,
        may_ask=site in {own, *allowed},
        tag=widget_tag(service, speaks),
        following=widget_tag(service, speaks, pinned=False),
        room=ROOM,
        policy=f"script-src {own}; connect-src {own}",
        setting=f"RINVIO_CORS_ORIGINS={site}",
        script=f"/widget/{version()}/rinvio.js",
        integrity=integrity(),
    )
