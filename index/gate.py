"""What acceptance questions say of a generation: asked before it is published, kept beside it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import GateError, GenerationError
from index.files import replace_text
from index.publishing import GATES_FOLDER

# Where nothing is served to compare with: shares of the answerable questions and of the others.
LEAST_FIRST, LEAST_ANSWERED, MOST_OTHERS = 0.8, 0.5, 0.1
NEEDED = (
    f"evidence first for {LEAST_FIRST:.0%}, answered rightly {LEAST_ANSWERED:.0%}, "
    f"at most {MOST_OTHERS:.0%} of the others answered"
)


@dataclass(frozen=True)
class GateFigures:
    """How many questions the documents answer and how many not (`others`); what became of them."""

    answerable: int
    evidence_first: int
    answered_rightly: int
    others: int
    others_answered: int

    def __str__(self) -> str:
        return (
            f"evidence first {self.evidence_first} of {self.answerable}, "
            f"answered rightly {self.answered_rightly} of {self.answerable}, "
            f"others answered {self.others_answered} of {self.others}"
        )


@dataclass(frozen=True)
class GateVerdict:
    """Whether a generation may be published, and why.

    `questions` is the sha256 of the file that was asked; `before` are the figures of the
    generation that was served then, None without any; `worse` names the questions that
    fare worse than before, or badly where nothing was served.
    """

    passed: bool
    questions: str
    figures: GateFigures
    before: GateFigures | None
    worse: tuple[str, ...]


Gate = Callable[[str, str | None], GateVerdict]  # of a new generation and of the one that is served


def passes(figures: GateFigures, before: GateFigures | None) -> bool:
    """Whether no figure is worse than before; where nothing was served, each has its least."""
    if before:
        return (
            figures.evidence_first >= before.evidence_first
            and figures.answered_rightly >= before.answered_rightly
            and figures.others_answered <= before.others_answered
        )
    return (
        figures.evidence_first >= LEAST_FIRST * figures.answerable
        and figures.answered_rightly >= LEAST_ANSWERED * figures.answerable
        and figures.others_answered <= MOST_OTHERS * figures.others
    )


class RefusedError(GateError):
    """The gate is shut; `verdict` says why."""

    def __init__(self, verdict: GateVerdict) -> None:
        """Name the questions that stand against the new generation."""
        needed = f"before: {verdict.before}" if verdict.before else f"needed: {NEEDED}"
        said = f"The new index is not published: {verdict.figures} ({needed})."
        super().__init__(
            "\n  ".join([said, *verdict.worse]),
            "Mend the documents or the questions, or build without a gate; "
            "what is served is as it was.",
        )
        self.verdict = verdict


def record(index: Path, generation: str, verdict: GateVerdict) -> None:
    """Keep the verdict on a generation, in place of an earlier one."""
    path = _path(index, generation)
    path.parent.mkdir(exist_ok=True)
    replace_text(path, json.dumps(asdict(verdict), indent=2, ensure_ascii=False) + "\n")


def recorded(index: Path, generation: str) -> GateVerdict | None:
    """The verdict on a generation, None when it was published without; GenerationError."""
    path = _path(index, generation)
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        before = fields["before"]
        fields |= {
            "figures": GateFigures(**fields["figures"]),
            "before": GateFigures(**before) if before else None,
            "worse": tuple(fields["worse"]),
        }
        return GateVerdict(**fields)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GenerationError(
            f"{path} cannot be read ({error}).", "Remove it, or build again with --gate."
        ) from error


def _path(index: Path, generation: str) -> Path:
    return index / GATES_FOLDER / f"{generation}.json"
