"""Reads a page as far as the widget is concerned: its tag, and the policies that it is under."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from string import punctuation
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from corpus.errors import PageError
from embed.origins import origin_of
from embed.policy import Policy

SECONDS = 10
BYTES = 5_000_000  # of a page: more is not read
AGENT = "rinvio-check-embed"
SCHEMES = {"http", "https"}
POLICY = "content-security-policy"
INERT = {"noscript", "template"}  # what stands within does nothing where scripts run
HEAD = INERT | {"html", "head", "title", "meta", "link", "base", "style", "script", "noframes"}
TEXT = {"iframe", "noembed", "noframes", "textarea", "title", "xmp"}  # hold no elements


@dataclass(frozen=True)
class Response:
    """What a server said: `headers` by lower-case name, in order."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, else nothing."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True)
class Tag:
    """The script tag of a widget, its `src` made whole."""

    src: str
    attributes: dict[str, str]
    in_head: bool

    @property
    def service(self) -> str:
        """The address of the service that it comes from, with a slash at its end."""
        return self.src.rpartition("/widget/")[0] + "/"

    @property
    def version(self) -> str:
        """The version that the tag pins, else nothing."""
        return self.src.rpartition("/widget/")[2].rpartition("/")[0]


@dataclass
class Seen(HTMLParser):
    """What the parser has come across."""

    base: str
    tag: Tag | None = None
    element: bool = False
    endpoint: str = ""  # of the first element
    in_head: bool = True
    based: bool = False  # the first <base> counts
    inert: int = 0  # how many of INERT are open
    policies: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to parse."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        said = {name: value or "" for name, value in attrs}
        if tag in TEXT:
            self.set_cdata_mode(tag)  # as of itself for "script" and "style"
        self.inert += tag in INERT
        if self.inert:
            return
        self.in_head = self.in_head and tag in HEAD  # any other element ends it, unsaid
        if tag == "script" and "rinvio.js" in said.get("src", ""):
            source = urljoin(self.base, said["src"])
            if "/widget/" in source:
                if origin_of(source) is None:
                    raise ValueError(f"{source} is the address of no script")
                self.tag = self.tag or Tag(source, said, self.in_head)
        elif tag == "base" and not self.based and said.get("href"):
            self.base, self.based = urljoin(self.base, said["href"]), True
        elif tag == "rinvio-search" and not self.element:
            self.element, self.endpoint = True, said.get("endpoint", "")
        elif tag == "meta" and self.in_head and said.get("http-equiv", "").lower() == POLICY:
            self.policies.append(said.get("content", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag that ends itself, as `<title/>` does within an SVG."""
        self.handle_starttag(tag, attrs)
        self.clear_cdata_mode()
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """See what does nothing; the head goes on until an element of the body comes."""
        self.inert = max(0, self.inert - (tag in INERT))

    @property
    def service(self) -> str:
        """The address that the page names to be asked, with a slash at its end; else nothing."""
        said = self.endpoint or (self.tag.attributes.get("data-endpoint", "") if self.tag else "")
        address = urljoin(self.base, said).rstrip("/") + "/" if said else ""
        if said and origin_of(address) is None:
            raise ValueError(f"{said} is the address of no service")
        return address


@dataclass(frozen=True)
class Page:
    """A page: where it is in the end, its tag, whether it has the element, its policies.

    `endpoint` is the address that it names to be asked, empty where it names none.
    """

    url: str
    tag: Tag | None
    element: bool
    policies: tuple[Policy, ...]
    endpoint: str = ""


def read_page(url: str) -> Page:
    """Fetch a page and look at it; PageError when there is nothing to look at."""
    got = fetch(url)
    if got.status != 200:
        raise PageError(f"{url} answers with status {got.status}.", "Check the address.")
    seen = Seen(got.url)
    try:
        seen.feed(got.body.decode("utf-8", "replace"))
        endpoint = seen.service
    except (ValueError, AssertionError) as error:  # of an address; of what is no declaration
        raise PageError(f"{url} cannot be read: {error}.", "Mend the page's HTML.") from error
    sent = [value for name, value in got.headers if name == POLICY]
    policies = [*_policies(sent), *(each.within_page() for each in _policies(seen.policies))]
    return Page(got.url, seen.tag, seen.element, tuple(policies), endpoint)


def _policies(values: list[str]) -> list[Policy]:
    texts = [each for value in values for each in value.split(",")]
    return [Policy.parse(text) for text in texts if text.strip()]


def fetch(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> Response:
    """What a server says, whatever its status; PageError when it says nothing."""
    try:
        if urlsplit(url).scheme not in SCHEMES:
            raise ValueError("it has to begin with https:// or http://")
        sent = {"User-Agent": AGENT, **(headers or {})}
        request = Request(_written(url), method=method, headers=sent)  # noqa: S310
        with build_opener(OnTheWeb).open(request, timeout=SECONDS) as got:
            said = tuple((name.lower(), value) for name, value in got.headers.items())
            arrived = url if got.url == request.full_url else got.url
            return Response(arrived, got.status, said, got.read(BYTES))
    except HTTPError as error:
        said = tuple((name.lower(), value) for name, value in error.headers.items())
        return Response(url, error.code, said, b"")
    except (OSError, HTTPException, ValueError) as error:
        raise PageError(f"{url} cannot be read ({error}).", "Check the address.") from error


class OnTheWeb(HTTPRedirectHandler):
    """Follows no redirection to another place than the web."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The request that follows; ValueError when it would leave the web."""
        if urlsplit(newurl).scheme not in SCHEMES:
            raise ValueError(f"it leads to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _written(url: str) -> str:
    """An address as it is sent, of one as people read it: "/città" is "/citt%C3%A0"."""
    path, query = (quote(part, safe=punctuation) for part in urlsplit(url)[2:4])
    return urlsplit(url)._replace(path=path, query=query).geturl()
