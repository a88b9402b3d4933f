"""How well weights read, between those that a training went on from and those it came to.

    python -m models.training.recogniser.compare --held-out out/train/test-papers

Prints the table of models/training/README.md: lines of the test split, whose faces, layouts and
shops nobody trained on, cut from photographs, written by hand and printed. It shows which share
`export.py` should take.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import cv2
import numpy as np
import torch

from models.training.export import FIRST
from models.training.recogniser.characters import INDEX
from models.training.recogniser.data import HEIGHT, STRETCH, Strip
from models.training.recogniser.train import CHECKPOINT, evaluate, validation_strips
from models.training.weights import blend, load_weights
from samples.render.lines import LineSettings, make_line

SHARES = (0.0, 0.3, 0.5, 0.7, 0.85, 1.0)
PHOTOGRAPHED, WRITTEN, PRINTED = 500, 250, 300
WRITTEN_SEED, PRINTED_SEED = 41, 43


def unseen_lines(seed: int, *, written: bool) -> Iterator[Strip]:
    """Endless readable lines of the test split, all written or all printed."""
    settings = LineSettings(seed, "test", written=float(written))
    chance = random.Random(seed)
    for index in count():
        crop = make_line(settings, index)
        height, width = crop.pixels.shape
        wide = max(8, round(width * HEIGHT / height * chance.uniform(*STRETCH)))
        pixels = cv2.resize(crop.pixels, (wide, HEIGHT), interpolation=cv2.INTER_AREA)
        strip = Strip(np.asarray(pixels, np.uint8), crop.text)
        if strip.text and strip.is_readable and all(char in INDEX for char in strip.text):
            yield strip


def sorted_by_width(strips: Iterator[Strip], most: int) -> list[Strip]:
    """The first strips, narrow ones first, as `evaluate` wants them."""
    return sorted(islice(strips, most), key=lambda strip: strip.pixels.shape[1])


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.recogniser.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--held-out", type=Path, help="of models.training.papers")
    parser.add_argument("--first", type=Path, default=FIRST)
    parser.add_argument("--tuned", type=Path, default=CHECKPOINT)
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    options = parser.parse_args()
    torch.set_num_threads(1)
    first, tuned = load_weights(options.first), load_weights(options.tuned)
    sets = (
        validation_strips(options.held_out, PHOTOGRAPHED),
        sorted_by_width(unseen_lines(WRITTEN_SEED, written=True), WRITTEN),
        sorted_by_width(unseen_lines(PRINTED_SEED, written=False), PRINTED),
    )
    print("| share | photographs | written | printed |\n|---|---:|---:|---:|")
    for share in options.shares:
        weights = blend(first, tuned, share)
        cells = [f"{share:g}"]
        for strips in sets:
            errors = evaluate(weights, strips)
            cells.append(f"{errors['character_error']:.1%}, {errors['digit_error']:.1%}")
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
