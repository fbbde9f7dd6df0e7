"""Answers over HTTP: JSON under /v1, pages for people, health for operators.

`create_app(settings)` builds the application; `uvicorn api:app` resolves lazily to
`create_app()` with the settings of the environment. Nothing happens at import.
"""

import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware

from corpus.document import Document
from corpus.errors import GenerationError, QuestionError, RinvioError
from qa.answer import Answer
from qa.engine import K_LIMIT, QUESTION_LIMIT, Engine
from settings import Settings, load_settings
from views import html
from views.strings import LANGUAGES as PAGE_LANGUAGES
from views.strings import preferred_language, strings

if TYPE_CHECKING:
    app: FastAPI

VERSION = "0.1.0"
BODY_LIMIT = 16_384  # bytes: a question of 1,000 characters of 4 bytes fits, escaped or not
PAGE_LIMIT = 1000  # documents in one list
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
QUESTION_EXAMPLE = "what did Baltimore adopt from Torino City Lab?"
log = logging.getLogger("rinvio")


class Question(BaseModel):
    """A question as it is posted; unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"question": QUESTION_EXAMPLE, "k": 5}]},
    )

    question: str = Field(min_length=1, max_length=QUESTION_LIMIT)
    k: int = Field(5, ge=1, le=K_LIMIT, description="the most passages to return")
    language: str | None = Field(None, description="ISO 639-1 code; null has it detected")
    explain: bool = Field(False, description="return the scores of each passage")


class DocumentSummary(BaseModel):
    """A document without its text."""

    id: str
    title: str
    language: str
    url: str | None
    sha256: str
    characters: int
    metadata: dict[str, str | list[str]]


class DocumentList(BaseModel):
    """A page of the list of documents."""

    total: int
    documents: list[DocumentSummary]
    index_version: str


class HeadingPlace(BaseModel):
    """A heading and its span in the text."""

    text: str
    level: int
    start: int
    end: int


class WholeDocument(DocumentSummary):
    """A document with its text, to which the places in citations refer."""

    text: str
    headings: list[HeadingPlace]


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def _problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    described = {"model": Problem, "content": {"application/problem+json": {}}}
    return {status: {**described, "description": "Problem"} for status in statuses}


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The application; `engine` spares it opening the index, which otherwise happens at start-up.

    Without a usable index it starts all the same: /readyz and every question say what is missing.
    """
    chosen = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine, app.state.problem = engine, None
        if engine is None:
            try:
                app.state.engine = await run_in_threadpool(Engine.open, chosen.index)
            except RinvioError as error:
                app.state.problem = error
                log.error("not ready: %s", error)
        yield

    app = FastAPI(
        title="Rinvio",
        version=VERSION,
        summary="The sentence that answers, word for word, with its place.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT)
    if chosen.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(chosen.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
        )
    app.middleware("http")(_with_headers)
    _add_error_handlers(app)
    _add_questions(app)
    _add_documents(app)
    _add_health(app)
    _add_pages(app)
    return app


def _engine(request: Request) -> Engine:
    engine: Engine | None = getattr(request.app.state, "engine", None)
    if engine is None:
        problem: RinvioError | None = getattr(request.app.state, "problem", None)
        raise problem or GenerationError("The index is still being opened.", "Ask again soon.")
    return engine


UsesEngine = Annotated[Engine, Depends(_engine)]


def _answer_json(answer: Answer) -> Response:
    fields = asdict(answer)
    if answer.explain is None:
        del fields["explain"]
    return Response(orjson.dumps(fields), media_type="application/json")


def _add_questions(app: FastAPI) -> None:
    responses = {200: {"model": Answer}, **_problem_responses(413, 422, 503)}

    @app.post("/v1/ask", summary="Ask a question", responses=responses, response_model=None)
    def ask(question: Question, engine: UsesEngine) -> Response:
        return _answer_json(
            engine.ask(question.question, question.k, question.language, question.explain)
        )

    @app.get("/v1/ask", summary="Ask by link", responses=responses, response_model=None)
    def ask_by_link(
        engine: UsesEngine,
        q: Annotated[str, Query(max_length=QUESTION_LIMIT, examples=[QUESTION_EXAMPLE])],
        k: Annotated[int, Query(ge=1, le=K_LIMIT)] = 5,
        language: str | None = None,
        explain: bool = False,
    ) -> Response:
        return _answer_json(engine.ask(q, k, language, explain))


def _add_documents(app: FastAPI) -> None:
    @app.get("/v1/documents", summary="List the documents", responses=_problem_responses(422, 503))
    def documents(
        engine: UsesEngine,
        limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> DocumentList:
        found = engine.documents(offset, limit)
        return DocumentList(
            total=engine.document_count,
            documents=[DocumentSummary(**_summary(document)) for document in found],
            index_version=engine.index_version,
        )

    @app.get(
        "/v1/documents/{document_id:path}",
        summary="One document with its text",
        responses=_problem_responses(404, 503),
    )
    def document(document_id: str, engine: UsesEngine) -> WholeDocument:
        found = engine.document(document_id)
        if found is None:
            raise HTTPException(404, f"There is no document {document_id!r}.")
        headings = [HeadingPlace(**asdict(heading)) for heading in found.headings]
        return WholeDocument(**_summary(found), text=found.text, headings=headings)


def _summary(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "url": document.url,
        "sha256": document.sha256,
        "characters": len(document.text),
        "metadata": document.metadata,
    }


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", summary="Is the process alive?")
    def healthz() -> dict[str, str]:
        return {"status": "ok", "version": VERSION}

    @app.get("/readyz", summary="Can it answer?", responses=_problem_responses(503))
    def readyz(engine: UsesEngine) -> dict[str, str]:
        return {"status": "ready", "index_version": engine.index_version}


def _add_pages(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def home(request: Request, engine: UsesEngine, q: str = "", lang: str | None = None) -> str:
        language = _page_language(request, lang)
        answer = engine.ask(q) if q.strip() else None
        return html.home_page(language, engine.documents(0, PAGE_LIMIT), q.strip(), answer)

    @app.get("/read/{document_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def read(
        request: Request,
        document_id: str,
        engine: UsesEngine,
        c: str | None = None,
        lang: str | None = None,
    ) -> str:
        document = engine.document(document_id)
        if document is None:
            raise HTTPException(404, strings(_page_language(request, lang))["not_found"])
        cited = engine.cited(document, c) if c else None
        return html.reader_page(_page_language(request, lang), document, cited, c)

    def asset(name: str, media_type: str) -> None:
        @app.get(f"/assets/{name}", include_in_schema=False)
        def file() -> FileResponse:
            caching = {"Cache-Control": "public, max-age=3600"}
            return FileResponse(html.HERE / name, media_type=media_type, headers=caching)

    asset("rinvio.css", "text/css")
    asset("rinvio.svg", "image/svg+xml")


def _page_language(request: Request, lang: str | None) -> str:
    if lang in PAGE_LANGUAGES:
        return lang
    return preferred_language(request.headers.get("accept-language", ""))


def _add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(RinvioError)
    async def rinvio_error(request: Request, error: RinvioError) -> Response:
        status = 422 if isinstance(error, QuestionError) else 503
        headers = {"Retry-After": "5"} if status == 503 else {}
        return _problem(request, status, str(error), headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return _problem(request, 422, f"{place}: {first['msg']}.", {})

    @app.exception_handler(StarletteHTTPException)
    async def http_error(request: Request, error: StarletteHTTPException) -> Response:
        return _problem(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.exception("unexpected error", exc_info=error)
        return _problem(request, 500, "Something went wrong here; it has been logged.", {})


def _problem(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    path = request.url.path
    if path == "/" or path.startswith("/read/"):
        language = _page_language(request, request.query_params.get("lang"))
        return HTMLResponse(html.error_page(language, detail), status, headers)
    problem = Problem(title=_title(status), status=status, detail=detail)
    return Response(
        orjson.dumps(problem.model_dump()), status, headers, media_type="application/problem+json"
    )


def _title(status: int) -> str:
    from http import HTTPStatus

    return HTTPStatus(status).phrase


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Give every response a request id and the headers that keep it from being misread."""
    response = await call_next(request)
    response.headers["X-Request-ID"] = uuid.uuid4().hex
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.headers.get("content-type", "").startswith("text/html"):
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


def __getattr__(name: str) -> Any:
    if name == "app":
        return create_app()
    raise AttributeError(f"module 'api' has no attribute {name!r}")
