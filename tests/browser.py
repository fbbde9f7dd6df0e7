"""A real browser, and services for it to visit."""

import asyncio
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL = "Install Chromium: apt-get install -y --no-install-recommends chromium"


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's Chromium; none is ever downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, INSTALL
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of `app`, served by a thread of its own."""
    began = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        startup = server.startup

        async def start(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            began.set()

        server.startup = start
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        assert began.wait(60)
        yield "http://{}:{}".format(*listener.getsockname())
        server.should_exit = True
        thread.join()
