"""txtai's side of `peers.py`: run by the Python of txtai's own environment, which has no Rinvio.

    python benchmarks/peer_txtai.py WORK

WORK holds `model/` (a sentence-transformers folder), `passages.jsonl` and `queries.jsonl`
({"id", "text"} a line). Writes `run.json`: for each query the ids of its best passages.
"""

import json
import sys
from pathlib import Path

from txtai import Embeddings

DEPTH = 300


def main() -> None:
    """Index the passages with vectors and keywords (txtai's hybrid), and ask every question."""
    work = Path(sys.argv[1])
    passages = _rows(work / "passages.jsonl")
    queries = _rows(work / "queries.jsonl")
    prompts = json.loads((work / "prompts.json").read_text(encoding="utf-8"))
    embeddings = Embeddings(
        path=str(work / "model"),
        hybrid=True,
        **({"instructions": prompts} if any(prompts.values()) else {}),
    )
    embeddings.index((row["id"], row["text"], None) for row in passages)
    found = embeddings.batchsearch([row["text"] for row in queries], DEPTH)
    run = {row["id"]: [name for name, _ in best] for row, best in zip(queries, found, strict=True)}
    (work / "run.json").write_text(json.dumps(run), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
