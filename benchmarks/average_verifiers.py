"""Writes the multilingual verifier half-way between two passes: each weight the mean of both.

    python benchmarks/average_verifiers.py EARLIER/verifier.onnx LATER/verifier.onnx --out FOLDER

A later pass learns its new questions at the cost of the old ones; the mean of the weights
keeps most of both (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).
Half-way is the only share that was tried.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from index.manifest import sha256_of
from qa.verifier import CARD_FILE, MODEL_FILE, TOKENIZER_FILE
from qa.verifiers import MULTILINGUAL
from verifier_bases import multilingual
from verifier_network import Network, export
from verifier_recipe import FINER
from verifier_start import restore


def main() -> None:
    """Read both, average, export, and write the later one's card."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("earlier", type=Path, metavar="EARLIER")
    parser.add_argument("later", type=Path, metavar="LATER")
    parser.add_argument("--out", type=Path, default=MULTILINGUAL, metavar="FOLDER")
    options = parser.parse_args()
    tokenizer, network = multilingual()
    earlier, later = (_weights(network, path) for path in (options.earlier, options.later))
    network.load_state_dict(
        {
            name: (earlier[name] + value) / 2 if value.is_floating_point() else value
            for name, value in later.items()
        }
    )
    options.out.mkdir(parents=True, exist_ok=True)
    first, last = (_card(path) for path in (options.earlier, options.later))
    export(network, tokenizer, options.out, FINER["multilingual"])
    card = {
        **last,
        "mean_of_passes": [len(first["trained_on"]), len(last["trained_on"])],
        "files": {name: sha256_of(options.out / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
    }
    (options.out / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def _weights(network: Network, path: Path) -> dict[str, Any]:
    restore(network, path)
    return {name: value.clone() for name, value in network.state_dict().items()}


def _card(verifier: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(verifier.with_name(CARD_FILE).read_text("utf-8"))
    return card


if __name__ == "__main__":
    main()
