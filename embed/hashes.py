"""What names a script and what a page may pin it by: its hashes."""

import base64
import hashlib

NAMES = ("sha384", "sha256", "sha512")  # of subresource integrity, the one that we write first


def version_of(script: bytes) -> str:
    """The name of a script: the beginning of its sha256."""
    return hashlib.sha256(script).hexdigest()[:12]


def integrities(script: bytes) -> list[str]:
    """What the `integrity` attribute of a tag may say of a script; we write the first."""
    digests = [(name, hashlib.new(name, script).digest()) for name in NAMES]
    return [f"{name}-{base64.b64encode(digest).decode()}" for name, digest in digests]


def obeyed(integrity: str) -> list[str]:
    """The hashes of an `integrity` attribute that browsers look at: those of its longest kind."""
    known = [each for each in integrity.split() if each.partition("-")[0] in NAMES]
    longest = max((each.partition("-")[0] for each in known), default="")
    return [each for each in known if each.startswith(longest)]
