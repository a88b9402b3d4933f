"""Two pictures of one print, one of them sharper → both equally sharp.

Print out of focus or shaken looks like other print. A Gaussian makes up for a small difference.
For a larger one the sharper picture is convolved with what comes closest to having made the other
of it, by least squares over all print in common: far fewer numbers than there are digits, so digits
that are not the same stay so.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import Grey, Map
from receipt_screen.compare.bend import even_light
from receipt_screen.compare.overlay import Mask

SOFTENED = (1.0, 2.0, 3.0, 4.5)
"""Pixels by which one of the two is softened; the other one by the first of these."""
FINEST = 0.8
"""Pixels by which both are softened before every second one is taken."""
REACH = 5
"""Pixels of half the size by which a point spreads to each side."""
SAMPLES = 20_000
RIDGE = 1e-2
"""What keeps the least squares from following grain, as a share of the mean power."""
BETWEEN = np.array([0.5, 1.0, 0.5])
"""Linear interpolation between every second pixel."""

Pair = tuple[Map, Map]
Kernel = npt.NDArray[np.float32]


def equally_sharp(one: Grey, other: Grey, print_: Mask, fit: Callable[[Pair], float]) -> Pair:
    """The print on both, with even light, as sharp on one as on the other.

    `print_` is where print is compared, `fit` says how well a pair does there; the best counts.
    """
    ones = [even_light(one, soft) for soft in SOFTENED]
    others = [even_light(other, soft) for soft in SOFTENED]
    pairs = [(ones[0], each) for each in others] + [(each, others[0]) for each in ones[1:]]
    fits = [fit(pair) for pair in pairs]
    best = int(np.argmax(fits))
    if best == 0:
        return pairs[0]
    sharp, blurred = (others[0], ones[0]) if best < len(SOFTENED) else (ones[0], others[0])
    blur = _blur(sharp, blurred, print_)
    made = np.asarray(cv2.filter2D(sharp, -1, blur, borderType=cv2.BORDER_REFLECT), np.float32)
    matched = (ones[0], made) if best < len(SOFTENED) else (made, others[0])
    return matched if fit(matched) > fits[best] else pairs[best]


def _blur(sharp: Map, blurred: Map, where: Mask) -> Kernel:
    """What makes the blurred picture of the sharp one, at full size."""
    source, target = (cv2.GaussianBlur(each, (0, 0), FINEST)[::2, ::2] for each in (sharp, blurred))
    rows, columns = np.nonzero(where[::2, ::2][REACH:-REACH, REACH:-REACH])
    side, every = 2 * REACH + 1, max(1, len(rows) // SAMPLES)
    rows, columns = rows[::every], columns[::every]
    around = np.lib.stride_tricks.sliding_window_view(source, (side, side))
    patches = around[rows, columns].reshape(len(rows), -1).astype(np.float64)
    values = target[rows + REACH, columns + REACH]
    square = patches.T @ patches
    ridge = RIDGE * np.trace(square) / len(square) + 1e-9
    solved = np.linalg.solve(square + ridge * np.eye(len(square)), patches.T @ values)
    full = np.zeros((2 * side - 1, 2 * side - 1))
    full[::2, ::2] = solved.reshape(side, side)
    spread = cv2.sepFilter2D(full, -1, BETWEEN, BETWEEN, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(spread / 4, np.float32)
