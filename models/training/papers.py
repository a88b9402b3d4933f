"""Rendered photographs as the reader gets them: papers with the lines that stand on them.

    python -m samples.render --count 3000 --seed 101 --split train --out out/train/photos
    python -m models.training.papers out/train/photos out/train/papers

Each photograph goes through the package's own paper stage, so that crops are cut from what
the reader will see: flattened, lit and scaled as in use. Done ones are not done again. Where many
cores stand idle, `fresh_papers` makes ever new ones on the way instead.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from receipt_screen.errors import PhotoError
from receipt_screen.geometry import Quad
from receipt_screen.paper import find_paper
from receipt_screen.photo import Photo, open_photos
from receipt_screen.reading.crops import Grey
from samples.render.sample import Settings, make_sample

QUALITY = 95
"""JPEG quality of stored papers: what compression does to text is in the photographs already."""


@dataclass(frozen=True)
class PrintedLine:
    """A line of a paper and what is printed there."""

    text: str
    quad: Quad
    visible: bool

    @property
    def is_text(self) -> bool:
        """Whether there is anything to read; rules of dashes are neither text nor background."""
        return any(sign.isalnum() for sign in self.text)


class LabelledPaper(Protocol):
    """A flattened paper with its lines in its own frame."""

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        """All that is printed on it."""

    def pixels(self) -> Grey:
        """The paper, height × width."""


@dataclass(frozen=True)
class KeptPaper:
    """A paper in a file."""

    path: Path
    lines: tuple[PrintedLine, ...]

    def pixels(self) -> Grey:
        return np.asarray(cv2.imread(str(self.path), cv2.IMREAD_GRAYSCALE), np.uint8)


@dataclass(frozen=True)
class FreshPaper:
    """A paper that was just made."""

    grey: Grey = field(repr=False)
    lines: tuple[PrintedLine, ...]

    def pixels(self) -> Grey:
        return self.grey


def kept_papers(folder: Path, seed: int) -> Iterator[LabelledPaper]:
    """Endless papers of a folder in random order."""
    papers, chance = load_papers(folder), random.Random(seed)
    while True:
        yield chance.choice(papers)


POOL, USES = 40, 6
"""Fresh papers at hand at once, and how often each is given out before another takes its place."""


def fresh_papers(seed: int, split: str = "train") -> Iterator[LabelledPaper]:
    """Endless papers of photographs that are rendered on the way, each given out a few times."""
    chance, pool = random.Random(seed), list[FreshPaper]()
    for paper in _rendered_papers(Settings(seed, split=split)):
        if len(pool) < POOL:
            pool.append(paper)
            yield paper
            continue
        for _ in range(USES - 1):
            yield chance.choice(pool)
        pool[chance.randrange(POOL)] = paper
        yield paper


def _rendered_papers(settings: Settings) -> Iterator[FreshPaper]:
    for index in count():
        sample = make_sample(settings, index)
        if sample.label.file.endswith(".pdf"):
            continue
        grey, place = _flattened(open_photos(sample.encoded)[0])
        lines = tuple(
            PrintedLine(line.text, place(line.quad), line.visible) for line in sample.label.lines
        )
        yield FreshPaper(grey, lines)


def load_papers(folder: Path) -> list[KeptPaper]:
    """All papers of a folder that `main` wrote."""
    with (folder / "papers.jsonl").open(encoding="utf-8") as file:
        return [_paper(folder, json.loads(line)) for line in file]


def _paper(folder: Path, entry: dict[str, object]) -> KeptPaper:
    lines = tuple(
        PrintedLine(text, Quad.from_array(np.asarray(quad, np.float64)), visible)
        for text, quad, visible in entry["lines"]  # type: ignore[misc,attr-defined]
    )
    return KeptPaper(folder / str(entry["file"]), lines)


def prepare(photos: Path, out: Path, done: Set[str]) -> Iterator[str]:
    """Writes each photograph's paper that isn't done; yields the entries of `papers.jsonl`."""
    labels = [json.loads(line) for line in (photos / "labels.jsonl").open(encoding="utf-8")]
    for label in track(labels, "papers", console=Console(stderr=True)):
        if label["file"].endswith(".pdf") or f"{label['id']}.jpg" in done:
            continue
        try:
            photo = open_photos(photos / label["file"])[0]
        except PhotoError as error:
            print(error, file=sys.stderr)
            continue
        grey, place = _flattened(photo)
        name = f"{label['id']}.jpg"
        cv2.imwrite(str(out / name), grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        lines = [_entry(line, place) for line in label["lines"]]
        yield json.dumps({"file": name, "lines": lines}, ensure_ascii=False)


def _flattened(photo: Photo) -> tuple[Grey, Callable[[Quad], Quad]]:
    """The photograph's paper, and what takes places of the photograph there."""
    paper = find_paper(photo)
    grey = cv2.cvtColor(paper.pixels, cv2.COLOR_BGR2GRAY)
    return np.asarray(grey, np.uint8), paper.to_photo.inverse().quad


def _entry(line: dict[str, object], place: Callable[[Quad], Quad]) -> list[object]:
    quad = place(Quad.from_array(np.asarray(line["quad"], np.float64)))
    return [line["text"], quad.array.round(1).tolist(), line.get("visible", True)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.papers", description=__doc__)
    parser.add_argument("photos", type=Path, help="folder that samples.render wrote")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    index = options.out / "papers.jsonl"
    done = {paper.path.name for paper in load_papers(options.out)} if index.is_file() else set()
    with index.open("a", encoding="utf-8") as file:
        for entry in prepare(options.photos, options.out, done):
            file.write(entry + "\n")


if __name__ == "__main__":
    main()
