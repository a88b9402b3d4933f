"""How the lines of a paper run, and the paper pulled straight by it."""

from __future__ import annotations

import tracemalloc

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.reading.straight import (
    CentreLine,
    Straight,
    centre_lines,
    fit_bend,
    pull_straight,
    tilt_of,
)

WIDTH, HEIGHT = 600, 800


def row(y: float, sag: float = 0.0, left: float = 40, right: float = 560) -> CentreLine:
    """A line that hangs by so much at the paper's sides."""
    x = np.linspace(left, right, 20)
    hanging = sag * ((x - WIDTH / 2) / (WIDTH / 2)) ** 2
    return CentreLine(np.column_stack([x, y + hanging]), 8.0)


def page(sag: float = 0.0) -> list[CentreLine]:
    """Rows with a label on the left and a value on the right."""
    rows = range(80, 720, 32)
    return [
        *(row(y, sag, left=40, right=260) for y in rows),
        *(row(y, sag, left=380, right=560) for y in rows),
    ]


def turned(lines: list[CentreLine], degrees: float) -> list[CentreLine]:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -degrees, 1.0)
    return [line.turned(Transform.from_array([*matrix, [0, 0, 1]])) for line in lines]


@pytest.mark.parametrize("degrees", [-40.0, -12.0, 0.0, 3.0, 25.0])
def test_the_tilt_of_a_paper_is_that_of_its_long_lines(degrees: float) -> None:
    specks = [row(20, left=10, right=40)] * 3
    assert tilt_of([*turned(page(), degrees), *specks]) == pytest.approx(degrees, abs=0.01)
    assert tilt_of([]) == 0.0


def test_the_bend_of_a_paper_is_measured_by_its_lines_and_one_that_runs_otherwise() -> None:
    across = np.array([50.0, 300.0, 550.0])
    bend = fit_bend([*page(20.0), row(400, -300.0)])
    assert bend is not None
    left, middle, right = bend.sag(across, np.full(3, 400.0))
    assert left - middle == pytest.approx(20 * (250 / 300) ** 2, abs=1)
    assert right - middle == pytest.approx(20 * (250 / 300) ** 2, abs=1)


def test_a_level_paper_is_left_as_it_is() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 240, np.uint8)
    assert pull_straight(pixels, page()) is None
    assert pull_straight(pixels, turned(page(), 0.5)) is None
    assert pull_straight(pixels, []) is None


@pytest.mark.parametrize(("degrees", "sag"), [(0.0, 20.0), (0.0, -20.0), (15.0, 0.0), (-8.0, 15.0)])
def test_lines_are_level_in_the_straight_paper_and_found_where_they_were(
    degrees: float, sag: float
) -> None:
    lines = turned(page(sag), degrees)
    pixels = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for line in lines:
        cv2.polylines(
            pixels,
            [line.points.round().astype(np.int32)],
            isClosed=False,
            color=(0,) * 3,
            thickness=4,
        )
    straight = pull_straight(pixels, lines)
    assert straight is not None
    drawn = seen(straight.pixels)
    assert len(drawn) > 0.8 * len(lines)
    assert np.mean([np.ptp(line.points[:, 1]) < 2 for line in drawn]) > 0.9
    ends = [end for line in drawn for end in ends_of(straight, line)]
    inked = [pixels[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4].min(initial=255) for x, y in ends]
    assert np.mean(np.array(inked) < 255) > 0.95


@pytest.mark.parametrize("sag", [0.0, 20.0])
def test_a_paper_is_pulled_straight_in_little_more_memory_than_the_straight_one_takes(
    sag: float,
) -> None:
    enlarged = [line.placed(np.full(2, 3.0), np.zeros(2)) for line in turned(page(sag), 15.0)]
    pixels = np.full((3 * HEIGHT, 3 * WIDTH, 3), 240, np.uint8)
    tracemalloc.start()
    try:
        straight = pull_straight(pixels, enlarged)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert straight is not None
    assert peak < 1.5 * straight.pixels.nbytes


def ends_of(straight: Straight, line: CentreLine) -> list[tuple[int, int]]:
    """Where both ends of a line stood before the paper was pulled straight."""
    (left, top), (right, bottom) = line.points[0], line.points[-1]
    quad = straight.pull.quad(Quad.from_box(Box(left, top - 2, right, bottom + 2)))
    first, last = quad.array[[0, 3]].mean(axis=0), quad.array[[1, 2]].mean(axis=0)
    return [(round(x), round(y)) for x, y in (first, last)]


def seen(pixels: npt.NDArray[np.uint8]) -> list[CentreLine]:
    """The lines that are drawn, as a detector would see their cores."""
    return centre_lines(pixels[..., 0] < 128)


def test_lines_that_touch_another_tell_nothing() -> None:
    cores = np.zeros((400, 300), np.bool_)
    for top in range(20, 380, 30):
        cores[top : top + 8, 20:280] = True
    cores[170:210, 100:110] = True
    heights = [line.points[:, 1].mean() for line in centre_lines(cores)]
    assert len(heights) == 10
    assert not any(165 < height < 215 for height in heights)


def test_specks_are_no_lines() -> None:
    cores = np.zeros((100, 100), np.bool_)
    cores[10:14, 10:20] = True
    assert centre_lines(cores) == []
    assert centre_lines(np.zeros((100, 100), np.bool_)) == []
