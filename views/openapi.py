"""What the OpenAPI document says besides what FastAPI reads from the routes."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from views.problems import MEDIA_TYPE, Problem

HEADERS = {
    "Accept": "the media type that a body has to have",
    "Content-Disposition": "a name for the file",
    "ETag": "names these very bytes; If-None-Match sends it back",
    "Retry-After": "seconds to wait before asking again",
    "WWW-Authenticate": "what a key is sent by",
    "X-Request-ID": "the name of this request in the service's log",
}
OF_PROBLEMS = {
    401: ["WWW-Authenticate"],
    415: ["Accept"],
    429: ["Retry-After"],
    503: ["Retry-After"],
}
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "Where the service has keys, programs need one; pages do not.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "an ETag that an answer came with: 304 where it would come again",
    "schema": {"type": "string"},
}
KEY_OR_NONE: list[dict[str, list[str]]] = [{}, {"bearer": []}]


def headers(*names: str) -> dict[str, Any]:
    """The `headers` of a response that has these."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems.

    FastAPI would add its own media type to those of a model, so `Service` names the schema.
    """
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": content,
            "headers": headers(*OF_PROBLEMS.get(status, ())),
        }
        for status in statuses
    }


class Service(FastAPI):
    """An application whose document names keys, problems, and the headers of responses."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        made = self.openapi_schema
        document = super().openapi()
        if made is None:
            _complete(document)
        return document


def _complete(document: dict[str, Any]) -> None:
    components = document["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(mode="serialization")
    components["securitySchemes"] = {"bearer": KEY}
    components["headers"] = {
        name: {"description": description, "schema": {"type": "string"}}
        for name, description in HEADERS.items()
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith("/v1/"):
                operation["security"] = KEY_OR_NONE
            for response in operation["responses"].values():
                response.setdefault("headers", {}).update(headers("X-Request-ID"))
