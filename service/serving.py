"""Runs the service with everything that uvicorn has to be told."""

import os
import sys

import uvicorn

from service.connections import Guarded
from service.logs import log_config
from service.metrics import shared_between
from settings import Settings

SHUTDOWN_SECONDS = 10  # for requests in hand to end


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; several workers share the port and their figures."""
    os.environ["RINVIO_INDEX"] = str(settings.index)  # for the processes that uvicorn starts
    with shared_between(settings.workers):
        uvicorn.run(
            "api:app",
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            log_config=log_config(terminal=sys.stderr.isatty()),
            access_log=False,  # it would print questions and addresses
            http=Guarded,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            proxy_headers=False,  # the application sees to them: service.clients
            server_header=False,
            ws="none",
        )
