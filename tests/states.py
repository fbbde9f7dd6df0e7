"""The pages in each of their states: where the library's service shows them."""

from dataclasses import dataclass, field
from urllib.parse import quote

from library import BUSY, CHANGED, CITED, DROPPED, ELSEWHERE, FAULT, REMOVED

from index.ledger import citation_id
from qa.question import QUESTION_LIMIT

LANGUAGES = ("en", "it")
FROM_AFAR = {"X-Forwarded-For": "203.0.113.5"}  # asks too often, after its first question
ANSWERED = {
    "en": "What did Baltimore adopt from Torino City Lab?",
    "it": "Che cosa ha adottato Baltimora dal Torino City Lab?",
}
REFUSED = {"en": "Who is the mayor of Baltimore?", "it": "Chi è il sindaco di Baltimora?"}
UNKNOWN = {
    "en": "What did Bologna adopt from Torino City Lab?",
    "it": "Che cosa ha adottato Bologna dal Torino City Lab?",
}


@dataclass(frozen=True)
class State:
    """What to ask for, and with which status a page comes back.

    `ready` says whether of a service that has an index.
    """

    path: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ready: bool = True


def states(lang: str) -> dict[str, State]:
    """Every state by its name, in one language."""

    def asked(question: str) -> str:
        return f"/?lang={lang}&q={quote(question)}"

    def reader(document: str, quoted: str | None = None) -> str:
        citation = f"&c={citation_id(document, quoted)}" if quoted else ""
        return f"/read/{document}?lang={lang}{citation}#cited"

    gardens = "orti/scuole"
    return {
        "home": State(f"/?lang={lang}"),
        "nothing-asked": State(asked(" ")),
        "answer": State(asked(ANSWERED[lang])),
        "refused": State(asked(REFUSED[lang])),
        "unknown-name": State(asked(UNKNOWN[lang])),
        "too-long": State(asked("x" * (QUESTION_LIMIT + 1)), 422),
        "busy": State(asked(BUSY), 503),
        "too-many": State(asked(ANSWERED[lang]), 429, FROM_AFAR),
        "not-ready": State(asked(ANSWERED[lang]), 503, ready=False),
        "fault": State(asked(FAULT), 500),
        "not-found": State(f"/read/nowhere?lang={lang}", 404),
        "reader": State(reader("baltimore-turin")),
        "reader-cited": State(reader("baltimore-turin", CITED)),
        "reader-original": State(reader(gardens, ELSEWHERE)),
        "reader-changed": State(reader(gardens, CHANGED)),
        "reader-dropped": State(reader(gardens, DROPPED)),
        "reader-gone": State(reader("old", REMOVED), 404),
        "reader-untrusted": State(reader("untrusted")),
        "embed": State(f"/embed?lang={lang}"),
        "embed-allowed": State(f"/embed?lang={lang}&site=www.comune.example/it&speaks=it"),
        "embed-other": State(f"/embed?lang={lang}&site=https://città.example"),
        "embed-no-site": State(f"/embed?lang={lang}&site=javascript:alert(1)"),
    }
