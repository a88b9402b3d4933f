"""Where lines are looked for, and how large."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import median

from benchmarks.detection import labelled_paper
from receipt_screen.geometry import Box, Quad
from receipt_screen.photo import open_photos
from receipt_screen.reading.detector import DetectorSettings, LineDetector, closer_look

IMAGES = Path(__file__).parents[2] / "samples" / "images"


def column(count: int, height: float, pitch: float) -> tuple[Quad, ...]:
    """Lines one below the other."""
    return tuple(
        Quad.from_box(Box(20, 20 + pitch * n, 620, 20 + pitch * n + height)) for n in range(count)
    )


def seen_height(height: float, paper: tuple[int, int]) -> float:
    """How high a line is in the second look at a paper full of such lines."""
    quads = column(int(paper[0] / height / 1.6), height, 1.6 * height)
    return height * closer_look(paper[::-1], quads, DetectorSettings()).factor


def test_lines_are_seen_at_their_best_height_where_that_is_cheap() -> None:
    assert seen_height(20, (500, 640)) == 25


def test_a_long_receipt_is_seen_no_smaller_than_its_lines_allow() -> None:
    assert 17 < seen_height(30, (2400, 640)) < 25
    assert 15.9 < seen_height(30, (3000, 1000)) < 16.1


def test_quads_lie_on_their_lines_and_are_as_high() -> None:
    rows = map(json.loads, (IMAGES.parent / "labels.jsonl").read_text("utf-8").splitlines())
    paper = labelled_paper(next(row for row in rows if row["id"] == "s1_00001"))
    found = LineDetector().detect(paper.pixels)
    pairs = [
        (line, min(found, key=lambda quad: math.dist(quad.center, line.center)))
        for line in paper.lines
    ]
    near = [(a, b) for a, b in pairs if math.dist(a.center, b.center) < a.height]
    assert len(near) > 0.8 * len(pairs)
    assert abs(median((b.center[1] - a.center[1]) / a.height for a, b in near)) < 0.05
    assert 0.85 < median(b.height / a.height for a, b in near) < 1.15


def test_a_receipt_small_on_a_phones_screen_is_seen_all_the_same() -> None:
    pixels = open_photos(IMAGES / "s1_00103.jpg")[0].pixels
    assert len(LineDetector().detect(pixels)) > 30
