"""Checkpoints → `models/recogniser.onnx`, with its sha256 in the manifest and the card.

    python -m models.training.export --papers out/train/papers

Normalisation is folded into the convolutions, the jamo into one matrix. Convolutions compute with
8-bit integers, which nearly halves the time and changes no more than noise would; the other large
weights are stored as float16 and cast when the session is made. The papers only set the ranges.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.onnx_files import halved, quantise, record_sha256
from models.training.papers import load_papers
from models.training.recogniser.characters import CHARACTERS
from models.training.recogniser.data import Floats, batch, photographed_strips
from models.training.recogniser.network import Recogniser
from models.training.recogniser.train import CHECKPOINT
from models.training.weights import blend, load_weights

MODELS = Path(__file__).parent.parent
OPSET = 17
CALIBRATION_LINES, CALIBRATION_SEED = 240, 3
FIRST = CHECKPOINT.with_name("first.npz")
"""The weights after single printed lines only; the checkpoint went on from them with lines of
whole photographs."""
TUNED = 0.7
"""How far from the first weights to the checkpoint's: the held-out lines' digits are read best
there, and names in prints unlike the renderer's no worse than nearer to the first."""


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


def export_recogniser(papers: Path, path: Path) -> None:
    """Writes the recogniser: `image` N×1×32×W → `probs` N×(W/4)×classes."""
    network = Recogniser()
    tuned = load_weights(CHECKPOINT)
    network.load_state_dict(blend(load_weights(FIRST), tuned, TUNED))
    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        _export(_Reader(network), whole)
        quantise(whole, small, calibration_batches(papers))
        model = onnx.load(small)
    entry = model.metadata_props.add()
    entry.key, entry.value = "character", "\n".join(CHARACTERS)
    onnx.save(halved(model), path)


def calibration_batches(papers: Path) -> list[Floats]:
    """Lines of photographs, eight of a width in a batch; always the same ones."""
    lines = photographed_strips(load_papers(papers), CALIBRATION_SEED)
    strips = sorted(islice(lines, CALIBRATION_LINES), key=lambda strip: strip.pixels.shape[1])
    return [batch(strips[start : start + 8]).strips for start in range(0, len(strips), 8)]


def _export(network: nn.Module, path: Path) -> None:
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 1, 32, 320),),
        str(path),
        input_names=["image"],
        output_names=["probs"],
        dynamic_axes={"image": {0: "n", 3: "w"}, "probs": {0: "n", 1: "t"}},
        opset_version=OPSET,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--papers", type=Path, required=True, help="of models.training.papers")
    path = MODELS / "recogniser.onnx"
    export_recogniser(parser.parse_args().papers, path)
    record_sha256("recogniser", MODELS / "manifest.toml")
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
