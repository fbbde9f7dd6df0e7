"""Runs the service with everything that uvicorn has to be told."""

import os
import sys
from typing import Any

import uvicorn

from service.connections import Guarded
from service.logs import log_config
from service.metrics import shared_between
from settings import Settings

# What uvicorn has to be told whatever the settings are.
SERVER: dict[str, Any] = {
    "http": Guarded,
    "ws": "none",
    "access_log": False,  # it would print questions and addresses
    "proxy_headers": False,  # the application sees to them: service.clients
    "server_header": False,
    "timeout_graceful_shutdown": 10,  # seconds for requests in hand to end
}


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; several workers share the port and their figures."""
    # For the processes that uvicorn starts: they read their settings anew.
    os.environ["RINVIO_INDEX"] = str(settings.index)
    os.environ["RINVIO_WORKERS"] = str(settings.workers)
    with shared_between(settings.workers):
        uvicorn.run(
            "api:app",
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            log_config=log_config(terminal=sys.stderr.isatty()),
            **SERVER,
        )
