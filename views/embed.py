"""Renders the page that writes what a web master has to paste, for the site that is typed in."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from views.html import render
from views.widget import ROOM, integrity, version, widget_tag

HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
PORTS = {"http": 80, "https": 443}  # that an origin leaves out


def embed_page(
    language: str, service: str, typed: str, speaks: str, allowed: Collection[str]
) -> str:
    """The tag for the search of `service` in the language that it `speaks`, and what it needs.

    `typed` is the address of a site, empty until there is one; `allowed` are the origins that
    may ask.
    """
    site = origin_of(typed)
    return render(
        "embed.html",
        language,
        typed=typed,
        site=site,
        speaks=speaks,
        may_ask=site in {service, *allowed},
        tag=widget_tag(service, speaks),
        following=widget_tag(service, speaks, pinned=False),
        room=ROOM,
        policy=f"script-src {service}; connect-src {service}",
        setting=f"RINVIO_CORS_ORIGINS={site}",
        script=f"/widget/{version()}/rinvio.js",
        integrity=integrity(),
    )


def origin_of(typed: str) -> str | None:
    """The origin of an address as people type it, as browsers send it; None where there is none.

    `www.comune.example/pagina` is that of `https://www.comune.example`.
    """
    typed = typed.strip()
    try:
        address = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = _ascii(address.hostname or ""), address.port
    except ValueError:
        return None
    if address.scheme not in PORTS or not HOST.fullmatch(host):
        return None
    elsewhere = port not in {None, PORTS[address.scheme]}
    return f"{address.scheme}://{host}" + (f":{port}" if elsewhere else "")


def _ascii(host: str) -> str:
    """A host as it travels: `città.example` is `xn--citt-3na.example`."""
    return f"[{host}]" if ":" in host else host.encode("idna").decode().lower()
