"""What clients keep, and how they ask whether it still holds (RFC 9110)."""

from fastapi import Request

FOR_GOOD = "public, max-age=31536000, immutable"  # what is named by its content
BRIEFLY = "public, max-age=600"  # seconds


def has(request: Request, etag: str) -> bool:
    """Whether the client has the very thing with this entity tag (If-None-Match)."""
    known = request.headers.get("if-none-match", "").split(",")
    return any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in known)
