"""What clients keep, and how they ask whether it still holds (RFC 9110)."""

from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse

FOR_GOOD = "public, max-age=31536000, immutable"  # what is named by its content
BRIEFLY = "public, max-age=600"  # seconds


def has(request: Request, etag: str) -> bool:
    """Whether the client has the very thing with this entity tag (If-None-Match)."""
    known = request.headers.get("if-none-match", "").split(",")
    return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in known)


def file(request: Request, path: Path, media_type: str, headers: dict[str, str]) -> Response:
    """The file with an entity tag, or 304 without a body for who has it."""
    sent = FileResponse(path, media_type=media_type, headers=headers, stat_result=path.stat())
    etag = sent.headers["etag"]
    if has(request, etag):
        return Response(status_code=304, headers={**headers, "ETag": etag})
    return sent
