"""Rendered photographs as the reader gets them: papers with the lines that stand on them.

    python -m samples.render --count 3000 --seed 101 --split train --out out/train/photos
    python -m models.training.papers out/train/photos out/train/papers

Each photograph goes through the package's own paper stage, so that crops are cut from what
the reader will see: flattened, lit and scaled as in use. Done ones are not done again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from receipt_screen.errors import PhotoError
from receipt_screen.geometry import Quad
from receipt_screen.paper import find_paper
from receipt_screen.photo import open_photos
from receipt_screen.reading.crops import Grey

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


@dataclass(frozen=True)
class LabelledPaper:
    """A flattened paper, grey, with its lines in its own frame."""

    path: Path
    lines: tuple[PrintedLine, ...]

    def pixels(self) -> Grey:
        """The paper, height × width."""
        return np.asarray(cv2.imread(str(self.path), cv2.IMREAD_GRAYSCALE), np.uint8)


def load_papers(folder: Path) -> list[LabelledPaper]:
    """All papers of a folder that `main` wrote."""
    with (folder / "papers.jsonl").open(encoding="utf-8") as file:
        return [_paper(folder, json.loads(line)) for line in file]


def _paper(folder: Path, entry: dict[str, object]) -> LabelledPaper:
    lines = tuple(
        PrintedLine(text, Quad.from_array(np.asarray(quad, np.float64)), visible)
        for text, quad, visible in entry["lines"]  # type: ignore[misc,attr-defined]
    )
    return LabelledPaper(folder / str(entry["file"]), lines)


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
        paper = find_paper(photo)
        to_paper = paper.to_photo.inverse()
        name = f"{label['id']}.jpg"
        grey = cv2.cvtColor(paper.pixels, cv2.COLOR_BGR2GRAY)
        cv2.imwrite(str(out / name), grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        lines = [_entry(line, to_paper.quad) for line in label["lines"]]
        yield json.dumps({"file": name, "lines": lines}, ensure_ascii=False)


def _entry(line: dict[str, object], place: object) -> list[object]:
    quad = place(Quad.from_array(np.asarray(line["quad"], np.float64)))  # type: ignore[operator]
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
