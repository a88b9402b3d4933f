"""Papers that lie askew in the photo or are hard to read in any way."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.detection import labelled_paper
from receipt_screen.geometry import Transform
from receipt_screen.reading import open_reader
from receipt_screen.reading.detector import LineDetector
from receipt_screen.records import Page, Pixels

LABELS = Path(__file__).parents[2] / "samples" / "labels.jsonl"
ROWS = {row["id"]: row for row in map(json.loads, LABELS.read_text("utf-8").splitlines())}
TABLE = 90
"""The grey of the table that a paper lies on."""


def askew(pixels: Pixels, degrees: float) -> tuple[Pixels, Transform]:
    """A paper whose lines fall to the right by so many degrees, and the way back from it."""
    height, width = pixels.shape[:2]
    side = round(float(np.hypot(height, width)))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turn[:, 2] += (side - width) / 2, (side - height) / 2
    turned = cv2.warpAffine(pixels, turn, (side, side), borderValue=(TABLE,) * 3)
    return np.asarray(turned, np.uint8), Transform.from_array([*turn, [0, 0, 1]]).inverse()


def curled(pixels: Pixels, sag: float) -> Pixels:
    """A paper whose lines hang lower at its sides than in its middle by so many pixels."""
    height, width = pixels.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    up = np.asarray(y - sag * (2 * x / width - 1) ** 2, np.float32)
    bent = cv2.remap(pixels, x, up, cv2.INTER_LINEAR, borderValue=(TABLE,) * 3)
    return np.asarray(bent, np.uint8)


@pytest.mark.parametrize("degrees", [-28.0, 9.0, 28.0])
def test_as_many_lines_are_found_on_a_tilted_paper_and_in_their_places(degrees: float) -> None:
    paper = labelled_paper(ROWS["s1_00001"])
    level = LineDetector().detect(paper.pixels)
    pixels, to_paper = askew(paper.pixels, degrees)
    found = [to_paper.quad(quad) for quad in LineDetector().detect(pixels)]
    matched = [
        any(np.hypot(*np.subtract(a.center, b.center)) < 0.5 * a.height for b in found)
        for a in level
    ]
    assert np.mean(matched) > 0.85


def sure_characters(page: Page) -> int:
    return sum(confidence > 0.9 for line in page.lines for confidence in line.characters)


@pytest.mark.parametrize("degrees", [20.0, -20.0])
@pytest.mark.parametrize("turn", [0, 1])
def test_a_paper_askew_reads_nearly_as_well_as_a_level_one(degrees: float, turn: int) -> None:
    reader = open_reader("lines")
    paper = labelled_paper(ROWS["s1_00001"])
    pixels, _ = askew(paper.pixels, degrees)
    page = reader.read(np.ascontiguousarray(np.rot90(pixels, turn)))
    assert (page.turn + turn) % 4 == 0
    assert sure_characters(page) > 0.9 * sure_characters(reader.read(paper.pixels))


def in_hard_shadow(pixels: Pixels, dark: float) -> Pixels:
    """A paper whose lower part lies in a shadow that ends aslant."""
    height, width = pixels.shape[:2]
    down, across = np.mgrid[:height, :width]
    light = np.where(down - 0.5 * across > 0.3 * height, dark, 1.0)
    return np.asarray(pixels * cv2.GaussianBlur(light, (0, 0), 3)[..., None], np.uint8)


@pytest.mark.parametrize(("sample", "dark"), [("s1_00001", 0.15), ("s1_00024", 1.0)])
def test_a_paper_far_askew_is_read_by_the_other_detector(sample: str, dark: float) -> None:
    reader = open_reader("lines")
    paper = labelled_paper(ROWS[sample]).pixels
    pixels, _ = askew(in_hard_shadow(paper, dark), 38.0)
    assert sure_characters(reader.read(pixels)) > 0.9 * sure_characters(reader.read(paper))


@pytest.mark.parametrize("sag", [-80.0, 80.0])
def test_a_curled_paper_reads_nearly_as_well_as_a_flat_one(sag: float) -> None:
    reader = open_reader("lines")
    pixels = labelled_paper(ROWS["s1_00001"]).pixels
    page = reader.read(curled(pixels, sag))
    assert sure_characters(page) > 0.9 * sure_characters(reader.read(pixels))


@pytest.mark.parametrize("turn", [0, 1])
def test_a_blurred_paper_is_held_the_way_in_which_most_characters_read(turn: int) -> None:
    pixels = cv2.GaussianBlur(labelled_paper(ROWS["s1_00024"]).pixels, (0, 0), 7.5)
    page = open_reader("lines").read(np.ascontiguousarray(np.rot90(pixels, turn)))
    assert (page.turn + turn) % 4 == 0
