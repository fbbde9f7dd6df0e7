"""Two origins on this machine: a service of Rinvio, and a partner's site that embeds its widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from service.headers import Head
from service.widget import widget
from settings import load_settings

STRICT = (
    "default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; report-uri /reports"
)
EMBEDDED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Comune</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/site.css">
<script src="{service}/widget/rinvio.js" async></script></head>
<body><main><h1>Comune</h1>
<rinvio-search><a href="{service}/">Ask elsewhere</a></rinvio-search>
<p id="below">Opening hours</p></main></body></html>"""
ANY = {"Access-Control-Allow-Origin": "*"}
# What the scripted service says to each question, and in which state the widget then is.
CITATION = {
    "id": "c-1",
    "document_id": "tram",
    "title": "The trams of Torino",
    "url": "https://www.comune.example/tram.pdf",
    "sha256": "0" * 64,
    "start": 0,
    "end": 27,
    "quote": "The tram stops at the harbour.",
    "prefix": "",
    "suffix": "",
    "headings": ["The trams of Torino", "Lines", "Line 4"],
    "language": "en",
    "link": "/read/tram?c=c-1",
}
OTHER = {
    **CITATION,
    "id": "c-2",
    "quote": "Il tram passa ogni dieci minuti.",
    "title": "I tram",
    "url": None,
    "headings": [],
    "language": "it",
    "link": "/read/altri/tram?c=c-2",
}


def answer_of(*citations: dict[str, Any], reason: str | None = None, **more: Any) -> dict[str, Any]:
    """An answer in the contract's form that cites the first of `citations`, or refuses."""
    passages = [{"rank": rank, "citation": each} for rank, each in enumerate(citations, 1)]
    return {
        "answered": reason is None,
        "confidence": 0.95,
        "reason": reason,
        "names_not_found": ["Atlantis"] if reason == "name_not_found" else [],
        "citation": citations[0] if reason is None else None,
        "passages": passages,
        **more,
    }


REPLIES: dict[str, Response | None] = {
    "answer": JSONResponse(answer_of(CITATION, OTHER)),
    "likely": JSONResponse(answer_of(OTHER, confidence=0.8)),
    "perhaps": JSONResponse(answer_of(OTHER, confidence=0.6)),
    "unmentioned": JSONResponse(answer_of(OTHER, names_not_found=["Atlantis"])),
    "no_match": JSONResponse(answer_of(reason="no_match")),
    "name_not_found": JSONResponse(answer_of(CITATION, OTHER, reason="name_not_found")),
    "direction": JSONResponse(answer_of(CITATION, reason="direction_not_supported")),
    "low_confidence": JSONResponse(answer_of(OTHER, CITATION, reason="low_confidence")),
    "loading": None,  # never
    "rate_limited": Response(status_code=429, headers={"Retry-After": "7"}),
    "rate_limited_later": Response(status_code=429),
    "busy": Response(status_code=503, headers={"Retry-After": "1"}),
    "question_refused": Response(status_code=422),
    "failed": Response(status_code=500),
    "nonsense": HTMLResponse("<p>Sign in to this network"),
    "blocked": JSONResponse({"error": "blocked by policy"}),
    "of_a_later_version": JSONResponse(answer_of(CITATION, reason="not_thought_of_yet")),
    "hour": Response(status_code=429, headers={"Retry-After": "3599"}),
}


async def _ask(request: Request) -> Response:
    reply = REPLIES[(await request.json())["question"]]
    while reply is None:
        if (await request.receive())["type"] == "http.disconnect":
            return Response()
    return reply


def scripted_service(*origins: str) -> FastAPI:
    """A service that gives REPLIES, to pages of these origins."""
    app = FastAPI()
    app.state.settings = load_settings(index=Path("none"))
    app.include_router(widget)
    app.add_route("/v1/ask", _ask, methods=["POST"])
    app.add_route("/healthz", lambda request: JSONResponse({"status": "ok"}))
    app.add_middleware(Head)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["POST"],
        allow_headers=["Content-Type"],
        expose_headers=["Retry-After"],
    )
    return app


def gateway() -> FastAPI:
    """A proxy that still has the script, and whose service is down."""
    app = FastAPI()
    app.add_route("/widget/alive", lambda request: Response(status_code=502))
    app.include_router(widget)
    down = ["GET", "POST", "OPTIONS"]
    app.add_route("/{path:path}", lambda request: Response(status_code=502), methods=down)
    return app


def moved_to(address: str, headers: dict[str, str]) -> Any:
    """A service that has moved, and sends these headers with each redirection."""

    async def moved(scope: Any, receive: Any, send: Any) -> None:
        response = RedirectResponse(f"{address}{scope['path']}", 301, headers)
        await response(scope, receive, send)

    return moved


class Partner:
    """A partner's site: its pages, the policy that they are under, what browsers report of it."""

    def __init__(self) -> None:
        self.origin = ""
        self.pages: dict[str, str] = {}
        self.policy = ""
        self.reports: Queue[dict[str, str]] = Queue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/reports":
            report = (await Request(scope, receive).json())["csp-report"]
            if not report["blocked-uri"].endswith("/favicon.ico"):  # the browser's own wish
                self.reports.put(report)
        page = self.pages.get(scope["path"], "")
        css = scope["path"].endswith(".css")
        headers = {"Content-Security-Policy": self.policy} if self.policy else {}
        response = Response(page, media_type="text/css" if css else "text/html", headers=headers)
        await response(scope, receive, send)

    def embed(self, service: str, page: str = EMBEDDED, css: str = "") -> None:
        """Show the widget of `service` at /, under the strict policy."""
        self.reports = Queue()
        self.policy = STRICT.format(service=service)
        self.pages = {"/": page.replace("{service}", service), "/site.css": css}


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve `app` in a thread on a free port; gives its origin."""
    config = uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    sock = config.bind_socket()
    sock.listen()  # who comes too early waits
    thread = threading.Thread(target=server.run, args=([sock],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:  # else a test that fails within would never end
        server.should_exit = True
        thread.join()
