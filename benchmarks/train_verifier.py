r"""Trains the verifier, which says whether a passage answers a question, and where.

    python benchmarks/train_verifier.py --data SQUAD2 benchmarks/near-misses --out FIRST
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        --start FIRST --words WORDS.json --out SECOND
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        --start SECOND --out THIRD
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        benchmarks/forms --start THIRD --out FOURTH
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        benchmarks/forms benchmarks/near-misses-later benchmarks/case-studies \
        --start FOURTH --out FIFTH
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        benchmarks/forms benchmarks/near-misses-later benchmarks/case-studies \
        benchmarks/exchanges --start FIFTH --out SIXTH
    python benchmarks/train_verifier.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses \
        benchmarks/forms benchmarks/near-misses-later benchmarks/case-studies \
        benchmarks/exchanges benchmarks/exchanges-later --start SIXTH

It starts from a model that ranks English passages (`verifier_base.py`) and gets two heads: a
pointer at the tokens of the answer, and a verdict from what it points at. The first pass is
in English; the second gives it Italian words, those of `italian_words.py`, and both
languages; the third goes on with them; the fourth adds documents of other forms than prose,
the fifth case studies and more questions across languages, the sixth accounts of exchanges,
the seventh more of those.
A plain torch loop, because sentence-transformers' CrossEncoder trainer has no second loss for
where the answer stands.

The examples come from `verifier_examples.py`, the passes from `verifier_recipe.py`: whole
articles are held out (UNSEEN), for `fit_confidence.py` and for the figures of
docs/verifier.md. The seed is fixed, but sums depend on the cores: another machine follows the
same recipe to other bytes. A pass takes 55 minutes on two cores with AVX2, the last two
40 to 60 with AVX-512.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch.nn import functional

from evaluation.datasets import read_data_set
from index.files import sha256_of
from indexes import generation_of
from qa.verifier import CARD_FILE, FOLDER, MODEL_FILE, TOKENIZER_FILES, encoded, read_card
from verifier_base import BASE, ranking_model, with_italian
from verifier_examples import Example, examples_of
from verifier_network import Network, export
from verifier_recipe import PASSES, UNSEEN, WATCHED, Pass, evened, how_often
from verifier_start import restored

BATCH, WARM, DECAY = 16, 100, 0.01
TOKENS = 160  # of a pair
POINTER_LOSS = 0.5
JUDGED_EVERY = 800
# Without AVX-512 a processor only imitates bfloat16, many times slower than float32
BFLOAT16 = "AVX512" in torch.backends.cpu.get_cpu_capability()
Row = tuple[list[int], list[int], bool, list[int]]  # ids, of text, answers, answer's tokens
Figures = dict[str, float]
Tokenizers = Mapping[str, Tokenizer]  # by language


def rows_of(tokenizers: Tokenizers, examples: Sequence[Example]) -> list[Row]:
    """The examples in tokens."""
    rows = []
    for example in examples:
        encoding = encoded(tokenizers, example.question, example.text, example.languages)
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
    tokenizers: Tokenizers,
    seen: list[Example],
    watched: list[Example],
    run: Pass,
) -> None:
    """Run all steps on `seen`; prints the figures of `watched` on the way.

    It ends with the mean of the weights that were judged in the second half, which is better than
    any of them (stochastic weight averaging, Izmailov et al. 2018), or halfway (see Pass).
    """
    rows, judged = rows_of(tokenizers, seen), rows_of(tokenizers, watched)
    often = evened(seen, [how_often(example, run) for example in seen])
    source = batches(rows, often, random.Random(run.seed))
    words = network.bert.embeddings.word_embeddings.weight
    free = [p for p in network.parameters() if p.requires_grad and p is not words]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in free if p.dim() > 1], "weight_decay": DECAY},
        {"params": [p for p in free if p.dim() < 2], "weight_decay": 0.0},
        {"params": [words], "weight_decay": 0.0, "lr": run.word_rate},
    ]
    optimiser = torch.optim.AdamW(groups, lr=run.rate, fused=True)
    kept = [_copied(network)] if run.halfway else []
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM, max(0.02, (run.steps - n) / (run.steps - WARM)))
    )
    for step in track(range(1, run.steps + 1), "trained"):
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
            if step == run.steps or (step > run.steps / 2 and not run.halfway):
                kept.append(_copied(network))
    mean = {name: sum(each[name] for each in kept) / len(kept) for name in kept[0]}
    network.load_state_dict(mean)
    print("mean", figures(watched, predicted(network, judged)), flush=True)


def _copied(network: Network) -> dict[str, Any]:
    return {name: part.clone() for name, part in network.state_dict().items()}


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
    """AUROC of the answers of each set and languages against each of its kinds of negative."""
    by: dict[tuple[str, str], list[float]] = defaultdict(list)
    for example, logit in zip(examples, logits, strict=True):
        by[f"{example.data}, {'-'.join(example.languages)}", example.kind].append(float(logit))
    found = {}
    for (data, kind), others in sorted(by.items()):
        if not kind.startswith("answer") and (whole := by[data, "answer"]):
            labels = [1] * len(whole) + [0] * len(others)
            found[f"{data}: {kind}"] = round(float(roc_auc_score(labels, whole + others)), 3)
    return found


def main() -> None:
    """Train, export, and write the card."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--start", type=Path, metavar="FOLDER", help="--out of the pass before")
    parser.add_argument("--words", type=Path, metavar="FILE", help="written by italian_words.py")
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER")
    options = parser.parse_args()
    before = read_card(options.start)["passes"] if options.start else []
    if (done := len(before)) >= len(PASSES):
        parser.error(f"{options.start} has been through all passes.")
    if bool(options.words) != (done == 1):
        parser.error("The second pass needs --words, the others cannot use it.")
    run = PASSES[done]
    torch.manual_seed(run.seed)
    sets = [read_data_set(folder) for folder in options.data]
    tokenizers, network = restored(options.start) if options.start else ranking_model()
    known = tokenizers["en"].get_vocab_size()
    if options.words:
        words = json.loads(options.words.read_text(encoding="utf-8"))
        tokenizers["it"] = with_italian(tokenizers["en"], network, words)
    for tokenizer in tokenizers.values():
        tokenizer.enable_truncation(TOKENS, strategy="longest_first")
    network.freeze(run.frozen, known)
    network.train()
    examples = [
        example
        for data in sets
        for example in examples_of(data, generation_of(data, "e5"))
        if set(example.languages) <= set(tokenizers)
    ]
    unseen = {title for titles in UNSEEN for title in titles}
    watched = {title for titles in WATCHED for title in titles}
    seen = [each for each in examples if unseen.isdisjoint({each.article, each.shown})]
    train(network, tokenizers, seen, [e for e in examples if e.article in watched], run)
    options.out.mkdir(parents=True, exist_ok=True)
    export(network, tokenizers, options.out)
    files = [MODEL_FILE, *(TOKENIZER_FILES[code] for code in tokenizers)]
    card = {
        "base": BASE,
        "input": "[CLS] question [SEP] title / headings, new line, passage [SEP]",
        "token_limit": TOKENS,
        "trained_on": [data.name for data in sets],
        "passes": [*before, run._asdict()],
        "unseen_articles": UNSEEN,
        "files": {name: sha256_of(options.out / name) for name in files},
    }
    (options.out / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
