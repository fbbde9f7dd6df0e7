"""The verifiers that ship: one that reads English only, and better, and one for all else."""

from pathlib import Path
from threading import Lock

from qa.relation import Relation
from qa.verifier import Verifier, read_card

FOLDER = Path(__file__).parent / "models"
ENGLISH, MULTILINGUAL = FOLDER / "english", FOLDER / "multilingual"


class Verifiers:
    """Both, of which the second is loaded when first needed: many a service never needs it."""

    def __init__(self, threads: int | None = None, english: bool = True) -> None:
        """Load one, and check the other's files; EncoderError when some are not intact.

        Each reads a text on `threads`, by default one for each core. `english` says which is
        likely to be needed.
        """
        self._threads = threads
        self._loaded: dict[Path, Verifier] = {}
        self._lock = Lock()
        first, second = (ENGLISH, MULTILINGUAL) if english else (MULTILINGUAL, ENGLISH)
        self._load(first)
        read_card(second)

    def of(self, relation: Relation) -> Verifier:
        """The one for a question and a passage whose languages meet so."""
        return self._load(ENGLISH if relation == "english" else MULTILINGUAL)

    def _load(self, folder: Path) -> Verifier:
        if folder not in self._loaded:  # so that nobody waits while the other one is loaded
            with self._lock:  # two questions at once load it once
                if folder not in self._loaded:
                    self._loaded[folder] = Verifier(folder, self._threads)
        return self._loaded[folder]
