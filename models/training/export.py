"""Checkpoints → the ONNX files in `models/`, with their sha256 in the manifest.

    python -m models.training.export recogniser

Normalisation is folded into the convolutions, the recogniser's jamo into one matrix. Weights are
stored as float16 and cast when the session is made, which halves the file and costs nothing
at run time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.onnx_files import halved, record_sha256
from models.training.recogniser.characters import CHARACTERS
from models.training.recogniser.network import Recogniser
from models.training.recogniser.train import CHECKPOINT as RECOGNISER_CHECKPOINT
from models.training.weights import blend, load_weights

MODELS = Path(__file__).parent.parent
OPSET = 17
RECOGNISER_FIRST = RECOGNISER_CHECKPOINT.with_name("first.npz")
"""The weights after single printed lines only; the checkpoint went on from them with lines of
whole photographs."""
TUNED = 0.4
"""How far from the first weights to the checkpoint's: the held-out lines' digits are read best
there, and real receipts, of which the checkpoint alone loses names, no worse than before."""


class _Reader(nn.Module):
    """The recogniser with its head folded and its scores as probabilities."""

    def __init__(self, network: Recogniser) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("weight", network.head.weight().detach().clone())
        self.register_buffer("bias", network.head.bias.detach().clone())

    def forward(self, image: Tensor) -> Tensor:
        frames = self.network.frames(image)
        return torch.softmax(functional.linear(frames, self.weight, self.bias), 2)


def export_recogniser(path: Path) -> None:
    """Writes the recogniser: `image` N×1×32×W → `probs` N×(W/4)×classes."""
    network = Recogniser()
    tuned = load_weights(RECOGNISER_CHECKPOINT)
    network.load_state_dict(blend(load_weights(RECOGNISER_FIRST), tuned, TUNED))
    axes = {"image": {0: "n", 3: "w"}, "probs": {0: "n", 1: "t"}}
    _export(_Reader(network), torch.zeros(1, 1, 32, 320), path, "probs", axes)
    model = onnx.load(path)
    entry = model.metadata_props.add()
    entry.key, entry.value = "character", "\n".join(CHARACTERS)
    onnx.save(halved(model), path)


def _export(
    network: nn.Module, example: Tensor, path: Path, output: str, axes: dict[str, dict[int, str]]
) -> None:
    torch.onnx.export(
        network.eval(),
        (example,),
        str(path),
        input_names=["image"],
        output_names=[output],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )


EXPORTS: dict[str, Callable[[Path], None]] = {
    "recogniser": export_recogniser,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", choices=sorted(EXPORTS))
    for name in parser.parse_args().models:
        path = MODELS / f"{name}.onnx"
        EXPORTS[name](path)
        record_sha256(name, MODELS / "manifest.toml")
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
