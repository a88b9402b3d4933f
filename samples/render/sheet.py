"""`python -m samples.render.sheet`: thumbnails of the committed set for docs/samples.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from receipt_screen.records import Pixels
from samples.render.labels import Label

ROOT = Path(__file__).parents[2]
CELL = (132, 176)
"""Width and height of a thumbnail."""
COLUMNS = 12


def main(arguments: list[str] | None = None) -> int:
    """Writes the sheet; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m samples.render.sheet", description=__doc__)
    parser.add_argument("--samples", type=Path, default=ROOT / "samples")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "samples.jpg")
    options = parser.parse_args(arguments)
    cells = [_thumbnail(read_image(path)) for path, _ in chosen(options.samples)]
    options.out.write_bytes(_jpeg(_tiled(cells)))
    return 0


def read_labels(folder: Path) -> list[Label]:
    """The labels of a folder's labels.jsonl."""
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [Label.model_validate_json(line) for line in lines]


def chosen(folder: Path) -> Iterator[tuple[Path, Label]]:
    """Every receipt of its own, and the relatives that look different, in order of families."""
    labels = [label for label in read_labels(folder) if _looks_different(label)]
    for label in sorted(labels, key=lambda label: (label.kind, label.family, label.index)):
        yield folder / "images" / label.file, label


def _looks_different(label: Label) -> bool:
    how = label.relations[0].how if label.relations else ""
    return how not in ("same_file", "reencoded", "png", "resized", "forwarded")


def read_image(path: Path) -> Pixels:
    """A file's pixels, a PDF's first page included."""
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        pixels = document[0].render(scale=1.0).to_numpy()[..., :3]
        document.close()
        return np.ascontiguousarray(pixels)
    return np.asarray(cv2.imread(str(path)), np.uint8)


def _thumbnail(pixels: Pixels) -> Pixels:
    width, height = CELL
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cell = np.full((height + 4, width + 4, 3), 255, np.uint8)
    top, left = (height - small.shape[0]) // 2 + 2, (width - small.shape[1]) // 2 + 2
    cell[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cell


def _tiled(cells: list[Pixels]) -> Pixels:
    cells = cells[: len(cells) // COLUMNS * COLUMNS]
    rows = [np.hstack(cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
    return np.vstack(rows)


def _jpeg(sheet: Pixels, most: int = 590_000) -> bytes:
    """As good as fits."""
    for quality in range(80, 20, -5):
        encoded = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(encoded) <= most:
            break
    return encoded


if __name__ == "__main__":
    raise SystemExit(main())
