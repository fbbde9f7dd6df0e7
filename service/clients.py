"""Who asks: the address of a client behind trusted proxies, and whether it is this machine."""

import ipaddress
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

ADDRESS_LENGTH = 45  # of the longest IPv6 address in words
PROXIED = "rinvio.proxied"  # the key of a scope whose request a trusted proxy handed on
SIGNS_OF_A_PROXY = {
    b"forwarded",
    b"via",
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-real-ip",
}


class TrustedProxies:
    """Believes what trusted proxies say of their clients, and nobody else.

    uvicorn's own middleware does it; it is used here rather than by the server, so that the
    rest of the application knows whether the neighbour was trusted.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...]) -> None:
        """Wrap `app`; `trusted` are addresses or networks."""
        self._app = ProxyHeadersMiddleware(app, list(trusted))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the address of the client that really asks."""
        if scope["type"] == "http":
            host, port = scope["client"] or ("", 0)
            scope["client"] = unmapped(host), port
            scope[PROXIED] = unmapped(host) in self._app.trusted_hosts
            if scope[PROXIED]:
                scope["headers"] = [
                    (name, _all_unmapped(value) if name == b"x-forwarded-for" else value)
                    for name, value in scope["headers"]
                ]
        await self._app(scope, receive, send)  # type: ignore[arg-type]


def is_local(scope: Scope) -> bool:
    """Whether a program on this machine asks, and no proxy on it for somebody else."""
    if not _is_loopback(_address(scope)):
        return False
    return not any(name in SIGNS_OF_A_PROXY for name, _ in scope["headers"])


def client_of(scope: Scope) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 one."""
    return _network(_address(scope))


def _address(scope: Scope) -> str:
    host: str = (scope["client"] or ("", 0))[0]
    return unmapped(host[:ADDRESS_LENGTH])  # a proxy may hand on anything


def _all_unmapped(hosts: bytes) -> bytes:
    """A list of addresses, each as `unmapped` writes it."""
    parts = (host.strip() for host in hosts.decode("latin-1").split(","))
    parts = (unmapped(part) if len(part) <= ADDRESS_LENGTH else part for part in parts)
    return ", ".join(parts).encode("latin-1")


@lru_cache(maxsize=4096)
def unmapped(address: str) -> str:
    """An IPv4 address that a socket of both families wrote as an IPv6 one; others as they are."""
    try:
        mapped = ipaddress.IPv6Address(address).ipv4_mapped
    except ValueError:
        return address
    return str(mapped or address)


@lru_cache(maxsize=4096)
def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
