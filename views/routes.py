"""The path of a request as the routes have it."""

from collections.abc import Mapping
from typing import Any


def route_path(scope: Mapping[str, Any]) -> str:
    """The path below the root path, which `uvicorn --root-path` puts before it."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    below = path.removeprefix(root)
    return below if below.startswith("/") else path  # as Starlette decides
