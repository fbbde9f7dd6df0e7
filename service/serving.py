"""Runs the service with everything that uvicorn has to be told."""

import os
import socket
import sys
from typing import Any

import uvicorn

from corpus.errors import SettingsError
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
    "timeout_worker_healthcheck": 60,  # seconds: a start may take long on a busy machine
    "timeout_graceful_shutdown": 10,  # seconds for requests in hand to end
}

# Linux keeps what is written there in memory. Workers map the files of their figures: on a disk
# that is full, the system would end them, again and again. Where there is none, /tmp is taken.
MEMORY = "/dev/shm"  # noqa: S108 - what is made in it has a name that nobody can foresee


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; several workers share the port and their figures.

    SettingsError at once where nothing can listen at the address.
    """
    _check_address(settings.host, settings.port)
    # For the processes that uvicorn starts: they read their settings anew.
    os.environ["RINVIO_INDEX"] = str(settings.index)
    os.environ["RINVIO_WORKERS"] = str(settings.workers)
    os.environ.setdefault("TMPDIR", MEMORY)
    with shared_between(settings.workers):
        uvicorn.run(
            "api:app",
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            log_config=log_config(terminal=sys.stderr.isatty()),
            **SERVER,
        )


def _check_address(host: str, port: int) -> None:
    """Ask the system: uvicorn would do so after all models are loaded, and name no cure."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"Nothing can listen at {host}, port {port} ({error.strerror}).",
            "End what listens there, or choose others: --host, --port.",
        ) from error
