"""How well the verdicts of the verifiers that ship tell passages that answer from others.

    python benchmarks/verdicts.py --data SQUAD2 benchmarks/near-misses

Of the articles that were watched while training, only pairs in English, which both
verifiers can read. Prints the AUROC of the answers against each kind of negative.
"""

import argparse
from pathlib import Path

import numpy as np
from rich.progress import track

from evaluation.datasets import read_data_set
from indexes import index_of
from qa.verifier import Verifier
from qa.verifiers import ENGLISH, MULTILINGUAL
from train_verifier import figures
from verifier_examples import examples_of
from verifier_recipe import WATCHED


def main() -> None:
    """Read each pair by both verifiers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    watched = {title for titles in WATCHED for title in titles}
    sets = [read_data_set(folder) for folder in parser.parse_args().data]
    examples = [
        example
        for data in sets
        for example in examples_of(data, index_of(data, "e5"))
        if example.english and example.article in watched
    ]
    found = {}
    for folder in (ENGLISH, MULTILINGUAL):
        verifier = Verifier(folder)
        logits = [
            verifier.judge(example.question, example.text, ()).logit
            for example in track(examples, folder.name)
        ]
        found[folder.name] = figures(examples, np.array(logits))
    for kind in found[ENGLISH.name]:
        print(kind, *(f"{name} {aurocs[kind]:.3f}" for name, aurocs in found.items()), sep="  ")


if __name__ == "__main__":
    main()
