"""How well the verdicts of the verifier that ships tell passages that answer from others.

    python benchmarks/verdicts.py --data SQUAD2 SQUAD_IT SQUAD_IT2EN benchmarks/near-misses

Of the articles that were watched while training. Prints the AUROC of the answers against
each kind of negative, by set and by the languages of question and text.
"""

import argparse
from pathlib import Path

import numpy as np
from rich.progress import track

from evaluation.datasets import read_data_set
from indexes import generation_of
from qa.verifier import Verifier
from train_verifier import figures
from verifier_examples import examples_of
from verifier_recipe import WATCHED


def main() -> None:
    """Read each pair."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER")
    watched = {title for titles in WATCHED for title in titles}
    sets = [read_data_set(folder) for folder in parser.parse_args().data]
    verifier = Verifier()
    examples = [
        example
        for data in sets
        for example in examples_of(data, generation_of(data, "e5"))
        if example.article in watched and verifier.reads(example.languages)
    ]
    logits = [
        verifier.judge(example.question, example.text, (), example.languages).logit
        for example in track(examples, "read")
    ]
    for kind, auroc in figures(examples, np.array(logits)).items():
        print(f"{kind}  {auroc:.3f}")


if __name__ == "__main__":
    main()
