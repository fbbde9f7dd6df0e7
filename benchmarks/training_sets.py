"""Brings SQuAD's own files into the public layout, to train the verifier on them.

    python benchmarks/training_sets.py articles train-v2.0.json data/training/squad2-train
    python benchmarks/training_sets.py pairs pairs.json data/training/squad-pairs

`articles` reads SQuAD 2.0's JSON, or any part of it. `pairs` reads {"questions": [...],
"answers": [...]}, each answer the sentence that holds it; since a passage is more than a
sentence, each is put among its nearest neighbours of the file, in an order drawn by chance.
Use training data only: never what the product is judged on.
"""

import json
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.indexes import KEPT_IN
from index.encoder import OnnxEncoder
from index.export import ensure_encoder

SEED = 5
PASSAGE, LONGEST, SHORTEST = 58, 60, 4  # words
NEIGHBOURS, TOGETHER = 60, 3
Row = dict[str, Any]
Rows = tuple[list[Row], list[Row], list[Row]]  # documents, questions, answers


def from_articles(path: Path) -> Rows:
    """SQuAD's articles: a document for each paragraph."""
    documents, questions, answers = [], [], []
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            name, text = f"{article['title']}-{number:03}", paragraph["context"]
            title = article["title"].replace("_", " ")
            documents.append({"id": name, "title": title, "text": text})
            for asked in paragraph["qas"]:
                found = [
                    {"text": answer["text"], "start": answer["answer_start"]}
                    for answer in asked["answers"]
                    if text[answer["answer_start"] :].startswith(answer["text"])
                ]
                if found or asked["is_impossible"]:
                    questions.append(_question(asked["id"], asked["question"]))
                    answers.append(_answer(asked["id"], name, found))
    return documents, questions, answers


def from_pairs(path: Path) -> Rows:
    """Pairs of question and sentence: a document for each group of near sentences."""
    pairs = json.loads(path.read_text(encoding="utf-8"))
    kept = [
        (question, answer.strip())
        for question, answer in zip(pairs["questions"], pairs["answers"], strict=True)
        if SHORTEST <= len(answer.split()) <= LONGEST
    ]
    sentences = list(dict.fromkeys(answer for _, answer in kept))
    documents, place = [], {}
    for group in _groups(sentences):
        text, name = "", f"p{len(documents):05}"
        for number in group:
            said = sentences[number]
            said += "" if said[-1] in '.?!"' else "."
            text += " " if text else ""
            place[sentences[number]] = (name, {"text": said, "start": len(text)})
            text += said
        documents.append({"id": name, "title": "", "text": text})
    questions = [_question(f"q{number}", asked) for number, (asked, _) in enumerate(kept)]
    answers = [
        _answer(f"q{number}", place[answer][0], [place[answer][1]])
        for number, (_, answer) in enumerate(kept)
    ]
    return documents, questions, answers


def _groups(sentences: list[str]) -> Iterable[list[int]]:
    """Numbers of sentences that are near each other, about PASSAGE words together."""
    chance = random.Random(SEED)
    encoder = OnnxEncoder(ensure_encoder("e5", KEPT_IN / "encoders"))
    vectors = encoder.encode_passages(sentences)
    left = set(range(len(sentences)))
    for number in range(len(sentences)):
        if number not in left:
            continue
        left.discard(number)
        group, words = [number], len(sentences[number].split())
        for other in np.argsort(-(vectors @ vectors[number]))[:NEIGHBOURS].tolist():
            more = len(sentences[other].split())
            if other in left and words + more <= PASSAGE and len(group) < TOGETHER:
                group.append(other)
                left.discard(other)
                words += more
        chance.shuffle(group)
        yield group


def _question(name: str, text: str) -> Row:
    return {"id": name, "text": text.strip(), "lang": "en"}


def _answer(question: str, document: str, found: list[Row]) -> Row:
    return {
        "query_id": question,
        "passage_id": document,
        "is_impossible": not found,
        "answers": found,
    }


def main() -> None:
    """Write the four files of the layout."""
    if len(sys.argv) != 4 or sys.argv[1] not in {"articles", "pairs"}:
        sys.exit(__doc__)
    read = from_articles if sys.argv[1] == "articles" else from_pairs
    documents, questions, answers = read(Path(sys.argv[2]))
    folder = Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus", documents), ("queries", questions), ("answers", answers)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    grades = [f"{a['query_id']}\t{a['passage_id']}\t1\n" for a in answers if a["answers"]]
    (folder / "qrels.tsv").write_text("".join(grades), encoding="utf-8")
    print(f"{folder}: {len(documents)} documents, {len(questions)} questions")


if __name__ == "__main__":
    main()
