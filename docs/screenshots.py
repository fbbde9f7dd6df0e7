"""Pictures every page and the widget in their states, both languages and schemes, small and wide.

`make screenshots` writes docs/screenshots/*.png with the fonts of the machine; where Inter and
Charis SIL are installed (Debian: fonts-inter fonts-sil-charis) they look as they do now.
"""

import io
import shutil
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

from browsers.asked import HASTEN
from conftest import QUIET
from library import build_library, library_app
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sites import Partner, scripted_service, served
from states import FROM_AFAR, LANGUAGES, states
from test_widget import STATES
from widget_page import Widget

from api import create_app
from settings import load_settings

FOLDER = Path(__file__).with_name("screenshots")
SCHEMES = ("light", "dark")
DEVICES = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 860},
}
README = {"width": 900, "height": 640}
PARTNER = """:root { color-scheme: light dark; font-family: system-ui, sans-serif }
  body { max-width: 44rem; margin: 1rem auto; padding: 0 1rem }"""
# What visitors would have asked: the scripted service knows its replies by other names.
WOULD_ASK = {
    "en": {"refused": "Who drives the tram?", "found": "Where does the tram stop?"},
    "it": {"refused": "Chi guida il tram?", "found": "Dove si ferma il tram?"},
}
# What befalls a visitor besides the replies of the service.
MISFORTUNES: dict[str, Callable[[Widget], object]] = {
    "offline": lambda widget: widget.page.context.set_offline(True),
    "timeout": lambda widget: widget.page.evaluate(f"({HASTEN})()"),
    "unreachable": lambda widget: widget.set("endpoint", "http://127.0.0.1:9/"),
    "origin_not_allowed": lambda widget: widget.page.goto(
        widget.page.url.replace("127.0.0.1", "localhost")
    ),
}
COLOURS = 96  # of a palette: text stays smooth, and a picture takes some 20 kB


def main() -> None:
    """Write all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        index = Path(folder) / "index"
        build_library(index)
        unready = create_app(load_settings(index=Path(folder) / "none"))
        with served(library_app(index)) as ready, served(unready) as empty:
            picture_all(browser, ready, empty)
            picture_answer(browser, ready)
        picture_widget(browser)


def picture_all(browser: Browser, ready: str, empty: str) -> None:
    """Visit every state in every way."""
    use_up(browser, ready)
    for lang, scheme, device in product(LANGUAGES, SCHEMES, DEVICES):
        for name, state in states(lang).items():
            context = browser.new_context(
                viewport=DEVICES[device], color_scheme=scheme, extra_http_headers=state.headers
            )
            page = context.new_page()
            page.goto((ready if state.ready else empty) + state.path)
            picture(page, FOLDER / f"{name}-{lang}-{scheme}-{device}.png")
            context.close()


def picture_answer(browser: Browser, ready: str) -> None:
    """What the README shows."""
    context = browser.new_context(viewport=README, color_scheme="light", device_scale_factor=2)
    page = context.new_page()
    page.goto(ready + states("en")["answer"].path)
    picture(page, FOLDER.with_name("answer.png"))
    context.close()


def picture_widget(browser: Browser) -> None:
    """Embed the widget in a partner's page and bring it into every state."""
    partner = Partner()
    distinct = {words: question for question, (_, words) in STATES.items()} | {"found": "answer"}
    with (
        served(partner) as partner.origin,
        served(scripted_service(partner.origin)) as service,
    ):
        partner.embed(service, css=PARTNER)
        for lang, scheme, device in product(LANGUAGES, SCHEMES, DEVICES):
            context = browser.new_context(viewport=DEVICES[device], color_scheme=scheme)
            page = context.new_page()
            page.goto(partner.origin)
            widget = Widget(page, page.locator("rinvio-search").first)
            widget.set("lang", lang)
            here = f"{lang}-{scheme}-{device}.png"
            picture(page, FOLDER / f"widget-idle-{here}")
            for words, question in distinct.items():
                widget.ask(question)
                widget.comes_to(STATES[question][0])
                asked = WOULD_ASK[lang].get(words, WOULD_ASK[lang]["found"])
                widget.input.fill(asked if question.strip() else "")
                picture(page, FOLDER / f"widget-{words}-{here}")
            for words, befall in MISFORTUNES.items():
                page.goto(partner.origin)
                befall(widget)
                widget.set("lang", lang)
                widget.ask("loading")
                widget.comes_to("error")
                widget.input.fill(WOULD_ASK[lang]["found"])
                picture(page, FOLDER / f"widget-{words}-{here}")
                context.set_offline(False)
            context.close()


def use_up(browser: Browser, address: str) -> None:
    """Ask once from afar, so that the next question from there is one too many."""
    context = browser.new_context(extra_http_headers=FROM_AFAR)
    context.new_page().goto(address + states("en")["too-many"].path)
    context.close()


def picture(page: Page, path: Path) -> None:
    """Write what is in view, in few colours."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
