"""Checkpoints → `models/*.onnx`, with their sha256 in the manifest and the cards.

    python -m models.training.export --papers out/train/papers

Normalisation is folded into the convolutions, the jamo into one matrix. Convolutions compute with
8-bit integers, which nearly halves the time and changes no more than noise would; the other large
weights are stored as float16 and cast when the session is made. The papers only set the ranges.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.detector.data import SIDE
from models.training.detector.data import batches as pieces_in_batches
from models.training.detector.network import Detector
from models.training.detector.train import CHECKPOINT as DETECTOR_CHECKPOINT
from models.training.onnx_files import halved, quantise, record_sha256
from models.training.papers import kept_papers
from models.training.recogniser.characters import CHARACTERS
from models.training.recogniser.data import Floats, batch, photographed_strips
from models.training.recogniser.network import Recogniser
from models.training.recogniser.train import CHECKPOINT
from models.training.weights import blend, load_weights

MODELS = Path(__file__).parent.parent
OPSET = 17
CALIBRATION_LINES, CALIBRATION_SEED = 240, 3
FIRST = CHECKPOINT.with_name("first.npz")
"""The weights that the last training went on from."""
TUNED = 0.85
"""How far from the first weights to the checkpoint's: the held-out lines are read best there."""


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
    axes = {"image": {0: "n", 3: "w"}, "probs": {0: "n", 1: "t"}}
    strips = calibration_batches(papers)
    model = _quantised(_Reader(network), torch.zeros(1, 1, 32, 320), axes, strips)
    entry = model.metadata_props.add()
    entry.key, entry.value = "character", "\n".join(CHARACTERS)
    onnx.save(halved(model), path)


class _Finder(nn.Module):
    """The detector's cores as probabilities; the edges only help it learn."""

    def __init__(self, network: Detector) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(self.network(image)[:, :1])


def export_detector(papers: Path, path: Path) -> None:
    """Writes the detector: `image` N×1×H×W → `cores` N×1×(H/2)×(W/2)."""
    network = Detector()
    network.load_state_dict(load_weights(DETECTOR_CHECKPOINT))
    seen = [made[0] for made in islice(pieces_in_batches(papers, 4, CALIBRATION_SEED), 8)]
    size = {0: "n", 2: "h", 3: "w"}
    axes = {"image": size, "cores": size}
    model = _quantised(_Finder(network), torch.zeros(1, 1, SIDE, SIDE), axes, seen)
    onnx.save(halved(model), path)


def calibration_batches(papers: Path) -> list[Floats]:
    """Lines of photographs, eight of a width in a batch; always the same ones."""
    lines = photographed_strips(kept_papers(papers, CALIBRATION_SEED), CALIBRATION_SEED)
    strips = sorted(islice(lines, CALIBRATION_LINES), key=lambda strip: strip.pixels.shape[1])
    return [batch(strips[start : start + 8]).strips for start in range(0, len(strips), 8)]


def _quantised(
    network: nn.Module,
    example: Tensor,
    axes: dict[str, dict[int, str]],
    inputs: Sequence[Floats],
) -> onnx.ModelProto:
    """The network in 8-bit integers; `axes`: of its input and its output, those that vary."""
    source, target = axes
    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            network.eval(),
            (example,),
            str(whole),
            input_names=[source],
            output_names=[target],
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(whole, small, inputs)
        return onnx.load(small)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--papers", type=Path, required=True, help="of models.training.papers")
    papers = parser.parse_args().papers
    for name, export in (("recogniser", export_recogniser), ("detector", export_detector)):
        path = MODELS / f"{name}.onnx"
        export(papers, path)
        record_sha256(name, MODELS / "manifest.toml")
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
