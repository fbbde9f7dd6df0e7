"""A service with something of everything: what the pages are tried and pictured with."""

from pathlib import Path

from conftest import ENCODERS
from fakes import write
from fastapi import FastAPI

from api import create_app
from corpus.errors import BusyError
from corpus.reading import find_files
from index.build import build
from index.export import ensure_encoder
from qa.engine import Engine
from settings import SHIPPED_DOCUMENTS, load_settings

BUSY = "What makes everybody wait?"
FAULT = "What breaks the service?"
CITED = (
    "As a result of the IUC exchange, Baltimore adopted a focus on social innovation "
    "based on the “Torino City Lab”."
)
CHANGED = "Le prime dodici scuole hanno piantato pomodori e basilico in cortile."
DROPPED = "Le serre restano chiuse in agosto."
REMOVED = "The old harbour was closed in 1994."
ELSEWHERE = "L'acqua piovana viene raccolta sui tetti delle palestre."
GARDENS = """---
title: Gli orti nelle scuole di Lisbona
language: it
url: https://www.comune.example/orti/scuole.html
authors: [Anna Bianchi, Luca Verdi]
publisher: Rete degli orti
date: 2021-03-04
---
# Gli orti

Nel 2020 il programma ha portato un orto in ogni scuola elementare.

## Che cosa cresce

{kept} Gli insegnanti annotano il raccolto ogni settimana.

#### L'acqua

{elsewhere}
"""
UNTRUSTED = """Opening hours

The <script>document.title = "run"</script> office <img src="/x" onerror="document.title = 'run'">
opens at nine; see [the map](javascript:document.title='run') or <a href="javascript:x()">it</a>.
The \u202eyrarbil\u202c lends books to \u202e everybody & nobody. &lt;b&gt;Bring a card.&lt;/b&gt;
"""
UNTRUSTED_SIDECAR = (
    'title: "<b>Untrusted</b> \u202eeltit"\npublisher: "\u202eesuoh <i>"\nlanguage: en\n'
)


def build_library(index: Path) -> None:
    """Publish an earlier and a later generation, so that citations have changed and gone."""
    exported = ensure_encoder("e5", ENCODERS)
    index.mkdir(parents=True)
    (index / "encoders").symlink_to(ENCODERS)
    encoder = index / "encoders" / exported.name
    earlier = f"{CHANGED} {DROPPED}"
    later = CHANGED.replace("dodici", "tredici")
    folder = index.parent / "documents"
    for path in SHIPPED_DOCUMENTS.iterdir():
        write(folder, {path.name: path.read_bytes()})
    write(
        folder,
        {"orti/scuole.md": GARDENS.format(kept=earlier, elsewhere=ELSEWHERE), "old.txt": REMOVED},
    )
    build(find_files(folder), index, encoder)
    (folder / "old.txt").unlink()
    write(folder, {"orti/scuole.md": GARDENS.format(kept=later, elsewhere=ELSEWHERE)})
    write(folder, {"untrusted.txt": UNTRUSTED, "untrusted.yaml": UNTRUSTED_SIDECAR})
    build(find_files(folder), index, encoder)


def library_app(index: Path) -> FastAPI:
    """The service of that index; BUSY and FAULT get what they ask for."""
    settings = load_settings(
        index=index, cors_origins="https://www.comune.example", rate_limit="1/day"
    )

    def open_moody(generation: str, previous: Engine | None) -> Engine:
        engine = Engine.open(index)
        ask = engine.ask

        def asked(question, *rest):
            if question == BUSY:
                raise BusyError("Too many questions wait.", "Ask again in a moment.")
            if question == FAULT:
                raise RuntimeError(question)
            return ask(question, *rest)

        engine.ask = asked
        return engine

    return create_app(settings, open_moody)
