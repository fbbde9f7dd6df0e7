"""What is known of the request in hand, for its log line and whatever is logged on the way."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Facts:
    """One request; filled in while it is answered."""

    id: str
    generation: str | None = None
    question: str | None = None  # logged only where `log_questions` is on


_in_hand: ContextVar[Facts | None] = ContextVar("request in hand", default=None)


def begin(request_id: str) -> Facts:
    """The facts of a request that begins in this task."""
    facts = Facts(request_id)
    _in_hand.set(facts)
    return facts


def in_hand() -> Facts | None:
    """The facts of the request in hand, None outside of any."""
    return _in_hand.get()


def note(*, generation: str | None = None, question: str | None = None) -> None:
    """Add to the request in hand which generation answers it, or what it asks."""
    facts = _in_hand.get()
    if facts is not None:
        facts.generation = generation or facts.generation
        facts.question = question or facts.question
