"""Serves the widget to the pages of others: its script, and a page that shows it."""

import re

from fastapi import APIRouter, HTTPException, Request, Response

from service.caching import BRIEFLY, FOR_GOOD, file, has
from service.versions import keep, kept
from views.widget import CODINGS, HERE, encoded, version, widget_script

JAVASCRIPT = "text/javascript; charset=utf-8"
# Any page may load it; which ones may read answers is another question (cors_origins).
FOR_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
}
REFUSED = re.compile(r" *q=0(\.0*)? *")  # the weight of a coding that a client does not want
DEMO = {"demo.html": "text/html; charset=utf-8", "demo.css": "text/css; charset=utf-8"}
# As strict as a page can be: whatever the widget needs is named here.
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


widget = APIRouter(prefix="/widget", include_in_schema=False)


@widget.get("/rinvio.js")
async def newest(request: Request) -> Response:
    """The script as it is now."""
    return _sent(request, widget_script(), version(), BRIEFLY)


@widget.get("/alive")
async def alive() -> Response:
    """Nothing: so the widget tells a service that is away from one that it may not ask."""
    return Response(status_code=204, headers={**FOR_ANY_PAGE, "Cache-Control": "no-store"})


@widget.get("/{wanted}/rinvio.js")
def pinned(request: Request, wanted: str) -> Response:
    """The script of this very version, for good: after updates too."""
    index = request.app.state.settings.index
    if wanted == version():
        keep(index)
        return _sent(request, widget_script(), wanted, FOR_GOOD)
    script = kept(index, wanted)
    if script is None:
        raise HTTPException(404, f"The widget's version is {version()!r}; {wanted!r} is not kept.")
    return _sent(request, script, wanted, FOR_GOOD)


@widget.get("/{name}")
def demo(request: Request, name: str) -> Response:
    """A page with the widget, under a policy as strict as can be."""
    if name not in DEMO:
        raise HTTPException(404)
    headers = {"Content-Security-Policy": DEMO_POLICY, "Cache-Control": BRIEFLY}
    return file(request, HERE / name, DEMO[name], headers)


def _sent(request: Request, script: bytes, name: str, caching: str) -> Response:
    coding = _coding(request.headers.get("accept-encoding", ""))
    etag = f'"{name}-{coding}"'
    headers = {**FOR_ANY_PAGE, "Cache-Control": caching, "ETag": etag}
    if has(request, etag):
        return Response(status_code=304, headers=headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(encoded(script, coding), media_type=JAVASCRIPT, headers=headers)


def _coding(accepted: str) -> str:
    """The smallest coding that the client takes; CODINGS begins with it."""
    ranges = [part.strip().lower().partition(";") for part in accepted.split(",")]
    taken = {name.strip() for name, _, weight in ranges if not REFUSED.fullmatch(weight)}
    return next((coding for coding in CODINGS if coding in taken), "identity")
