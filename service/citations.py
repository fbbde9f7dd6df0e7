"""What has become of a citation, and the citation as people paste it."""

from typing import Annotated, Literal

from fastapi import FastAPI, Header, HTTPException, Query, Request, Response
from pydantic.json_schema import SkipJsonSchema

from qa.engine import Engine
from qa.proof import Proof
from service.dependencies import UsesEngine, base_of
from views.formats import FORMATS
from views.openapi import described, headers
from views.reference import reference
from views.strings import page_language, strings

FormatName = Literal["plain", "markdown", "html", "bibtex", "ris"]
FileLanguage = Literal["en", "it"]
NoNull = SkipJsonSchema[None]  # no query string can say null


def add_citations(app: FastAPI) -> None:
    """Register the routes."""
    app.get(
        "/v1/citations/{citation_id}",
        summary="What has become of a citation",
        responses=described(401, 404, 422, 429, 503),
    )(citation)
    content: dict[str, dict[str, str]] = {form.media_type: {} for form in FORMATS.values()}
    app.get(
        "/v1/citations/{citation_id}/{form}",
        summary="A citation as a file",
        response_class=Response,
        responses={
            200: {"content": content, "headers": headers("Content-Disposition")},
            **described(401, 404, 422, 429, 503),
        },
    )(citation_file)


def citation(citation_id: str, engine: UsesEngine, sha256: str | NoNull = None) -> Proof:
    """Unchanged, moved, changed or gone, in the generation that answers now."""
    return _proof(engine, citation_id, sha256)


def citation_file(
    citation_id: str,
    form: FormatName,
    request: Request,
    engine: UsesEngine,
    lang: Annotated[
        FileLanguage | NoNull, Query(description="the language of the words around the quote")
    ] = None,
    accept_language: Annotated[str, Header(description="decides where `lang` is not given")] = "",
) -> Response:
    """A citation that still stands in its document, as text, Markdown, HTML, BibTeX or RIS."""
    proof = _proof(engine, citation_id)
    document = engine.document(proof.document_id)
    if document is None or proof.now is None or proof.status == "changed":
        raise HTTPException(404, f"The quote of {citation_id!r} is no longer in the documents.")
    words = strings(page_language(lang, accept_language))
    given = reference(document, proof.now, words, base_of(request))
    chosen = FORMATS[form]
    name = f'attachment; filename="{citation_id}.{chosen.suffix}"'
    return Response(
        chosen.write(given),
        media_type=chosen.media_type,
        headers={"Content-Disposition": name, "Vary": "Accept-Language"},
    )


def _proof(engine: Engine, citation_id: str, sha256: str | None = None) -> Proof:
    proof = engine.prove(citation_id, sha256)
    if proof is None and sha256 is not None and engine.prove(citation_id):
        detail = f"No known version {sha256!r} of its document has the citation {citation_id!r}."
        raise HTTPException(404, detail)
    if proof is None:
        raise HTTPException(404, f"There is no citation {citation_id!r}.")
    return proof
