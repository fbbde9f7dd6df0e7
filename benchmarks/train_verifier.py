"""Trains the verifiers, which say whether a passage answers a question, and where.

    python benchmarks/train_verifier.py english --data SQUAD2 benchmarks/near-misses
    python benchmarks/train_verifier.py multilingual --data SQUAD2 SQUAD_IT SQUAD_IT2EN PAIRS
    python benchmarks/train_verifier.py multilingual --start FILE --data ... benchmarks/near-misses

What they start from is in `verifier_bases.py`. Each has two heads: a pointer at the tokens of
the answer, and a verdict from what it points at. The embeddings and the first layers stay as
they are. A plain torch loop, because sentence-transformers' CrossEncoder trainer has no second loss
for where the answer stands.

The examples come from `verifier_examples.py`, the passes from `verifier_recipe.py`: whole
articles are held out (UNSEEN), for `fit_confidence.py` and for the figures of
docs/verifier.md. `--start` goes on from a file with the pass that its card has not had yet.
The seed is fixed, but sums depend on the cores: another machine follows the same recipe to
other bytes. 1,600 steps take 24 minutes on two cores with bfloat16, 50 where only float32 is fast.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch.nn import functional

from evaluation.datasets import read_data_set
from index.manifest import sha256_of
from indexes import index_of
from qa.verifier import CARD_FILE, MODEL_FILE, TOKENIZER_FILE
from qa.verifiers import FOLDER
from verifier_bases import ABOUT, BASES
from verifier_examples import Example, examples_of
from verifier_network import Network, export
from verifier_recipe import FINER, PASSES, UNSEEN, WATCHED, Pass, how_often
from verifier_start import restore

BATCH, WARM, DECAY = 16, 120, 0.01
TOKENS = 160  # of a pair
POINTER_LOSS = 0.5
JUDGED_EVERY = 800
# Without AVX-512 a processor only imitates bfloat16, many times slower than float32
BFLOAT16 = "AVX512" in torch.backends.cpu.get_cpu_capability()
Row = tuple[list[int], list[int], bool, list[int]]  # ids, of text, answers, answer's tokens
Figures = dict[str, float]


def rows_of(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Row]:
    """The examples in tokens."""
    pairs = [(example.question, example.text) for example in examples]
    rows = []
    for example, encoding in zip(examples, tokenizer.encode_batch(pairs), strict=True):
        places = enumerate(zip(encoding.offsets, encoding.type_ids, strict=True))
        answer = [
            place
            for place, ((a, b), of_text) in places
            if of_text and a < b and any(a < end and start < b for start, end in example.spans)
        ]
        rows.append((encoding.ids, encoding.type_ids, bool(example.spans), answer))
    return rows


def tensors(rows: Sequence[Row]) -> tuple[Any, ...]:
    """ids, mask, of text, whether it answers, where; padded to a multiple of 8 tokens."""
    longest = -(-max(len(row[0]) for row in rows) // 8) * 8
    ids = torch.ones(len(rows), longest, dtype=torch.long)
    mask, of_text, answer = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(3))
    for number, (tokens, kinds, _, places) in enumerate(rows):
        ids[number, : len(tokens)] = torch.tensor(tokens)
        of_text[number, : len(tokens)] = torch.tensor(kinds)
        mask[number, : len(tokens)] = 1
        answer[number, places] = 1
    return ids, mask, of_text, torch.tensor([float(row[2]) for row in rows]), answer.bool()


def batches(rows: list[Row], often: list[float], chance: random.Random) -> Iterator[list[Row]]:
    """Endless batches of rows of like length."""
    while True:
        picked = [n for n, share in enumerate(often) for _ in range(int(share + chance.random()))]
        chance.shuffle(picked)
        for start in range(0, len(picked), BATCH * 16):
            alike = sorted(picked[start : start + BATCH * 16], key=lambda n: len(rows[n][0]))
            groups = [alike[k : k + BATCH] for k in range(0, len(alike), BATCH)]
            chance.shuffle(groups)
            yield from ([rows[number] for number in group] for group in groups)


def loss_of(verdicts: Any, pointers: Any, rights: Any, answers: Any) -> Any:
    """Binary cross-entropy, and for pairs that answer the pointer's mass on the answer."""
    loss = functional.binary_cross_entropy_with_logits(verdicts, rights)
    has = answers.any(-1)
    if has.any():
        chances = pointers.log_softmax(-1).masked_fill(~answers, -1e4)[has]
        loss = loss - POINTER_LOSS * chances.logsumexp(-1).mean()
    return loss


def train(
    network: Network,
    tokenizer: Tokenizer,
    seen: list[Example],
    often: list[float],
    watched: list[Example],
    run: Pass,
) -> None:
    """Run all steps on `seen`, each so `often`; prints the figures of `watched` on the way."""
    rows, judged = rows_of(tokenizer, seen), rows_of(tokenizer, watched)
    source = batches(rows, often, random.Random(run.seed))
    free = [p for p in network.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in free if p.dim() > 1], "weight_decay": DECAY},
        {"params": [p for p in free if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=run.rate, fused=True)
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM, max(0.02, (run.steps - n) / (run.steps - WARM)))
    )
    for step in range(1, run.steps + 1):
        ids, mask, of_text, rights, answers = tensors(next(source))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
            verdicts, pointers = network(ids, mask, of_text)
        loss_of(verdicts, pointers, rights, answers).backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        slope.step()
        optimiser.zero_grad()
        if step % JUDGED_EVERY == 0 or step == run.steps:
            print(step, figures(watched, predicted(network, judged)), flush=True)


@torch.no_grad()
def predicted(network: Network, rows: list[Row]) -> NDArray[np.float64]:
    """The logits of `rows`."""
    network.eval()
    logits = np.zeros(len(rows))
    order = sorted(range(len(rows)), key=lambda number: len(rows[number][0]))
    for start in range(0, len(order), 48):
        part = order[start : start + 48]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
            logits[part] = network(*tensors([rows[n] for n in part])[:3])[0].numpy()
    network.train()
    return logits


def figures(examples: Sequence[Example], logits: NDArray[np.float64]) -> Figures:
    """AUROC of the answers of each set against each of its kinds of negative."""
    by: dict[tuple[str, str], list[float]] = defaultdict(list)
    for example, logit in zip(examples, logits, strict=True):
        by[example.data, example.kind].append(float(logit))
    found = {}
    for (data, kind), others in sorted(by.items()):
        if not kind.startswith("answer") and (whole := by[data, "answer"]):
            labels = [1] * len(whole) + [0] * len(others)
            found[f"{data}: {kind}"] = round(float(roc_auc_score(labels, whole + others)), 3)
    return found


def main() -> None:
    """Train, export, and write the card."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verifier", choices=BASES)
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--start", type=Path, metavar="FILE", help="go on from this verifier.onnx")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="qa/models/... by default")
    options = parser.parse_args()
    before = []
    if options.start:
        before = json.loads(options.start.with_name(CARD_FILE).read_text("utf-8"))["trained_on"]
    passes = PASSES[options.verifier]
    if len(before) == len(passes):
        parser.error(f"{options.start} has had all {len(passes)} passes: add one to PASSES")
    run = passes[len(before)]
    torch.manual_seed(run.seed)
    sets = [read_data_set(folder) for folder in options.data]
    examples = [
        example
        for data in sets
        for example in examples_of(data, index_of(data, "e5"))
        if example.english or options.verifier != "english"
    ]
    unseen = {title for titles in UNSEEN for title in titles}
    watched = {title for titles in WATCHED for title in titles}
    tokenizer, network = BASES[options.verifier]()
    tokenizer.enable_truncation(TOKENS, strategy="only_second")
    if options.start:
        restore(network, options.start)
    network.train()
    seen = [example for example in examples if example.article not in unseen]
    known = {name for earlier in before for name in earlier["sets"]}
    often = [how_often(example, run, known) for example in seen]
    train(network, tokenizer, seen, often, [e for e in examples if e.article in watched], run)
    out = options.out or FOLDER / options.verifier
    export(network, tokenizer, out, FINER[options.verifier])
    card = {
        **ABOUT[options.verifier],
        "token_limit": TOKENS,
        "trained_on": [*before, {"sets": [data.name for data in sets], **run._asdict()}],
        "unseen_articles": UNSEEN,
        "files": {name: sha256_of(out / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
    }
    (out / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
