"""The searches that `widget.py` compares, and the site that has each of them in the same page."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from views.html import HERE as ICONS
from views.widget import HERE, encoded, widget_script

PACKAGES = ("@docsearch/js@5.2.0", "@docsearch/css@5.2.0", "pagefind@1.6.0")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>City</title>
<meta name="viewport" content="width=device-width">{head}</head>
<body><main><h1>City</h1><p>The tram stops at the harbour.</p>{body}<p>Opening hours</p></main>
</body></html>"""


@dataclass(frozen=True)
class Candidate:
    """A search for pages: what a page has to say for it, and when it can be typed into."""

    name: str
    head: str
    body: str
    ready: str  # JavaScript: whether it is there


RINVIO = Candidate(
    "rinvio",
    "<style>rinvio-search:not(:defined) { display: block; min-height: 140px }</style>"
    '<script src="/widget/rinvio.js" async></script>',
    '<rinvio-search><a href="/">Ask elsewhere</a></rinvio-search>',
    "document.querySelector('rinvio-search')?.shadowRoot?.querySelector('input')",
)
RIVALS = (
    Candidate(
        "DocSearch 5.2",
        '<link rel="stylesheet" href="/npm/@docsearch/css/dist/style.css">',
        '<div id="search"></div><script src="/npm/@docsearch/js/dist/umd/docsearch.js"></script>'
        "<script>(window.docsearch.default ?? window.docsearch)({container: '#search', "
        "appId: 'A', indexName: 'i', apiKey: 'k'})</script>",
        "document.querySelector('#search button')",
    ),
    Candidate(
        "Pagefind 1.6",
        '<link rel="stylesheet" href="/pagefind/pagefind-component-ui.css">'
        '<script src="/pagefind/pagefind-component-ui.js" type="module"></script>',
        "<pagefind-searchbox></pagefind-searchbox>",
        "document.querySelector('pagefind-searchbox input')",
    ),
)


def site_of(folder: Path, candidates: tuple[Candidate, ...]) -> FastAPI:
    """The page of the first candidate at /0, of the next at /1; what they load beside them."""
    app = FastAPI()
    app.add_api_route("/widget/rinvio.js", _script)
    app.add_middleware(GZipMiddleware)
    for number, candidate in enumerate(candidates):
        page = PAGE.format(head=candidate.head, body=candidate.body)
        app.add_api_route(f"/{number}", _saying(page), response_class=HTMLResponse)
    for name, path in (("npm", "node_modules"), ("pagefind", "site/pagefind")):
        if (folder / path).exists():
            app.mount(f"/{name}", StaticFiles(directory=folder / path))
    app.mount("/widget", StaticFiles(directory=HERE))  # the demo
    app.mount("/assets", StaticFiles(directory=ICONS))
    return app


def _script() -> Response:
    """As the service sends it to a browser."""
    coded = {"Content-Encoding": "br"}
    return Response(encoded(widget_script(), "br"), media_type="text/javascript", headers=coded)


def _saying(page: str) -> Callable[[], str]:
    return lambda: page


def install_rivals(folder: Path) -> None:
    """Install the rivals' files below `folder`, and index a page for the one that needs it."""
    install(folder, *PACKAGES)
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE.format(head="", body=""))
    run(folder / "node_modules/.bin/pagefind", "--site", site)


def install(folder: Path, *packages: str) -> None:
    """Install packages from npm into `folder`."""
    npm = shutil.which("npm") or "npm"
    quiet = ["--no-audit", "--no-fund", "--silent"]
    run(npm, "install", *quiet, "--prefix", folder, *packages)


def run(*command: str | Path) -> None:
    """Run a program that may start the browser of this machine."""
    chromium = shutil.which("chromium") or ""
    subprocess.run(  # noqa: S603
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "CHROME_PATH": chromium}
    )
