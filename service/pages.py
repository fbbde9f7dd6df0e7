"""The pages for people, and the files that they load."""

import logging
from functools import partial

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from corpus.document import Document
from corpus.errors import GenerationError
from qa.answer import Citation
from qa.engine import Engine
from qa.proof import Proof
from service.answers import Asked
from service.caching import BRIEFLY, FOR_GOOD, file
from service.dependencies import PageLanguage, UsesAnswers, UsesEngine, base_of
from service.strict import unicode_query
from settings import Settings
from views import html
from views.embed import embed_page
from views.formats import Copy, copies
from views.policy import EMBEDDING, PLAIN, SCRIPTED
from views.reader import gone_page, reader_page
from views.reference import reference
from views.strings import strings

log = logging.getLogger("rinvio")
HOME_LIMIT = 100  # documents on the home page


def add_pages(app: FastAPI) -> None:
    """Register every page, and what pages load, with `app` itself.

    A router of their own would hide their templates from `service.observation`.
    """
    page = partial(app.get, include_in_schema=False, response_class=HTMLResponse)
    page("/", dependencies=[Depends(unicode_query)])(home)
    page("/read/{document_id:path}")(read)
    page("/embed")(embed)
    page("/assets/{name}")(asset)


async def home(
    request: Request,
    engine: UsesEngine,
    answers: UsesAnswers,
    language: PageLanguage,
    q: str | None = None,
) -> HTMLResponse:
    """The form; with a question, its answer."""
    question = (q or "").strip()
    if question:
        answer = (await answers.reply(Asked(question))).answer
        given: tuple[Copy, ...] = ()
        if answer.citation:
            document = await run_in_threadpool(engine.document, answer.citation.document_id)
            given = _copies(request, document, answer.citation, language) if document else ()
        policy = SCRIPTED if given else PLAIN
        return html.respond(html.answer_page(language, answer, given), policy=policy)
    documents = await run_in_threadpool(engine.documents, 0, HOME_LIMIT)
    page = html.home_page(language, documents, engine.document_count, asked_nothing=q is not None)
    return html.respond(page)


def read(
    document_id: str,
    request: Request,
    engine: UsesEngine,
    language: PageLanguage,
    c: str | None = None,
) -> HTMLResponse:
    """A whole document, with the words marked that citation `c` quotes."""
    document = engine.document(document_id)
    cited = engine.cited(document, c) if document and c else None
    proof = _proof(engine, c) if c and not cited else None
    if proof and proof.document_id != document_id:
        proof = None
    if document is None:
        if proof is None:
            raise HTTPException(404)
        return html.respond(gone_page(language, proof, engine.likely), 404)
    given = _copies(request, document, cited, language) if cited else ()
    page = reader_page(language, document, cited, proof, c, given)
    return html.respond(page, policy=SCRIPTED if given else PLAIN)


def _proof(engine: Engine, citation_id: str) -> Proof | None:
    """What has become of a citation; None too when that cannot be read: the document can."""
    try:
        return engine.prove(citation_id)
    except GenerationError as error:
        log.error("earlier citations cannot be read: %s", error)
        return None


def _copies(
    request: Request, document: Document, cited: Citation, language: str
) -> tuple[Copy, ...]:
    return copies(reference(document, cited, strings(language), base_of(request)))


def embed(
    request: Request,
    language: PageLanguage,
    site: str = "",
    speaks: str = "",
    theme: str = "",
) -> HTMLResponse:
    """What to paste into a site, and whether it may ask."""
    settings: Settings = request.app.state.settings
    page = embed_page(language, base_of(request), site, speaks, theme, settings.cors_origins)
    return html.respond(page, policy=EMBEDDING)


def asset(request: Request, name: str, v: str = "") -> Response:
    """A style sheet, a picture or a script; for good where `v` names its very content."""
    if name not in html.ASSETS:
        raise HTTPException(404)
    caching = {"Cache-Control": FOR_GOOD if v == html.fingerprint(name) else BRIEFLY}
    return file(request, html.HERE / name, html.ASSETS[name], caching)
