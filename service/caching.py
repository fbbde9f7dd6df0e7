"""What clients keep, and how they ask whether it still holds (RFC 9110)."""

import hashlib
from pathlib import Path

from fastapi import Request, Response

FOR_GOOD = "public, max-age=31536000, immutable"  # what is named by its content
BRIEFLY = "public, max-age=600"  # seconds


def has(request: Request, etag: str) -> bool:
    """Whether the client has the very thing with this entity tag (If-None-Match)."""
    known = request.headers.get("if-none-match", "").split(",")
    return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in known)


def file(request: Request, path: Path, media_type: str, headers: dict[str, str]) -> Response:
    """The file with an entity tag, or 304 without a body for who has it."""
    body = path.read_bytes()  # all are small
    tagged = {**headers, "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
    if has(request, tagged["ETag"]):
        return Response(status_code=304, headers=tagged)
    return Response(body, media_type=media_type, headers=tagged)
