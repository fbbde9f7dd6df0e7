"""Answers over HTTP: JSON under /v1, pages for people, health for operators.

`create_app(settings)` builds the application; `uvicorn api:app` resolves lazily to
`create_app()` with the settings of the environment. Nothing happens at import.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.concurrency import run_in_threadpool

from corpus.errors import GenerationError, RinvioError
from qa.answer import Answer
from qa.engine import K_LIMIT, QUESTION_LIMIT, Engine
from qa.proof import Proof
from service.metrics import MEDIA_TYPE, Metrics
from service.stack import protect
from settings import Settings, load_settings
from views import html
from views.problems import add_error_handlers, described
from views.schemas import (
    QUESTION_EXAMPLE,
    DocumentList,
    Question,
    WholeDocument,
    answer_json,
    summary,
    whole,
)
from views.strings import page_language

if TYPE_CHECKING:
    app: FastAPI

VERSION = "0.1.0"
LIST_LIMIT = 1000  # documents in one list
HOME_LIMIT = 100  # documents on the home page
log = logging.getLogger("rinvio")


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The application; `engine` spares it opening the index, which otherwise happens at start-up.

    Without a usable index it starts all the same, and /readyz and every question answer 503.
    """
    chosen = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = engine or await run_in_threadpool(_opened, chosen)
        yield

    app = FastAPI(
        title="Rinvio",
        version=VERSION,
        summary="The sentence that answers, word for word, with its place.",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.metrics = Metrics()
    protect(app, chosen, app.state.metrics)
    add_error_handlers(app)
    _add_questions(app)
    _add_documents(app)
    _add_health(app)
    _add_pages(app)
    return app


def _opened(settings: Settings) -> Engine | None:
    try:
        return Engine.open(settings.index, settings.verifier, settings.threshold)
    except RinvioError as error:
        log.error("not ready: %s", error)
        return None


def _engine(request: Request) -> Engine:
    engine: Engine | None = request.app.state.engine
    if engine is None:
        raise GenerationError("There is no usable index.", "Build one: rinvio build")
    return engine


def _language(request: Request, lang: str | None = None) -> str:
    return page_language(lang, request.headers.get("accept-language", ""))


UsesEngine = Annotated[Engine, Depends(_engine)]
PageLanguage = Annotated[str, Depends(_language)]


def _add_questions(app: FastAPI) -> None:
    responses = {200: {"model": Answer}, **described(413, 422, 503)}

    @app.post("/v1/ask", summary="Ask a question", responses=responses, response_model=None)
    def ask(asked: Question, engine: UsesEngine) -> Response:
        return _json(engine.ask(asked.question, asked.k, asked.language, asked.explain))

    @app.get("/v1/ask", summary="Ask by link", responses=responses, response_model=None)
    def ask_by_link(
        engine: UsesEngine,
        q: Annotated[
            str, Query(min_length=1, max_length=QUESTION_LIMIT, examples=[QUESTION_EXAMPLE])
        ],
        k: Annotated[int, Query(ge=1, le=K_LIMIT)] = 5,
        language: str | None = None,
        explain: bool = False,
    ) -> Response:
        return _json(engine.ask(q, k, language, explain))

    @app.get(
        "/v1/citations/{citation_id}",
        summary="What has become of a citation",
        responses=described(404, 422, 503),
    )
    def citation(citation_id: str, engine: UsesEngine, sha256: str | None = None) -> Proof:
        proof = engine.prove(citation_id, sha256)
        if proof is None:
            raise HTTPException(404, f"There is no citation {citation_id!r}.")
        return proof


def _json(answer: Answer) -> Response:
    return Response(answer_json(answer), media_type="application/json")


def _add_documents(app: FastAPI) -> None:
    @app.get("/v1/documents", summary="List the documents", responses=described(422, 503))
    def documents(
        engine: UsesEngine,
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> DocumentList:
        return DocumentList(
            total=engine.document_count,
            documents=[summary(document) for document in engine.documents(offset, limit)],
            index_version=engine.index_version,
        )

    @app.get(
        "/v1/documents/{document_id:path}",
        summary="One document with its text",
        responses=described(404, 422, 503),
    )
    def document(document_id: str, engine: UsesEngine) -> WholeDocument:
        found = engine.document(document_id)
        if found is None:
            raise HTTPException(404, f"There is no document {document_id!r}.")
        return whole(found)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", summary="Is the process alive?")
    def healthz() -> dict[str, str]:
        return {"status": "ok", "version": VERSION}

    @app.get("/readyz", summary="Can it answer?", responses=described(503))
    def readyz(engine: UsesEngine) -> dict[str, str]:
        return {"status": "ready", "index_version": engine.index_version}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(app.state.metrics.exposition(), media_type=MEDIA_TYPE)


def _add_pages(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def home(engine: UsesEngine, language: PageLanguage, q: str = "") -> str:
        answer = engine.ask(q) if q.strip() else None
        return html.home_page(
            language, engine.documents(0, HOME_LIMIT), engine.document_count, q.strip(), answer
        )

    @app.get("/read/{document_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def read(
        document_id: str, engine: UsesEngine, language: PageLanguage, c: str | None = None
    ) -> str:
        document = engine.document(document_id)
        if document is None:
            raise HTTPException(404)
        cited = engine.cited(document, c) if c else None
        return html.reader_page(language, document, cited, c)

    def asset(name: str, media_type: str) -> None:
        @app.get(f"/assets/{name}", include_in_schema=False)
        def file() -> FileResponse:
            caching = {"Cache-Control": "public, max-age=3600"}
            return FileResponse(html.HERE / name, media_type=media_type, headers=caching)

    asset("rinvio.css", "text/css")
    asset("rinvio.svg", "image/svg+xml")


def __getattr__(name: str) -> Any:
    if name == "app":
        return create_app()
    raise AttributeError(f"module 'api' has no attribute {name!r}")
