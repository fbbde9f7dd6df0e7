"""What a Content-Security-Policy lets a page load, and what would have to be added.

Follows CSP Level 3 as far as a script and a connection need it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from embed.origins import PORTS, origin_of

# Where each looks when a policy does not name it, in this order.
FALLBACKS = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
STRICT = "'strict-dynamic'"


@dataclass(frozen=True)
class Policy:
    """One policy: its directives by name, each with its sources."""

    directives: dict[str, tuple[str, ...]]

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Read one policy; of a directive that is said twice, the first counts."""
        directives: dict[str, tuple[str, ...]] = {}
        for part in text.split(";"):
            name, *sources = part.split() or [""]
            if name:
                directives.setdefault(name.lower(), tuple(sources))
        return cls(directives)

    def within_page(self) -> "Policy":
        """The policy as browsers obey it where a page's own HTML says it: without a sandbox."""
        obeyed = {name: said for name, said in self.directives.items() if name != "sandbox"}
        return Policy(obeyed)

    def missing(self, tokens: Iterable[str]) -> list[str]:
        """Those of `tokens` that its sandbox lacks; none where it has no sandbox."""
        if "sandbox" not in self.directives:
            return []
        given = {token.lower() for token in self.directives["sandbox"]}
        return [token for token in tokens if token not in given]

    def governing(self, directive: str) -> str | None:
        """The name of the directive that decides in the place of `directive`, if any does."""
        return next((name for name in FALLBACKS[directive] if name in self.directives), None)

    def allows(self, directive: str, url: str, page: str, passes: Iterable[str] = ()) -> bool:
        """Whether `page` may load `url` under `directive`.

        `passes` are sources that let the element in wherever it comes from, such as the
        nonce that it carries.
        """
        governing = self.governing(directive)
        if governing is None:
            return True
        sources = self.directives[governing]
        if set(passes) & set(sources):
            return True
        if directive == "script-src" and STRICT in sources:
            return False  # then addresses do not count
        return any(_matches(source, urlsplit(url), urlsplit(page)) for source in sources)

    def mended(self, directive: str, source: str) -> str:
        """The directive as it would have to be, so that it allows `source` too."""
        governing = self.governing(directive)
        kept = [each for each in self.directives.get(governing or "", ()) if each != "'none'"]
        name = directive if governing in {None, "default-src"} else governing
        return " ".join([str(name), *kept, source])


def _matches(source: str, url: SplitResult, page: SplitResult) -> bool:
    """Whether a source expression covers an address."""
    if source.lower() == "'self'":
        return origin_of(url.geturl()) == origin_of(page.geturl())
    if source == "*":
        return url.scheme in PORTS
    if source.endswith(":") and "/" not in source:
        return _same_or_safer(source[:-1].lower(), url.scheme)
    scheme, separator, rest = source.rpartition("://")
    if not _same_or_safer(scheme.lower() if separator else page.scheme, url.scheme):
        return False
    host, _, path = rest.partition("/")
    name, _, port = host.partition(":")
    return _covers(name.lower(), url) and _port_fits(port, url) and _path_fits(path, url)


def _same_or_safer(wanted: str, scheme: str) -> bool:
    return scheme == wanted or (wanted, scheme) == ("http", "https")


def _covers(name: str, url: SplitResult) -> bool:
    host = url.hostname or ""
    if name.startswith("*"):
        return host.endswith(name[1:])
    return host == name


def _port_fits(port: str, url: SplitResult) -> bool:
    if port == "*":
        return True
    actual = url.port or PORTS.get(url.scheme)
    return actual == (int(port) if port.isdecimal() else PORTS.get(url.scheme))


def _path_fits(path: str, url: SplitResult) -> bool:
    """A path that ends with a slash covers everything below it, any other only itself."""
    wanted, actual = f"/{path}", url.path or "/"
    return actual.startswith(wanted) if wanted.endswith("/") else actual == wanted
