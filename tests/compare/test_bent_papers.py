"""Two sheets bent onto each other: one paper, two papers, and too blurred to say."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from receipt_screen.compare import Side
from receipt_screen.compare.papers import Papers, lay_papers
from receipt_screen.geometry import Quad, Transform
from tests.cases import found
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


def developed(blur: float, grain: float) -> Side:
    """The slip's picture, so many pixels out of focus and so grainy."""
    noise = np.random.default_rng(1).normal(0, grain, (HEIGHT, WIDTH, 3))
    picture = cv2.GaussianBlur(printed(SLIP), (0, 0), blur) + noise
    return read(SLIP, np.clip(picture, 0, 255).astype(np.uint8), Transform.identity())


def test_a_grainy_sheet_and_a_blurred_one_lie_on_each_other_by_coarse_features() -> None:
    papers = laid(developed(0.1, 12), developed(4, 0))

    assert papers is not None
    assert papers.doubtful == 0


THUMB = 5
"""Characters that it hides."""
LAST = len(SLIP) - 1


def under_a_thumb() -> Side:
    """The slip with a thumb on the number that ends its last row."""
    picture, box = printed(SLIP), box_of(LAST, SLIP[LAST])
    left = round(box.right - THUMB * box.width / len(SLIP[LAST]))
    cv2.rectangle(picture, (left, round(box.top)), (WIDTH, round(box.bottom)), (90, 90, 90), -1)
    return read((*SLIP[:LAST], SLIP[LAST][:-THUMB]), picture, Transform.identity())


@pytest.mark.parametrize(("row", "doubtful"), [(LAST, 0), (0, 1)])
def test_a_thumb_on_the_shops_address_hides_nothing_that_tells_purchases_apart(
    row: int, doubtful: int
) -> None:
    quad = Quad.from_box(box_of(row, SLIP[row]))
    address = found(SLIP[row]).model_copy(update={"quad": quad})

    papers = laid(side(SLIP, address=address), under_a_thumb())

    assert papers is not None
    assert papers.doubtful == doubtful
