"""The model that tells languages, unpacked once beside the index and mapped from there.

py3langid keeps it packed for 142 languages, and unpacking takes every process 0.4 seconds and
80 MB. Mapped, with the languages that are read here, it takes neither, and workers share it.
"""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import ArrayLike, NDArray

from corpus.errors import GenerationError
from corpus.language import LANGUAGES, identifier_of_package, tell_by
from index.files import not_permitted, replace_text, replacing, sha256_of
from index.manifest import ANEW, check_files

LANGUAGES_FOLDER = "languages"
MODEL_FILE = "model.npy"
CARD_FILE = "model.json"
RECIPE = 1  # raise it whenever the file is written in another way


def map_languages(index: Path) -> bool:
    """Have languages told by the model beside `index`; False when it is not there, whole."""
    folder = index / LANGUAGES_FOLDER
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        if card["made_of"] != _made_of():
            return False
        check_files(folder, card["files"])
        tell_by(_identifier(np.load(folder / MODEL_FILE, mmap_mode="r")[0], card["classes"]))
    except (OSError, ValueError, LookupError, TypeError, GenerationError):
        return False
    return True


def ensure_languages(index: Path) -> None:
    """The same; the model is unpacked first where there is none.

    GenerationError when that cannot be written.
    """
    if map_languages(index):
        return
    folder = index / LANGUAGES_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):  # a second build waits, and then finds it done
            if not map_languages(index):
                _unpack(folder)
                map_languages(index)
    except OSError as error:
        raise GenerationError(
            f"{folder} cannot be written ({error.strerror or error}).",
            "Check --index, its permissions and the disk's free space.",
        ) from error


def check_languages(index: Path) -> None:
    """Check the model beside `index` against its card, where there is one; GenerationError.

    A service does without a damaged one, slower and larger: nobody would notice.
    """
    card = index / LANGUAGES_FOLDER / CARD_FILE
    try:
        files = dict(json.loads(card.read_text(encoding="utf-8"))["files"])
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise not_permitted(card) from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise GenerationError(f"{card} is damaged ({error}).", ANEW) from error
    check_files(card.parent, files, ANEW)


def _unpack(folder: Path) -> None:
    model = identifier_of_package()
    record = _record(
        moves=model.tk_nextmove,
        rows=model.tk_row,
        features=np.array(model.tk_output, np.int32),
        weights=model.nb_ptc,
        priors=model.nb_pc,
    )
    with replacing(folder / MODEL_FILE) as aside, aside.open("wb") as file:
        np.save(file, record)
    files = {MODEL_FILE: sha256_of(folder / MODEL_FILE)}
    card = {"made_of": _made_of(), "classes": model.nb_classes, "files": files}
    replace_text(folder / CARD_FILE, json.dumps(card, indent=2) + "\n")


def _made_of() -> list[str]:
    """What the file depends on: where any of it differs, it is made anew."""
    return [f"recipe {RECIPE}", f"py3langid {version('py3langid')}", *LANGUAGES]


def _record(**arrays: ArrayLike) -> NDArray[np.void]:
    """Several arrays in a file of one: a record with a field for each."""
    fields = {name: np.asarray(values) for name, values in arrays.items()}
    shape = [(name, values.dtype, values.shape) for name, values in fields.items()]
    record = np.zeros(1, np.dtype(shape, align=True))  # gaps between the fields too
    for name, values in fields.items():
        record[0][name] = values
    return record


def _identifier(record: Any, classes: Sequence[str]) -> Any:
    from py3langid.langid import LanguageIdentifier

    return LanguageIdentifier(
        np.asarray(record["weights"]),
        np.asarray(record["priors"]),
        list(classes),
        # Python walks over these number by number, which an array of numpy makes slow.
        memoryview(record["moves"]),
        memoryview(record["features"]),
        norm_probs=True,
        tk_row=memoryview(record["rows"]),
    )
