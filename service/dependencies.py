"""What a route takes from the application: its engine, its answers, the reader's language."""

from typing import Annotated

from fastapi import Depends, Request

from qa.engine import Engine
from service.answers import Answers
from service.context import note
from service.live import Live
from views.strings import page_language


# These are coroutines because FastAPI runs every plain function in a thread of its own.
async def _engine(request: Request) -> Engine:
    live: Live = request.app.state.live
    engine = live.engine
    note(generation=engine.index_version)
    return engine


async def _answers(request: Request) -> Answers:
    answers: Answers = request.app.state.answers
    return answers


async def _language(request: Request, lang: str | None = None) -> str:
    return page_language(lang, request.headers.get("accept-language", ""))


UsesEngine = Annotated[Engine, Depends(_engine)]
UsesAnswers = Annotated[Answers, Depends(_answers)]
PageLanguage = Annotated[str, Depends(_language)]


def base_of(request: Request) -> str:
    """The address that clients know this service by, without a slash at its end."""
    return str(request.base_url).rstrip("/")
