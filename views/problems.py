"""Errors over HTTP: problem documents (RFC 9457) for programs, a page for people."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from corpus.errors import BusyError, NotReadyError, QuestionError, RinvioError
from qa.question import QUESTION_LIMIT
from views.html import error_page, respond
from views.routes import route_path
from views.schemas import BODY_LIMIT
from views.strings import duration, page_language, strings

MEDIA_TYPE = "application/problem+json"
BUSY_RETRY_AFTER = "1"  # seconds: the queue is answered in less
RETRY_AFTER = "5"  # seconds: an operator may be about to start it with an index
DETAILS = {413: f"The body has more than {BODY_LIMIT} bytes."}  # better than a library's own
PAGE_MESSAGES = {
    404: "not_found",
    405: "only_get",
    422: "question_refused",
    429: "too_many",
    503: "not_ready",
}
log = logging.getLogger("rinvio")


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def problem_json(status: int, detail: str) -> bytes:
    """The problem document for `status`."""
    title = HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=DETAILS.get(status, detail))
    return orjson.dumps(problem.model_dump())


def add_error_handlers(app: FastAPI) -> None:
    """Turn every error that was meant into a problem document, or a page for a page."""

    @app.exception_handler(RinvioError)
    async def rinvio_error(request: Request, error: RinvioError) -> Response:
        if isinstance(error, QuestionError):
            return problem_response(request, 422, str(error))
        if isinstance(error, BusyError):
            wait = {"Retry-After": BUSY_RETRY_AFTER}
            return problem_response(request, 503, str(error), wait, message="busy")
        detail = "There is no index to answer from. The service's log says why."
        if not isinstance(error, NotReadyError):  # which would be a line for every question
            log.error("not ready: %s", error)
            detail = "A file that this needs cannot be read. The service's log says which."
        return problem_response(request, 503, detail, {"Retry-After": RETRY_AFTER})

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return problem_response(request, 422, f"{place}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if "Allow" in headers:  # Starlette names the methods of the path's first route only
            headers["Allow"] = _methods(request, headers["Allow"])
        return problem_response(request, error.status_code, str(error.detail), headers)


def _methods(request: Request, first: str) -> str:
    """The methods of every route of the requested path."""
    methods = set(first.split(", "))
    for route in request.app.routes:
        if route.matches(request.scope)[0] != Match.NONE:
            methods |= getattr(route, "methods", set())  # an included router has none
    if "GET" in methods:
        methods.add("HEAD")  # service.headers.Head answers it
    return ", ".join(sorted(methods))


def problem_response(
    request: Request,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    message: str | None = None,
) -> Response:
    """The response that says what went wrong: a page where a page was asked for.

    `message` is the key of the page's words, by default those of the status.
    """
    if _is_page(request, status):
        return _error_page(request, status, headers or {}, message)
    return Response(problem_json(status, detail), status, headers, media_type=MEDIA_TYPE)


def _is_page(request: Request, status: int) -> bool:
    """Whether a person looks at it: at a page, or with a browser at an address that has none."""
    path = route_path(request.scope)
    if path in {"/", "/embed"} or path.startswith("/read/"):
        return True
    mistyped = status == 404 and not path.startswith(("/v1/", "/widget/", "/assets/"))
    return mistyped and "text/html" in request.headers.get("accept", "")


def _error_page(
    request: Request, status: int, headers: Mapping[str, str], message: str | None
) -> Response:
    asked = request.query_params
    language = page_language(asked.get("lang"), request.headers.get("accept-language", ""))
    words = strings(language)
    key = message or PAGE_MESSAGES.get(status, "unexpected")
    wait = duration(int(headers.get("Retry-After", 0)), words)
    said = words[key].format(limit=QUESTION_LIMIT, wait=wait)
    page = error_page(language, words[f"{key}_title"], said, asked.get("q", ""))
    return respond(page, status, headers)
