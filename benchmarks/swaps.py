"""Asks while the index is rebuilt and swapped, and whether each answer is of one generation.

Two variants of a corpus share half of their documents. They are built and published in turn
(`rinvio build`) while clients ask without a pause, every question once. Afterwards each
answer is compared, byte for byte, with what a service gives that was started on the generation
that the answer names: an answer made of two generations would differ.
"""

import asyncio
import hashlib
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.datasets import DataSet
from evaluation.indexes import KEPT_IN
from index.publishing import CURRENT_FILE
from index.rollback import rollback
from load import Response, load
from services import Service, running

CLIENTS = 8
DOCUMENTS = 60  # of which each variant has two thirds
SETTLED = 100  # answers of the new generation in a row: the swap is over
SWAP_SECONDS = 60.0
VERSION = re.compile(rb'"index_version": ?"(\w+)"')


class Heard:
    """What was answered, by the number of the question; how long the generation is the same."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.answers: dict[int, Told] = {}
        self.version = ""  # of the last answer
        self.row = 0  # answers in a row that name it
        self.since = 0.0  # the time of the first of them

    def __call__(self, number: int, response: Response) -> None:
        """Note a response."""
        found = VERSION.search(response.body)
        version = found[1].decode() if found else ""
        digest = hashlib.sha256(response.body).digest()
        self.answers[number] = Told(response.status, version, digest)
        if version != self.version:
            self.version, self.row, self.since = version, 0, time.time()
        self.row += 1


@dataclass(frozen=True)
class Told:
    """A status, the generation that the answer names, and the answer's digest."""

    status: int
    version: str
    digest: bytes


@dataclass(frozen=True)
class Swapped:
    """What came of it; `seconds` from each change of CURRENT to the first of SETTLED answers."""

    requests: int
    errors: int
    mixed: int
    seconds: Sequence[float]


class Variants:
    """An index with two generations, that are published in turn."""

    def __init__(self, data: DataSet, encoder: str, executable: Path, work: Path) -> None:
        """Write the documents to `work` and build both."""
        self.index = work / "index"
        self.index.mkdir(parents=True)
        (self.index / "encoders").symlink_to((KEPT_IN / "encoders").absolute())
        third = DOCUMENTS // 3
        parts = data.documents[: 2 * third], data.documents[third:DOCUMENTS]
        self._commands = []
        for name, documents in zip("ab", parts, strict=True):
            (work / name).mkdir()
            for document in documents:
                file = hashlib.sha256(document.id.encode()).hexdigest()[:12]
                (work / name / f"{file}.txt").write_text(document.text, encoding="utf-8")
            command = ["build", "--documents", work / name, "--index", self.index]
            self._commands.append([executable, *command, "--encoder", encoder])
        self.versions = [self._built(command) for command in self._commands]

    def _built(self, command: Sequence[str | Path]) -> str:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # ours
        return (self.index / CURRENT_FILE).read_text().split()[0]

    def publish(self, number: int) -> str:
        """Build the first variant (even `number`) or the second; its id."""
        return self._built(self._commands[number % 2])


class Trial:
    """One run: questions without a pause from CLIENTS clients, while generations change."""

    def __init__(self, service: Service, variants: Variants, asked: Sequence[str]) -> None:
        """Ask `service`, which serves `variants`, the questions `asked`, all different."""
        self._service = service
        self._variants = variants
        self._first, *self._asked = asked
        self._heard = Heard()

    def run(self, requests: int, swaps: int) -> Swapped:
        """Ask until there were so many requests and so many swaps; then compare the answers."""
        with running(self._service, self._first) as it:
            seconds = asyncio.run(self._during(it.port, requests, swaps))
        answers = self._heard.answers.values()
        unknown = sum(
            answer.status == 200 and answer.version not in self._variants.versions
            for answer in answers
        )
        return Swapped(
            requests=len(answers),
            errors=sum(answer.status != 200 for answer in answers),
            mixed=unknown + sum(map(self._different, self._variants.versions)),
            seconds=[round(value, 2) for value in seconds],
        )

    async def _during(self, port: int, requests: int, swaps: int) -> list[float]:
        publishing = asyncio.create_task(self._publish(swaps))

        def wanted() -> Iterator[bytes]:
            for number, question in enumerate(self._asked):
                if number >= requests and publishing.done():
                    return
                yield self._service.request(question)

        await load(port, wanted(), CLIENTS, self._heard)
        return await publishing

    async def _publish(self, swaps: int) -> list[float]:
        """The seconds of each swap, from the pointer's change to the last change of answers."""
        seconds = []
        for number in range(swaps):
            version = await asyncio.to_thread(self._variants.publish, number)
            pointed = (self._variants.index / CURRENT_FILE).stat().st_mtime
            while self._heard.version != version or self._heard.row < SETTLED:
                if time.time() - pointed > SWAP_SECONDS:
                    raise SystemExit(f"{version} is not served after {SWAP_SECONDS:.0f} s")
                await asyncio.sleep(0.05)
            seconds.append(self._heard.since - pointed)
        return seconds

    def _different(self, version: str) -> int:
        """How many answers that name `version` differ from those of a service started on it."""
        told = self._heard.answers
        numbers = [number for number, answer in told.items() if answer.version == version]
        rollback(self._variants.index, version)
        again = Heard()
        with running(self._service, self._first) as it:
            requests = (self._service.request(self._asked[number]) for number in numbers)
            asyncio.run(load(it.port, requests, CLIENTS, again))
        return sum(again.answers[row] != told[number] for row, number in enumerate(numbers))
