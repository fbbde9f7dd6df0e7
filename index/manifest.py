"""The manifest of a generation: what it is made of, with the sha256 of every file."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from corpus.errors import GenerationError
from index.files import not_permitted, sha256_of

MANIFEST_FILE = "manifest.json"
FORMAT = 5
REBUILD = (
    "Build it again from the same folder (`rinvio build --documents FOLDER`), "
    "or go back to an earlier one (`rinvio rollback`)."
)
ANEW = "Build again (`rinvio build --documents FOLDER`): it is made anew."


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` says. The generation's id is the sha256 of the file itself.

    There is no date in it: identical input gives an identical manifest. `recipe` names the
    code that cut the documents (index/recipe.py).
    """

    format: int
    encoder: str
    encoder_name: str
    dimension: int
    documents: int
    passages: int
    sentences: int
    languages: tuple[str, ...]
    passage_words: int
    recipe: str
    files: dict[str, str]
    encoder_files: dict[str, str]

    def write(self, folder: Path) -> str:
        """Write the file and return the id that it gives the generation."""
        text = json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")
        return generation_id(text.encode())


def read_manifest(folder: Path, expected_id: str) -> Manifest:
    """The manifest in `folder`; GenerationError when absent, altered or of another format.

    NotPermittedError where that cannot be known.
    """
    path = folder / MANIFEST_FILE
    try:
        raw = path.read_bytes()
    except PermissionError as error:
        raise not_permitted(path) from error
    except OSError as error:
        raise GenerationError(f"{path} cannot be read ({error.strerror}).", REBUILD) from error
    if generation_id(raw) != expected_id:
        raise GenerationError(f"{path} is damaged: it is not the one that was published.", REBUILD)
    try:
        fields = json.loads(raw)
        if fields["format"] == FORMAT:
            return _manifest(fields)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise GenerationError(f"{path} is no manifest of an index ({error}).", REBUILD) from error
    raise GenerationError(
        f"{path} has format {fields['format']}, this version reads {FORMAT}.", ANEW
    )


def _manifest(fields: dict[str, Any]) -> Manifest:
    """ValueError where a name leads out of the index, TypeError where a field is amiss."""
    made = Manifest(**fields | {"languages": tuple(fields["languages"])})
    names = map(PurePosixPath, {made.encoder: "", **made.files, **made.encoder_files})
    if outside := next((name for name in names if name.is_absolute() or ".." in name.parts), None):
        raise ValueError(f"{str(outside)!r} is outside of it")
    return made


def generation_id(manifest: bytes) -> str:
    """The name of a generation: the first 16 hexadecimal digits of its manifest's sha256."""
    return hashlib.sha256(manifest).hexdigest()[:16]


def file_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file below `folder` but the manifest, by relative name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [(path.relative_to(folder).as_posix(), path) for path in paths]
    return {name: sha256_of(path) for name, path in names if name != MANIFEST_FILE}


def check_files(folder: Path, expected: dict[str, str], cure: str = REBUILD) -> None:
    """GenerationError, with this cure, naming the first file that is missing or altered.

    NotPermittedError where that cannot be known.
    """
    for name, sha256 in expected.items():
        if _checked_sha256(folder / name, cure) != sha256:
            raise GenerationError(
                f"{folder / name} is damaged: its sha256 is not the manifest's.", cure
            )


def _checked_sha256(path: Path, cure: str) -> str:
    try:
        return sha256_of(path)
    except FileNotFoundError as error:
        raise GenerationError(f"{path} is missing.", cure) from error
    except PermissionError as error:
        raise not_permitted(path) from error
    except OSError as error:
        raise GenerationError(f"{path} cannot be read ({error.strerror}).", cure) from error
