"""The services that are compared on one set: txtai's API, and Rinvio in several ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.datasets import DataSet
from evaluation.indexes import KEPT_IN, index_of
from index.generation import Generation
from peers import prepare, run_txtai
from services import Service, rinvio, txtai

PEER = "txtai"  # the one that ratios are to


@dataclass(frozen=True)
class Rival:
    """A service with the encoder that it serves, and the folder of its environment."""

    encoder: str
    service: Service
    environment: Path


def rivals(
    data: DataSet, encoder: str, python: Path, executable: Path, settings: Mapping[str, str]
) -> list[Rival]:
    """The API of txtai both ways, then Rinvio with its verifier and without, one worker and two."""
    index = index_of(data, encoder)
    work = served_by_txtai(Generation.open(index), python)
    peers = [
        txtai(PEER, python, work / "plain.yml"),
        txtai(f"{PEER}, hybrid", python, work / "hybrid.yml"),
    ]
    ours = [
        rinvio(executable, index, verifier=verifier, workers=workers, **settings)
        for workers in (1, 2)
        for verifier in (True, False)
    ]
    return [
        Rival(encoder, service, runs.absolute().parents[1])
        for services, runs in ((peers, python), (ours, executable))
        for service in services
    ]


def served_by_txtai(generation: Generation, python: Path) -> Path:
    """The folder with txtai's indexes of the passages of `generation`, each made once."""
    work = KEPT_IN / f"txtai-{generation.id}"
    if not (work / "hybrid.yml").is_file():
        work.mkdir(parents=True, exist_ok=True)
        prepare(work, generation)
        run_txtai(work, python)
    return work
