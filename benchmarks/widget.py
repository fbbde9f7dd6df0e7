"""How heavy the widget is and how soon it is ready, beside DocSearch and Pagefind.

    python benchmarks/widget.py [--rivals] [--lighthouse] [--loads 5] [--json]

Each is put into the same page, which the installed Chromium loads with an empty cache on a slow
phone: four times slower, 1.6 Mbit/s, 150 ms to and fro. `--rivals` and `--lighthouse` install
those from npm into a temporary folder; nothing of theirs stays.
"""

import argparse
import json
import shutil
import socket
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from searches import RINVIO, RIVALS, Candidate, install, install_rivals, run, site_of

# It asks nobody but the page, here as in the tests.
FLAGS = (Path(__file__).parents[1] / "tests/browsers/chromium.flags").read_text().split()
PHONE = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 1.6e6 / 8,  # bytes a second
    "uploadThroughput": 750e3 / 8,
}
SLOWER = 4
WATCH = """
window.ready = null;
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
const look = () => {
  if (READY) window.ready = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SIZES = """() => performance.getEntriesByType("resource")
  .map((each) => [new URL(each.name).pathname.split("/").pop(), each.encodedBodySize])"""


@dataclass(frozen=True)
class Figures:
    """Medians of several loads: bytes as they were sent, by gzip or better."""

    name: str
    files: int
    bytes: int
    ready_ms: float
    shift: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--lighthouse", action="store_true")
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        candidates = (RINVIO, *RIVALS) if options.rivals else (RINVIO,)
        if options.rivals:
            install_rivals(folder)
        with _served(site_of(folder, candidates)) as origin:
            figures = _measure(origin, candidates, options.loads)
            scores = _lighthouse(folder, f"{origin}/widget/demo.html") if options.lighthouse else {}
    if options.json:
        print(json.dumps({"figures": [asdict(each) for each in figures], "lighthouse": scores}))
    else:
        _show(figures, scores)


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def _measure(origin: str, candidates: tuple[Candidate, ...], loads: int) -> list[Figures]:
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        return [
            _figures(candidate, [_load(browser, f"{origin}/{number}", candidate.ready)
                                 for _ in range(loads)])
            for number, candidate in enumerate(candidates)
        ]  # fmt: skip


@dataclass(frozen=True)
class Load:
    """One load of a page with an empty cache."""

    sizes: list[int]
    ready_ms: float
    shift: float


def _load(browser: Browser, url: str, ready: str) -> Load:
    with browser.new_context(viewport={"width": 412, "height": 823}) as context:
        page = context.new_page()
        _slow(page)
        page.add_init_script(WATCH.replace("READY", ready))
        page.goto(url)
        page.wait_for_function("window.ready !== null")
        page.wait_for_load_state("networkidle")
        sizes = [size for name, size in page.evaluate(SIZES) if name != "favicon.ico"]
        return Load(sizes, page.evaluate("ready"), page.evaluate("shift"))


def _slow(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _figures(candidate: Candidate, loads: list[Load]) -> Figures:
    return Figures(
        candidate.name,
        len(loads[0].sizes),
        sum(loads[0].sizes),
        round(statistics.median(load.ready_ms for load in loads), 1),
        round(max(load.shift for load in loads), 4),
    )


def _lighthouse(folder: Path, url: str) -> dict[str, float]:
    install(folder, "lighthouse@13")
    report = folder / "lighthouse.json"
    run(
        folder / "node_modules/.bin/lighthouse",
        url,
        "--quiet",
        "--only-categories=accessibility,performance",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    )
    found = json.loads(report.read_text())["categories"]
    return {name: category["score"] for name, category in found.items()}


def _show(figures: list[Figures], scores: dict[str, float]) -> None:
    table = Table("", "files", "kB", "ready, ms", "layout shift")
    for each in figures:
        size = f"{each.bytes / 1000:.1f}"
        table.add_row(each.name, str(each.files), size, f"{each.ready_ms:.0f}", str(each.shift))
    Console().print(table)
    for name, score in scores.items():
        print(f"Lighthouse {name}: {score}")


if __name__ == "__main__":
    main()
