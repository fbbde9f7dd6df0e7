"""Holds the service against its own OpenAPI document with schemathesis.

    python benchmarks/api_fuzz.py [--index data/index] [--examples 100]

Starts the service twice, open and with a key, and sends each operation valid, invalid and
hostile requests: no answer may be a server error or differ from what is documented. Ends
with the exit code of schemathesis: 0 when nothing was found.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2

from started import started

KEY = "a-key-for-the-benchmark"


def fuzz(port: int, examples: int, key: str | None) -> int:
    """The exit code of schemathesis on the service at `port`."""
    address = f"http://127.0.0.1:{port}"
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(_known(address, headers))
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
        command += ["--checks", "all", "--continue-on-failure", "--max-examples", str(examples)]
        command += [f"--header={name}: {value}" for name, value in headers.items()]
        return subprocess.run([*command, f"{address}/openapi.json"], cwd=folder).returncode  # noqa: S603


def _known(address: str, headers: dict[str, str]) -> str:
    """Ids that exist, so that more than 404 is tried."""
    with httpx2.Client(base_url=address, headers=headers) as client:
        document = client.get("/v1/documents").json()["documents"][0]
        asked = {"q": document["title"]}
        citation = client.get("/v1/ask", params=asked).json()["passages"][0]["citation"]
    return f"""
[parameters]
"path.citation_id" = {json.dumps(citation["id"])}
"path.document_id" = {json.dumps(document["id"])}
"""


def main() -> None:
    """Print what schemathesis found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, default=Path("data/index"), metavar="FOLDER")
    parser.add_argument("--examples", type=int, default=100, help="for each operation")
    options = parser.parse_args()
    codes = []
    for settings, key in (({}, None), ({"api_keys": KEY}, KEY)):
        with started(options.index, verifier=False, **settings) as port:
            codes.append(fuzz(port, options.examples, key))
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
