"""A sharp and a blurred picture of one print become alike; other digits stay other digits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from receipt_screen.compare.align import Grey, Map
from receipt_screen.compare.overlay import Mask, likeness
from receipt_screen.compare.sharpness import equally_sharp

WINDOW = 13
SHAKEN = np.diag(np.ones(15)) / 15
"""A hand that moved across."""


def printed(*rows: str) -> Grey:
    image = np.full((420, 400), 230, np.uint8)
    for number, text in enumerate(rows):
        place = (20, 40 + 40 * number)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_DUPLEX, 0.9, 30, 2)
    return image


ROWS = tuple(f"{number * 7919 % 10**12:012}  NO {number}" for number in range(1, 10))
OTHER = (*ROWS[:4], ROWS[4].replace("39595", "68268"), *ROWS[5:])
EVERYWHERE = np.ones((420, 400), np.bool_)


def shaken(image: Grey) -> Grey:
    noise = np.random.default_rng(1).normal(0, 3, image.shape)
    return np.clip(cv2.filter2D(image, -1, SHAKEN) + noise, 0, 255).astype(np.uint8)


def ink(*rows: str) -> Mask:
    return np.asarray(cv2.erode(printed(*rows), np.ones((3, 3))) < 100)


def fit(pair: tuple[Map, Map]) -> float:
    return float(np.median(likeness(*pair, WINDOW, (0,))))


@pytest.mark.parametrize("turned_round", [False, True])
def test_a_shaken_picture_is_like_the_sharp_one(turned_round: bool) -> None:
    pair = (printed(*ROWS), shaken(printed(*ROWS)))

    one, other = equally_sharp(*(pair[::-1] if turned_round else pair), EVERYWHERE, fit)

    assert np.quantile(likeness(one, other, WINDOW)[ink(*ROWS)], 0.02) > 0.8


def test_digits_that_are_not_the_same_stay_so() -> None:
    one, other = equally_sharp(printed(*ROWS), shaken(printed(*OTHER)), EVERYWHERE, fit)

    unlike = (likeness(one, other, WINDOW) < 0.8) & ink(*ROWS)
    lines = [unlike[40 * row + 10 : 40 * row + 50].sum() for row in range(len(ROWS))]
    assert [row for row, pixels in enumerate(lines) if pixels > 40] == [4]


def test_the_same_two_give_the_same_pair() -> None:
    pair = (printed(*ROWS), shaken(printed(*ROWS)))

    first, again = (equally_sharp(*pair, EVERYWHERE, fit) for _ in range(2))

    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
