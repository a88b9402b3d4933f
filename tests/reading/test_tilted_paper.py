"""Papers that lie askew in the photo or are hard to read in any way."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.detection import labelled_paper
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.reading import open_reader
from receipt_screen.reading.detector import LineDetector, tilt_of, turned_level
from receipt_screen.records import Page, Pixels

LABELS = Path(__file__).parents[2] / "samples" / "labels.jsonl"
ROWS = {row["id"]: row for row in map(json.loads, LABELS.read_text("utf-8").splitlines())}
TABLE = 90
"""The grey of the table that a paper lies on."""


def askew(pixels: Pixels, degrees: float) -> tuple[Pixels, Transform]:
    """A paper whose lines fall to the right by so many degrees, and the way back from it."""
    room = cv2.copyMakeBorder(pixels, 9, 9, 9, 9, cv2.BORDER_CONSTANT, value=(TABLE,) * 3)
    turned, back = turned_level(np.asarray(room, np.uint8), -degrees)
    return turned, back.then(Transform.from_array([[1, 0, -9], [0, 1, -9], [0, 0, 1]]))


def slanted(degrees: float) -> list[Quad]:
    """A column of long lines at a slant, and one short speck of another direction."""
    matrix = cv2.getRotationMatrix2D((300, 300), -degrees, 1.0)
    turn = Transform.from_array([*matrix, [0, 0, 1]])
    rows = [Quad.from_box(Box(20, 40 * n, 400 + n, 40 * n + 20)) for n in range(5)]
    return [*(turn.quad(row) for row in rows), Quad.from_box(Box(0, 0, 20, 20))]


@pytest.mark.parametrize("degrees", [-40.0, -12.0, 0.0, 3.0, 25.0])
def test_the_tilt_of_a_paper_is_that_of_its_long_lines(degrees: float) -> None:
    assert tilt_of(slanted(degrees)) == pytest.approx(degrees, abs=0.01)


def test_a_paper_without_long_lines_has_no_tilt() -> None:
    assert tilt_of([Quad.from_box(Box(0, 0, 20, 20))]) == 0.0
    assert tilt_of([]) == 0.0


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


@pytest.mark.parametrize("turn", [0, 1])
def test_a_blurred_paper_is_held_the_way_in_which_most_characters_read(turn: int) -> None:
    pixels = cv2.GaussianBlur(labelled_paper(ROWS["s1_00024"]).pixels, (0, 0), 7.5)
    page = open_reader("lines").read(np.ascontiguousarray(np.rot90(pixels, turn)))
    assert (page.turn + turn) % 4 == 0
