"""Answers over HTTP: JSON under /v1, pages for people, health for operators.

`create_app(settings)` builds the application; `uvicorn api:app` resolves lazily to
`create_app()` with the settings of the environment. Nothing happens at import.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from index.encoder import cores
from qa.answer import Answer
from qa.engine import Engine, OpenEngine
from qa.gaps import GapLog
from service.answers import Answers, Asked, Reply
from service.caching import has
from service.citations import add_citations
from service.dependencies import UsesAnswers, UsesEngine
from service.live import Live
from service.metrics import MEDIA_TYPE, Metrics
from service.pages import add_pages
from service.stack import protect
from service.strict import StrictRoute, each_once, unicode_query
from service.tracing import asked_for as tracing_asked_for
from service.widget import widget
from settings import Settings, load_settings
from views.openapi import IF_NONE_MATCH, Service, described, headers
from views.problems import add_error_handlers
from views.schemas import (
    DocumentList,
    LinkedQuestion,
    Question,
    Readiness,
    WholeDocument,
    summary,
    whole,
)

if TYPE_CHECKING:
    app: FastAPI

VERSION = version("rinvio")
LIST_LIMIT = 1000  # documents in one list


def create_app(settings: Settings | None = None, open_engine: OpenEngine | None = None) -> FastAPI:
    """The application; `open_engine` stands for opening a generation as `settings` say.

    Without a usable index it starts all the same, and /readyz and every question answer 503
    until there is one.
    """
    chosen = settings or load_settings()
    metrics = Metrics()
    tracing = tracing_asked_for()
    stage = tracing.stage(metrics.stage) if tracing else metrics.stage
    threads = max(1, cores() // chosen.workers)
    gaps = GapLog(chosen.gaps) if chosen.gaps else None

    def as_set(generation: str, previous: Engine | None) -> Engine:
        return Engine.open(
            chosen.index, chosen.verifier, chosen.threshold, threads, stage, previous, generation
        )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = live = Live(chosen.index, open_engine or as_set, metrics)
        app.state.answers = answers = Answers(
            live, metrics, threads, chosen.queue, chosen.timeout, gaps
        )
        await run_in_threadpool(live.refresh)
        watching = asyncio.create_task(live.watch())
        yield
        watching.cancel()
        await answers.close()
        if tracing:
            await run_in_threadpool(tracing.close)

    app = Service(
        title="Rinvio",
        version=VERSION,
        summary="The sentence that answers, word for word, with its place.",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever address the Host header names
    )
    app.state.metrics = metrics
    app.state.settings = chosen
    protect(app, chosen, metrics, tracing)
    add_error_handlers(app)
    app.router.route_class = StrictRoute
    _add_questions(app)
    add_citations(app)
    _add_documents(app)
    _add_health(app)
    add_pages(app)
    app.include_router(widget)
    return app


def _add_questions(app: FastAPI) -> None:
    found: dict[int | str, dict[str, Any]] = {200: {"model": Answer, "headers": headers("ETag")}}

    @app.post(
        "/v1/ask",
        summary="Ask a question",
        responses={**found, **described(401, 408, 413, 415, 422, 429, 503)},
        response_model=None,
    )
    async def ask(asked: Question, answers: UsesAnswers) -> Response:
        return _json(await answers.reply(Asked(**dict(asked))))

    @app.get(
        "/v1/ask",
        summary="Ask by link",
        dependencies=[Depends(unicode_query), Depends(each_once)],
        responses={
            **found,
            304: {"description": "The answer is what it was", "headers": headers("ETag")},
            **described(401, 413, 422, 429, 503),
        },
        response_model=None,
        openapi_extra={"parameters": [IF_NONE_MATCH]},
    )
    async def ask_by_link(
        request: Request,
        answers: UsesAnswers,
        asked: Annotated[LinkedQuestion, Query()],
    ) -> Response:
        reply = await answers.reply(Asked(asked.q, asked.k, asked.language or None, asked.explain))
        if has(request, reply.etag):
            return Response(status_code=304, headers=_caching(reply))
        return _json(reply)


def _json(reply: Reply) -> Response:
    return Response(reply.body, media_type="application/json", headers=_caching(reply))


def _caching(reply: Reply) -> dict[str, str]:
    """Kept, but asked again each time: the next generation may answer otherwise."""
    return {"ETag": reply.etag, "Cache-Control": "no-cache"}


def _add_documents(app: FastAPI) -> None:
    @app.get("/v1/documents", summary="List the documents", responses=described(401, 422, 429, 503))
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
        responses=described(401, 404, 422, 429, 503),
    )
    def document(document_id: str, engine: UsesEngine) -> WholeDocument:
        found = engine.document(document_id)
        if found is None:
            raise HTTPException(404, f"There is no document {document_id!r}.")
        return whole(found)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", summary="Is the process alive?")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": VERSION}

    @app.get("/readyz", summary="Can it answer?", responses=described(503))
    async def readyz(request: Request, engine: UsesEngine) -> Readiness:
        refused = request.app.state.live.refused is not None
        return Readiness(index_version=engine.index_version, refused=refused)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(app.state.metrics.exposition(), media_type=MEDIA_TYPE)


def __getattr__(name: str) -> Any:
    if name == "app":
        return create_app()
    raise AttributeError(f"module 'api' has no attribute {name!r}")
