"""Finds what keeps the widget from working in a page, and says what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from corpus.errors import PageError
from corpus.visible import visible
from embed.hashes import integrities, obeyed, version_of
from embed.origins import origin_of
from embed.page import Page, Response, Tag, fetch
from embed.policy import STRICT, Policy

UNREACHED = "Start the service, or mend its address or its certificate."
# With one of these the script makes the element itself.
MOUNTING = ("data-endpoint", "data-lang", "data-placeholder", "data-limit", "data-theme")
SANDBOX = ("allow-scripts", "allow-same-origin")  # without the second a page has no origin
# Types of a script that runs: none, and the JavaScript MIME types of the MIME Sniffing Standard.
JAVASCRIPT = {"", "text/jscript", "text/livescript"}
JAVASCRIPT |= {f"text/javascript1.{version}" for version in range(6)}
JAVASCRIPT |= {
    f"{kind}/{name}"
    for kind in ("application", "text")
    for name in ("javascript", "ecmascript", "x-javascript", "x-ecmascript")
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `right` or not, what was seen, and the cure if it is not."""

    topic: str  # "tag", "script", "version", "integrity", "policy", "origin"
    right: bool
    seen: str
    cure: str = ""

    def __str__(self) -> str:
        """For the terminal: what was seen and, below it, the cure."""
        verdict = "right" if self.right else "wrong"
        cure = f"\n       {self.cure}" if self.cure else ""
        return visible(f"{verdict}  {self.seen}{cure}")


def check(page: Page, service: str | None = None) -> list[Finding]:
    """Everything that was found; `service` is its address, else the one of the page's tag."""
    tag = page.tag
    address = f"{service.rstrip('/')}/" if service else tag.service if tag else None
    findings = list(_tag(page, address))
    if address is None:
        return findings
    source = tag.src if tag and tag.service == address else f"{address}widget/rinvio.js"
    asked = page.endpoint or address
    findings += _policies(page, source, asked)
    try:
        script = fetch(source)
        findings += _script(script, page)
        if tag and tag.service == address:  # of another service's script nothing was asked
            findings += _version(script, tag, address) if tag.version else []
            findings += _integrity(script, tag)
    except PageError as error:
        return [*findings, Finding("script", False, error.wrong, UNREACHED)]
    try:
        findings += _origin(page, asked)
    except PageError as error:
        findings.append(Finding("origin", False, error.wrong, UNREACHED))
    return findings


def _tag(page: Page, address: str | None) -> Iterator[Finding]:
    if page.tag is None:
        yield Finding(
            "tag",
            False,
            "The page's HTML has no script tag of the widget.",
            f'Add <script src="{address or "https://SERVICE/"}widget/rinvio.js" async></script>, '
            "unless a script of the page adds it later.",
        )
    elif address and page.tag.service != address:
        yield Finding(
            "tag",
            False,
            f"The widget comes from {page.tag.service}, not from {address}.",
            "Exchange the host in the tag, or ask about the other one.",
        )
    elif (kind := page.tag.attributes.get("type", "").strip().lower()) not in JAVASCRIPT:
        yield Finding(
            "tag",
            False,
            f'The tag has type="{kind}": it does not run, or cannot know its address.',
            "Leave type out. Where a plugin for consent writes it, the search waits for consent.",
        )
    elif page.tag.attributes.get("crossorigin", "").lower() == "use-credentials":
        yield Finding(
            "tag",
            False,
            'The tag has crossorigin="use-credentials": browsers do not run it.',
            'Write crossorigin="anonymous".',
        )
    elif not page.element and _mounts(page.tag) and page.tag.in_head:
        yield Finding(
            "tag",
            False,
            "The script stands in the head with data-*: the element would appear there, unseen.",
            "Put the script where the search belongs, or put <rinvio-search> there.",
        )
    elif not page.element and not _mounts(page.tag):
        yield Finding(
            "tag",
            False,
            "The script is there, but no <rinvio-search>.",
            "Add it, or give the script data-lang: the CMS may have removed the element.",
        )
    else:
        yield Finding("tag", True, f"The tag loads {page.tag.src}.")


def _mounts(tag: Tag) -> bool:
    return not tag.attributes.keys().isdisjoint(MOUNTING)


def _script(script: Response, page: Page) -> Iterator[Finding]:
    if script.status != 200:
        yield Finding(
            "script",
            False,
            f"{script.url} answers with status {script.status}.",
            "Exchange the address in the tag for one that the service has.",
        )
    elif page.url.startswith("https:") and script.url.startswith("http:"):
        yield Finding(
            "script",
            False,
            "The page is https, the service http: browsers refuse that.",
            "Serve Rinvio by https.",
        )
    else:
        yield Finding("script", True, f"The service sends the script ({len(script.body)} bytes).")


def _version(script: Response, tag: Tag, address: str) -> Iterator[Finding]:
    """Whether the version that the page pins is there, and is the service's own."""
    newest = fetch(f"{address}widget/rinvio.js")
    if newest.status != 200:
        return
    name = version_of(newest.body)
    lines = f'src="{address}widget/{name}/rinvio.js" integrity="{integrities(newest.body)[0]}"'
    if tag.version == name:
        yield Finding("version", True, "The page pins the version that the service has now.")
    elif script.status == 200:
        seen = f"The page pins an old version, {tag.version}, which the service still sends."
        yield Finding("version", True, f"{seen} The one it has now: {lines}")
    else:
        seen = f"The page pins a version that the service does not have: {tag.version}."
        yield Finding("version", False, seen, f"Write {lines}")


def _integrity(script: Response, tag: Tag) -> Iterator[Finding]:
    claimed = obeyed(tag.attributes.get("integrity", ""))
    if not claimed or script.status != 200:
        return
    if "crossorigin" not in tag.attributes:
        yield Finding(
            "integrity",
            False,
            "The tag has integrity without crossorigin: browsers do not run it.",
            'Add crossorigin="anonymous" to the tag.',
        )
    elif not set(claimed) & set(integrities(script.body)):
        yield Finding(
            "integrity",
            False,
            "The hash in the tag is not that of the script: browsers do not run it.",
            f'Write integrity="{integrities(script.body)[0]}".',
        )
    else:
        yield Finding("integrity", True, "The hash in the tag is that of the script.")


def _policies(page: Page, source: str, address: str) -> Iterator[Finding]:
    if not page.policies:
        yield Finding("policy", True, "The page has no Content-Security-Policy.")
        return
    said = page.tag.attributes if page.tag else {}
    passes = [f"'nonce-{said['nonce']}'"] if said.get("nonce") else []
    passes += [f"'{each}'" for each in said.get("integrity", "").split()]
    asked = [("script-src", source, passes), ("connect-src", f"{address}v1/ask", [])]
    findings = [
        _blocked(policy, directive, url)
        for policy in page.policies
        for directive, url, allowed in asked
        if not policy.allows(directive, url, page.url, allowed)
    ]
    findings += [_sandboxed(policy) for policy in page.policies if policy.missing(SANDBOX)]
    allows = "The Content-Security-Policy allows the script and the questions."
    yield from findings or [Finding("policy", True, allows)]


def _sandboxed(policy: Policy) -> Finding:
    missing = " ".join(policy.missing(SANDBOX))
    seen = f"The Content-Security-Policy puts the page in a sandbox without {missing}."
    return Finding("policy", False, seen, f"Add to its sandbox: {missing}")


def _blocked(policy: Policy, directive: str, url: str) -> Finding:
    governing = str(policy.governing(directive))
    sources = policy.directives[governing]
    seen = f"{' '.join([governing, *sources])} blocks {url}."
    if directive == "script-src" and STRICT in sources:
        return Finding("policy", False, seen, "Give the script tag the nonce of the page.")
    verb = "Add" if governing == "default-src" else "Say instead"
    return Finding(
        "policy", False, seen, f"{verb}: {policy.mended(directive, str(origin_of(url)))}"
    )


def _origin(page: Page, asked: str) -> Iterator[Finding]:
    """Whether a service lives where the page asks, and lets it."""
    here = str(origin_of(page.url))
    alive = fetch(f"{asked}healthz")
    if alive.url != f"{asked}healthz" and alive.url.endswith("/healthz"):
        moved = alive.url.removesuffix("healthz")
        seen = f"The service has moved from {asked} to {moved}: no question follows."
        yield Finding("origin", False, seen, f"Write {moved} in the tag.")
        return
    if alive.status != HTTPStatus.OK or b'"ok"' not in alive.body:
        seen = f"No service answers at {asked}: {alive.url} is something else ({alive.status})."
        yield Finding("origin", False, seen, "Write the service's own address, whole.")
        return
    if here == origin_of(asked):
        yield Finding("origin", True, "The page is the service's own.")
        return
    asks = {
        "Origin": here,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allowed = fetch(f"{asked}v1/ask", "OPTIONS", asks).header("access-control-allow-origin")
    if allowed in {here, "*"}:
        yield Finding("origin", True, f"{asked} lets pages of {here} ask.")
    else:
        yield Finding(
            "origin",
            False,
            f"{asked} does not let pages of {here} ask.",
            f"Its operator has to add {here} to cors_origins (RINVIO_CORS_ORIGINS={here}), "
            "and to start the service again.",
        )
