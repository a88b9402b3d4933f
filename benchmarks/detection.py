"""Which lines are found, and how fast, by the size at which a detector sees the paper.

    python -m benchmarks.detection
    python -m benchmarks.detection --quick

A labelled line is found when quads cover seven tenths of its middle without being twice as high.
Ours looks twice, first for place and size; the peer is PP-OCRv6's network as the rapidocr package
sets it up. One thread, the same flattened papers of the samples' test split.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from rapidocr import RapidOCR

from benchmarks.children import progress
from benchmarks.labelled import SAMPLES
from benchmarks.proportions import Share, median
from benchmarks.script import finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.geometry import Quad
from receipt_screen.paper import find_paper
from receipt_screen.photo import open_photos
from receipt_screen.reading.detector import DetectorSettings, LineDetector
from receipt_screen.records import Pixels

matplotlib.use("Agg")

COVERED, TALLER = 0.7, 2.0
"""Share of a line's middle to be covered, by quads at most so many times higher than it."""
OUR_PIXELS = (300_000, 500_000, 800_000)
"""The second is the package's setting."""
THEIR_SIDES = (736, 1280)
QUICK = 6

Find = Callable[[Pixels], Sequence[Quad]]


@dataclass(frozen=True)
class LabelledPaper:
    """A flattened paper and the lines on it: all of them, and those that carry a field."""

    pixels: Pixels
    lines: tuple[Quad, ...]
    fields: tuple[bool, ...]

    @property
    def is_level(self) -> bool:
        """Papers on their side are the reader's business, not the detector's."""
        along = sum(line.array[1] - line.array[0] for line in self.lines)
        return bool(abs(along[0]) > abs(along[1]))


def labelled_paper(row: Mapping[str, Any]) -> LabelledPaper:
    """A sample as the reader gets it."""
    paper = find_paper(open_photos(SAMPLES / "images" / row["file"])[0])
    to_paper = paper.to_photo.inverse()
    lines = [line for line in row["lines"] if _is_text(line)]
    return LabelledPaper(
        paper.pixels,
        tuple(to_paper.quad(Quad.from_array(line["quad"])) for line in lines),
        tuple(bool(line.get("field")) for line in lines),
    )


def _is_text(line: Mapping[str, Any]) -> bool:
    return line.get("visible", True) and any(sign.isalnum() for sign in line["text"])


def is_found(line: Quad, found: Sequence[Quad]) -> bool:
    """Whether detected quads, none of them much higher than the line, cover most of its middle."""
    origin = np.floor(line.array.min(axis=0)) - 2
    width, height = (np.ceil(line.array.max(axis=0)) + 2 - origin).astype(int)
    near = [quad for quad in found if _thickness(quad) <= TALLER * _thickness(line)]
    wanted = _filled([_middle(line)], origin, (height, width))
    covered = _filled(near, origin, (height, width))
    return bool((wanted & covered).sum() >= COVERED * max(1, wanted.sum()))


def _middle(line: Quad) -> Quad:
    """The middle third: the labels of reversed print reach to the edges of its black box."""
    top_left, top_right, bottom_right, bottom_left = line.array
    left, right = (bottom_left - top_left) / 3, (bottom_right - top_right) / 3
    return Quad.from_array(
        np.stack([top_left + left, top_right + right, bottom_right - right, bottom_left - left])
    )


def _thickness(quad: Quad) -> float:
    return min(quad.height, quad.width)


def _filled(quads: Sequence[Quad], origin: Any, size: tuple[int, int]) -> Any:
    mask = np.zeros(size, np.uint8)
    for quad in quads:
        cv2.fillPoly(mask, [np.round(quad.array - origin).astype(np.int32)], [1])
    return mask


# ── detectors ────────────────────────────────────────────────────────────────────────────────


def ours(pixels: int) -> Find:
    """The package's detector, its second look at most so large."""
    return LineDetector(1, DetectorSettings(fine_pixels=pixels)).detect


def theirs(side: int) -> Find:
    """RapidOCR's detector, the longer side at most so long."""
    engine = RapidOCR(
        params={
            "Global.log_level": "error",
            "Det.limit_type": "max",
            "Det.limit_side_len": side,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def find(paper: Pixels) -> Sequence[Quad]:
        result = engine(paper, use_det=True, use_cls=False, use_rec=False)
        return [] if result.boxes is None else [Quad.from_array(box) for box in result.boxes]

    return find


def measure(find: Find, papers: Sequence[LabelledPaper]) -> dict[str, Any]:
    """How many lines and field lines are found, and the median seconds of a paper."""
    hits, seconds = list[tuple[bool, bool]](), list[float]()
    find(papers[0].pixels)  # a network's first look takes longer
    for paper in papers:
        start = time.perf_counter()
        found = find(paper.pixels)
        seconds.append(time.perf_counter() - start)
        hits += zip((is_found(line, found) for line in paper.lines), paper.fields, strict=True)
    of_fields = [hit for hit, is_field in hits if is_field]
    return {
        "lines": Share(sum(hit for hit, _ in hits), len(hits)).as_json(),
        "field_lines": Share(sum(of_fields), len(of_fields)).as_json(),
        "seconds": median(seconds),
    }


# ── telling ──────────────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """One row a detector and size."""
    rows = tuple(
        (name, _share(row["lines"]), _share(row["field_lines"]), f"{row['seconds']:.3f}")
        for name, row in data["detectors"].items()
    )
    columns = ("", "lines found", "of those with a field", "seconds a paper, median")
    return [Table(f"Lines found on {data['papers']} papers", columns, rows)]


def _share(counted: Mapping[str, Any]) -> str:
    share, (low, high) = counted["hits"] / counted["of"], counted["interval"]
    return f"{share:.1%} ({100 * low:.1f}–{100 * high:.1f}) of {counted['of']}"


def plot(data: Mapping[str, Any], file: Path) -> None:
    """What is found against time."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for number, (name, row) in enumerate(data["detectors"].items()):
        recall = 100 * row["field_lines"]["hits"] / row["field_lines"]["of"]
        colour = "C0" if name.startswith("ours") else "C1"
        axes.plot(row["seconds"], recall, "o", color=colour, label=f"{name}: {recall:.1f} %")
        size = name.partition(", ")[2].split()[0]
        beside = (0, -17 if number % 2 else 7)
        axes.annotate(
            size, (row["seconds"], recall), beside, textcoords="offset points", ha="center"
        )
    axes.margins(0.1)
    axes.legend(fontsize=8)
    axes.set(xlabel="seconds a paper, one core", ylabel="lines with a field found, %")
    figure.savefig(file, dpi=110)
    plt.close(figure)


def main() -> None:
    options = parser(__doc__).parse_args()
    labels = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, labels) if row["split"] == "test"]
    finders = {f"ours, {pixels / 1e6:.1f} megapixels": ours(pixels) for pixels in OUR_PIXELS}
    finders |= {f"RapidOCR, {side} pixels long": theirs(side) for side in THEIR_SIDES}
    cv2.setNumThreads(1)
    with progress() as bar:
        chosen = rows[: QUICK if options.quick else None]
        papers = [labelled_paper(row) for row in bar.track(chosen, description="papers")]
        level = [paper for paper in papers if paper.is_level]
        detectors = {
            name: measure(find, level)
            for name, find in bar.track(finders.items(), description="detectors")
        }
    data = {
        **heading(options, ["receipt-screen", "onnxruntime", "rapidocr"]),
        "missing": {},
        "papers": len(level),
        "detectors": detectors,
    }
    finish("detection", data, tables(data), plot, options)


if __name__ == "__main__":
    main()
