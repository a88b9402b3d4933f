"""Trains the line recogniser; goes on from its checkpoint.

    python -m models.training.recogniser.train --papers out/train/papers --minutes 90

The checkpoint (`checkpoint.npz`: averaged weights as float16, no code) is written every few
minutes and read at the start, so that training can be stopped and taken up anywhere; `--fresh`
starts from nothing. `log.jsonl` has a line every hundred steps, `curves.png` draws it. A fresh
start learns from the characters' known places first; CTC alone sits on its plateau for long.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor, nn
from torch.nn import functional

from models.training.papers import fresh_papers, kept_papers
from models.training.recogniser.characters import CHARACTERS
from models.training.recogniser.data import (
    Batch,
    Sources,
    Strip,
    batch,
    batches,
    photographed_strips,
)
from models.training.recogniser.network import Recogniser
from models.training.recogniser.views import Shown, on_device, shown_again
from models.training.weights import follow, load_weights, save_weights

HERE = Path(__file__).parent
CHECKPOINT = HERE / "checkpoint.npz"
LOG = HERE / "log.jsonl"
SLOWNESS = 0.999
"""How slowly the averaged weights follow the trained ones."""
COLUMNS_A_LINE = 27
"""Lines are sorted by width in portions of a batch's columns by this, about eight batches."""


@dataclass(frozen=True)
class Settings:
    """What one run is asked for."""

    papers: Path | None
    held_out: Path | None
    faces: Path | None
    minutes: float
    rate: float
    columns: int
    threads: int
    workers: int
    device: str
    kept: int
    fresh: bool
    seed: int


@dataclass
class Progress:
    """How far the run is."""

    started: float
    minutes: float
    step: int = 0
    lines: int = 0
    loss: float = 0.0

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return (time.monotonic() - self.started) / 60 / self.minutes


class _Stream(torch.utils.data.IterableDataset[Batch]):
    """Batches made in processes beside the training."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __iter__(self) -> Iterator[Batch]:
        asked, worker = self.settings, torch.utils.data.get_worker_info()
        seed = asked.seed + (worker.id if worker else 0)
        strips = Sources(asked.papers, seed, asked.faces).strips()
        return batches(strips, asked.columns, seed, asked.columns // COLUMNS_A_LINE)


class Trainee:
    """A network on its way, and the average of its weights that is kept."""

    def __init__(self, network: Recogniser, settings: Settings) -> None:
        self.network = network.to(settings.device, memory_format=torch.channels_last)
        self.average = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=settings.rate, weight_decay=1e-2, betas=(0.9, 0.98)
        )
        self.device, self.steps = settings.device, 0

    def learn(self, shown: Shown, rate: float, known: float) -> float:
        """One step; `known` is how much the places of characters count. Returns the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        strips = shown.strips.to(memory_format=torch.channels_last)
        with torch.autocast(self.device, torch.bfloat16):
            scores = self.network(strips)
        chances = functional.log_softmax(scores.float(), 2)
        ctc = _ctc(chances, shown)
        loss = (1 - 0.8 * known) * ctc
        if known:
            placed = shown.classes >= 0
            loss = loss + 8 * known * functional.nll_loss(chances[placed], shown.classes[placed])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        follow(self.average, self.network, self.steps, SLOWNESS)
        self.steps += 1
        return float(ctc.detach())

    def weights(self) -> dict[str, Tensor]:
        """The averaged weights."""
        return {name: value.cpu() for name, value in self.average.items()}


def train(settings: Settings) -> None:
    """Trains until the minutes are over; writes checkpoint and log on the way."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    # Before the first picture: OpenCV's own threads don't survive in processes made later.
    cv2.setNumThreads(1)
    network = Recogniser()
    if not settings.fresh and CHECKPOINT.is_file():
        network.load_state_dict(load_weights(CHECKPOINT))
    trainee = Trainee(network, settings)
    held_out = validation_strips(settings.held_out)
    progress = Progress(time.monotonic(), settings.minutes)
    checked = progress.started
    for shown in stream(settings):
        known = _frame_weight(progress, fresh=settings.fresh)
        loss = trainee.learn(shown, settings.rate * _rate(progress), known)
        progress.step, progress.lines = progress.step + 1, progress.lines + len(shown.lengths)
        progress.loss += 0.02 * (loss - progress.loss)
        if progress.step % 100 == 0:
            _log(progress, loss=round(progress.loss, 4))
        if time.monotonic() - checked > 300 or progress.share >= 1:
            checked = time.monotonic()
            save_weights(CHECKPOINT, trainee.weights())
            _log(progress, **evaluate(trainee.weights(), held_out))
        if progress.share >= 1:
            return


def stream(settings: Settings) -> Iterator[Shown]:
    """Endless batches from as many processes as were asked for, or views of the last ones."""
    made: torch.utils.data.DataLoader[Batch] = torch.utils.data.DataLoader(
        _Stream(settings), batch_size=None, num_workers=settings.workers, prefetch_factor=16
    )
    if settings.kept:
        return shown_again(made, settings.device, settings.kept, settings.seed)
    return (on_device(one, settings.device) for one in made)


def _rate(progress: Progress) -> float:
    """Warms up for 200 steps, then falls as a cosine to a fiftieth."""
    warm = min(1.0, (progress.step + 1) / 200)
    return warm * (0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress.share))) + 0.02)


def _frame_weight(progress: Progress, *, fresh: bool) -> float:
    """How much the known places count: fully at a fresh start, then less and less, later nothing.

    A reader that is held to the places for long doubles letters wider than those it learned from.
    """
    return max(0.0, 1 - progress.share / 0.35) if fresh else 0.0


def _ctc(chances: Tensor, shown: Shown) -> Tensor:
    frames = torch.full_like(shown.lengths, chances.shape[1])
    return functional.ctc_loss(
        chances.transpose(0, 1), shown.targets, frames, shown.lengths, zero_infinity=True
    )


def _log(progress: Progress, **facts: float) -> None:
    minutes = (time.monotonic() - progress.started) / 60
    entry = {"minutes": round(minutes, 1), "step": progress.step, "lines": progress.lines, **facts}
    with LOG.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    print(entry, flush=True)


# ── how good it is ───────────────────────────────────────────────────────────────────────────


def validation_strips(folder: Path | None, count: int = 400) -> list[Strip]:
    """Lines of faces, families and shops that are never trained on; always the same ones."""
    papers = kept_papers(folder, 7) if folder else fresh_papers(7, "test")
    source = photographed_strips(papers, 7)
    readable = (strip for strip in source if strip.text and strip.is_readable)
    return sorted(islice(readable, count), key=lambda strip: strip.pixels.shape[1])


def evaluate(weights: dict[str, Tensor], strips: list[Strip]) -> dict[str, float]:
    """Character error, the same of digits, and the share of lines without an error."""
    texts = read(weights, strips)
    pairs = [(text, strip.text) for text, strip in zip(texts, strips, strict=True)]
    return {
        "character_error": _error(pairs),
        "digit_error": _error([(_digits(text), _digits(truth)) for text, truth in pairs]),
        "exact": round(sum(text == truth for text, truth in pairs) / len(pairs), 4),
    }


def read(weights: dict[str, Tensor], strips: list[Strip]) -> list[str]:
    """What the network of these weights makes of strips of similar width in a row."""
    network = Recogniser()
    network.load_state_dict(weights)
    network.eval()
    texts: list[str] = []
    for start in range(0, len(strips), 16):
        made = batch(strips[start : start + 16])
        with torch.no_grad():
            scores = network(torch.from_numpy(made.strips))
        texts += [decode(classes) for classes in scores.argmax(2).tolist()]
    return texts


def _error(pairs: list[tuple[str, str]]) -> float:
    errors = sum(Levenshtein.distance(text, truth) for text, truth in pairs)
    return round(errors / max(1, sum(len(truth) for _, truth in pairs)), 4)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def decode(classes: list[int]) -> str:
    """CTC's best path: repeats folded, blanks dropped."""
    kept = [
        now for before, now in zip([0, *classes], classes, strict=False) if now and now != before
    ]
    return "".join(CHARACTERS[number - 1] for number in kept).strip()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.recogniser.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--papers", type=Path, help="of models.training.papers; without, rendered on the way"
    )
    parser.add_argument("--faces", type=Path, help="what models.training.faces wrote")
    parser.add_argument("--held-out", type=Path, help="the same of the test split, to measure on")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--columns", type=int, default=64 * 256, help="columns of a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that make lines")
    parser.add_argument("--device", default="cpu", help="cuda where there is one")
    parser.add_argument(
        "--kept", type=int, default=0, help="last batches that are shown again, changed; 0: none"
    )
    parser.add_argument("--fresh", action="store_true", help="start from nothing")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    train(Settings(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
