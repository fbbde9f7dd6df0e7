"""Attacks a service that really runs, and asks it questions meanwhile.

    python benchmarks/attacks.py [--index data/index] [--json]

Each attack holds many connections at once, from this machine. Shown are how the service
ended them, how long that took, and how a client fared that asked one new question after
the other meanwhile. The attackers share a process with that client: its
slowest answer tells of them too.
"""

import argparse
import asyncio
import contextlib
import json
import resource
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table

from started import started

PATIENCE = 30  # seconds until a connection counts as left open
OPEN_FILES = 4096  # for the attacker's own connections
GET = b"GET /healthz HTTP/1.1\r\nHost: rinvio\r\n"
POST = b"POST /v1/ask HTTP/1.1\r\nHost: rinvio\r\nContent-Type: application/json\r\n"
CHUNK = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
CLIENT = b"GET /v1/documents HTTP/1.1\r\nHost: rinvio\r\nX-Forwarded-For: 203.0.113.5\r\n\r\n"


@dataclass(frozen=True)
class Attack:
    """What each of many connections sends: `first`, then `more` after every pause (seconds)."""

    name: str
    connections: int
    first: bytes
    more: bytes = b""
    pause: float = 1.0


ATTACKS = (
    Attack("nothing (for comparison)", 0, b""),
    Attack("headers, a line a second", 500, GET, b"X: y\r\n"),
    Attack("silence, more than are held", 1500, b""),
    Attack("bodies, a byte a second", 500, POST + b"Content-Length: 9000\r\n\r\n", b"x"),
    Attack("bodies of 1 GB", 50, POST + b"Content-Length: 1000000000\r\n\r\n", CHUNK, 0.01),
    Attack("bodies without end", 50, POST + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK, 0.01),
    Attack("headers without end", 50, GET, b"X: y\r\n" * 1000, 0.01),
    Attack("one header without end", 50, GET + b"X: ", b"y" * 0x1000, 0.01),
    Attack("no HTTP at all", 500, bytes(range(256))),
    Attack("1,000 requests of one client", 1000, CLIENT),
)


async def ended(port: int, attack: Attack) -> str:
    """How the service ended one connection: the status of its answer, or that it closed it."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        sending = asyncio.create_task(_send(writer, attack))
        answer = await asyncio.wait_for(reader.read(100), PATIENCE)
    except ConnectionError:
        return "closed"
    except TimeoutError:
        return "left open"
    sending.cancel()
    writer.transport.abort()
    return answer.split()[1].decode() if answer else "closed"


async def _send(writer: asyncio.StreamWriter, attack: Attack) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(attack.first)
        while True:
            await asyncio.sleep(attack.pause)
            writer.write(attack.more)
            await writer.drain()


async def asking(port: int, over: asyncio.Event) -> list[float | None]:
    """Milliseconds to each answer, None where there was none, until the attack is over."""
    taken: list[float | None] = []
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        while not over.is_set() or len(taken) < 20:
            question = {"q": f"what did Baltimore adopt in {len(taken)} from {time.time()}?"}
            began = time.perf_counter()
            try:
                (await client.get("/v1/ask", params=question)).raise_for_status()
                taken.append((time.perf_counter() - began) * 1000)
            except httpx2.HTTPError:
                taken.append(None)
            await asyncio.sleep(0.02)
    return taken


async def outcome(port: int, attack: Attack) -> dict[str, Any]:
    """What became of the attack and of the questions."""
    over = asyncio.Event()
    client = asyncio.create_task(asking(port, over))
    began = time.perf_counter()
    ends = await asyncio.gather(*(ended(port, attack) for _ in range(attack.connections)))
    seconds = time.perf_counter() - began
    over.set()
    taken = await client
    answered = sorted(ms for ms in taken if ms is not None)
    return {
        "attack": attack.name,
        "connections": attack.connections,
        "ended": dict(Counter(ends)),
        "seconds": round(seconds, 1),
        "asked": len(taken),
        "answered": len(answered),
        "median_ms": round(answered[len(answered) // 2], 1),
        "slowest_ms": round(answered[-1], 1),
    }


def main() -> None:
    """Print one table; exit code 1 when a question went unanswered or a connection stayed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--index", type=Path, default=Path("data/index"), metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    with started(options.index) as port:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        rows = [asyncio.run(outcome(port, attack)) for attack in ATTACKS]
    if options.json:
        print(json.dumps(rows))
    else:
        Console(width=130).print(_table(rows))
    held = all(row["asked"] == row["answered"] and "left open" not in row["ended"] for row in rows)
    raise SystemExit(not held)


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table("attack", "connections ended", "s", "questions answered", "median ms", "slowest")
    for row in rows:
        ends = ", ".join(f"{count} {end}" for end, count in row["ended"].items())
        answered = f"{row['answered']} of {row['asked']}"
        figures = (str(row[name]) for name in ("median_ms", "slowest_ms"))
        table.add_row(row["attack"], ends, str(row["seconds"]), answered, *figures)
    return table


if __name__ == "__main__":
    main()
