"""Two sheets bent onto each other: one paper, two papers, and too blurred to say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from receipt_screen.compare import Side
from receipt_screen.compare.papers import Papers, lay_papers
from receipt_screen.geometry import Transform
from tests.compare.test_compare import HEIGHT, NEIGHBOUR, SLIP, WIDTH, box_of, printed, read, side

BELOW = 700
"""Where the slips' lines end, and a pattern holds the two together."""


def blotted(rows: tuple[str, ...]) -> Side:
    """A slip on which every line is one blot, though it was read."""
    picture = printed(rows)
    for number, text in enumerate(rows):
        box = box_of(number, text)
        corners = [(0, round(box.top)), (WIDTH, round(box.bottom))]
        cv2.rectangle(picture, *corners, (90, 90, 90), -1)
    pattern = np.random.default_rng(1).integers(0, 255, (25, 77)).astype(np.uint8)
    picture[BELOW:] = cv2.resize(pattern, (WIDTH, HEIGHT - BELOW))[..., None]
    return read(rows, picture, Transform.identity())


def laid(one: Side, other: Side) -> Papers | None:
    assert one.sheet is not None
    assert other.sheet is not None
    return lay_papers(one.sheet, other.sheet)


def test_one_paper_shows_no_other_number() -> None:
    papers = laid(side(SLIP), side(SLIP))

    assert papers is not None
    assert papers.doubtful == 0


def test_another_slip_of_the_shop_shows_other_numbers() -> None:
    papers = laid(side(SLIP), side(NEIGHBOUR))

    assert papers is not None
    assert papers.contradicting > 0


@pytest.mark.parametrize("rows", [SLIP, NEIGHBOUR])
def test_nothing_is_said_of_sheets_on_which_any_number_would_look_the_same(
    rows: tuple[str, ...],
) -> None:
    assert laid(blotted(SLIP), blotted(rows)) is None
