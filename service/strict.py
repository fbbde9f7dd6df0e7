"""Reads bodies and queries strictly: what two parsers could understand differently is refused."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from corpus.errors import QuestionError
from corpus.once import once
from qa.question import NOT_UNICODE

JSON = "application/json"


class StrictRoute(APIRoute):
    """A route whose body is JSON as RFC 8259 has it, in UTF-8, each field once."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What FastAPI does with a request, after a look at its body's type."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != JSON:
                raise HTTPException(415, f"Send the body as {JSON}.", {"Accept": JSON})
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


class StrictRequest(Request):
    """A request that FastAPI reads its JSON from."""

    async def json(self) -> Any:
        """The body; HTTPException 422 says what is wrong, JSONDecodeError where."""
        try:
            text = (await self.body()).decode()
            return json.loads(
                text, object_pairs_hook=once, parse_float=_number, parse_constant=_refuse
            )
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:  # not UTF-8, a huge number, too deep
            raise HTTPException(422, f"body: {error}.") from error


async def unicode_query(request: Request) -> None:
    """QuestionError where `q` is not UTF-8: read all the same it would ask something else."""
    query = parse_qsl(request.scope["query_string"].decode("ascii"), errors="surrogateescape")
    if any("\udc80" <= sign <= "\udcff" for name, asked in query if name == "q" for sign in asked):
        raise QuestionError(*NOT_UNICODE)


async def each_once(request: Request) -> None:
    """HTTPException 422 where a parameter stands twice: one would be lost without a word."""
    try:
        once(request.query_params.multi_items())
    except ValueError as error:
        raise HTTPException(422, f"query: {error}.") from error


def _number(text: str) -> float | int:
    """To JSON Schema 5.0 is an integer."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
