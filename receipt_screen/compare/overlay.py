"""Two aligned pictures → where print differs, window by window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import Alignment, Grey, Map, Sight
from receipt_screen.geometry import Box, Quad

Mask = npt.NDArray[np.bool_]

SLACK = (-2, 0, 2)
"""Pixels by which the map may be off: glyphs are thin, and a lens bends what a plane map keeps."""
LEAST_INK = 10.0
"""Grey levels of standard deviation from which on a window holds print."""
WINDOW = 0.6
"""Side of a window in heights of a line: about the width of a digit."""
SMALLEST_WINDOW, LARGEST_WINDOW = 7, 25
LINE_HEIGHT = 20.0
"""Pixels, where no line was read."""
LEAST_LOSS = 0.1
"""A window that correlates worse than 1 by this much may show something else."""
NOISE_TIMES = 8.0
"""… but not where most windows do so by an eighth of it: then the whole copy is worse."""
LARGEST_LOSS = 0.6
"""A window that correlates worse than this shows something else in any copy."""
LEAST_CHANGE = 0.12
"""Area of a change in squares of a line's height; smaller ones are dust and ringing."""


@dataclass(frozen=True)
class Overlay:
    """Two aligned pictures compared, in the frame of the earlier `Sight.grey`."""

    fit: float
    """The median correlation of windows over print; 0 where there is none."""
    changed: float
    """Share of the print that shows something else."""
    places: tuple[Box, ...]
    """Where it does."""
    elsewhere: float = 0.0
    """Share that shows something else of what isn't on any line: bars, pictures, unread print."""


def overlay(earlier: Sight, later: Sight, alignment: Alignment, lines: Iterable[Quad]) -> Overlay:
    """Lays the later picture on the earlier; `lines` of text in the earlier's frame."""
    quads = list(lines)
    height = median(quad.height for quad in quads) if quads else LINE_HEIGHT
    window = window_for(height)
    laid, inside = _laid(earlier, later, alignment, window)
    one, other = _even(earlier.grey), _even(laid)
    ink = (np.maximum(spread(one, window), spread(other, window)) > LEAST_INK) & inside
    print_ = ink & on_lines(quads, earlier.grey.shape)
    if not print_.any():
        print_ = ink  # nothing could be read, and yet a copy shows what its original does
    if not print_.any():
        return Overlay(0.0, 0.0, ())
    alike = likeness(one, other, window)
    known = alike[print_]
    differs = alike < least_likeness(known)
    changes, area = places(print_ & differs, height)
    rest = ink & ~print_
    _, beside = places(rest & differs, height)
    fit, elsewhere = float(np.median(known)), beside / max(1, int(rest.sum()))
    return Overlay(fit, area / int(print_.sum()), changes, elsewhere)


def _laid(earlier: Sight, later: Sight, alignment: Alignment, window: int) -> tuple[Grey, Mask]:
    """The later picture in the earlier's frame, and where it covers it by more than a window."""
    height, width = earlier.grey.shape
    matrix = alignment.to_earlier.array
    laid = cv2.warpPerspective(later.grey, matrix, (width, height), flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.full_like(later.grey, 255), matrix, (width, height))
    kernel = np.ones((2 * window + 1, 2 * window + 1), np.uint8)
    inside = cv2.erode((cover > 0).astype(np.uint8), kernel) > 0
    return np.asarray(laid, np.uint8), np.asarray(inside, np.bool_)


def on_lines(quads: Iterable[Quad], shape: tuple[int, ...]) -> Mask:
    """The pixels of a picture that are on lines."""
    on_line = np.zeros(shape, np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(on_line, np.round(quad.array).astype(np.int32), (1,))
    return on_line > 0


def _even(grey: Grey) -> Map:
    """The picture softened a little: a copy of a copy has lost its finest detail."""
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0), np.float32)


def window_for(height: float) -> int:
    """Side in pixels of what is compared at a time, on lines of a height."""
    return int(min(max(WINDOW * height, SMALLEST_WINDOW), LARGEST_WINDOW)) | 1


def _mean(image: Map, window: int) -> Map:
    return np.asarray(cv2.blur(image, (window, window)), np.float32)


def spread(image: Map, window: int) -> Map:
    """The standard deviation in the window around each pixel."""
    mean = _mean(image, window)
    return np.asarray(np.sqrt(np.maximum(_mean(image * image, window) - mean * mean, 0)))


def likeness(one: Map, other: Map, window: int, slack: Sequence[int] = SLACK) -> Map:
    """The best correlation of the two around each pixel over small shifts, −1 … 1."""
    mean, deviation = _mean(one, window), spread(one, window)
    others = other, _mean(other, window), spread(other, window)
    best = np.full(one.shape, -1.0, np.float32)
    for shift in product(slack, repeat=2):
        moved, level, contrast = (np.roll(each, shift, (0, 1)) for each in others)
        shared = _mean(one * moved, window) - mean * level
        np.maximum(best, shared / (deviation * contrast + 1.0), out=best)
    return best


def least_likeness(known: Map) -> float:
    """Below which a window shows something else, by how like each other the windows are."""
    noise = 1 - float(np.quantile(known, 0.3))
    return 1 - min(max(LEAST_LOSS, NOISE_TIMES * noise), LARGEST_LOSS)


def places(changed: Mask, height: float) -> tuple[tuple[Box, ...], int]:
    """The boxes around changes large enough to be a glyph's, and their area in pixels."""
    reach = max(1, round(height / 2))
    joined = cv2.dilate(changed.astype(np.uint8), np.ones((1, 2 * reach + 1), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    found, area = [], 0
    for number in range(1, count):
        rows, columns = np.nonzero((labels == number) & changed)
        if len(rows) >= LEAST_CHANGE * height * height:
            left, right = float(columns.min()), float(columns.max() + 1)
            found.append(Box(left, float(rows.min()), right, float(rows.max() + 1)))
            area += len(rows)
    return tuple(found), area
