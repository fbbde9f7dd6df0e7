"""Origins: the scheme, host and port of an address, as browsers send them."""

import re
from urllib.parse import urlsplit

import idna

PORTS = {"http": 80, "https": 443}  # that an origin leaves out
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")


def origin_of(typed: str) -> str | None:
    """The origin of an address as people type it; None where there is none.

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
    """A host as it travels: `città.example` is `xn--citt-3na.example` (UTS 46, as browsers)."""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host.encode("idna").decode().lower()
    return idna.encode(host, uts46=True).decode()
