"""A quad of a photo becomes a rectangle."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.paper.scene import size_of
from receipt_screen.paper.shapes import Corners, from_top_left
from receipt_screen.records import Pixels


@dataclass(frozen=True, repr=False)
class Flat:
    """A flattened paper, and the way from it to the pixels it was taken from."""

    pixels: Pixels
    to_photo: Transform

    @property
    def quad(self) -> Quad:
        """All of the paper."""
        width, height = size_of(self.pixels)
        return _rectangle(width, height)


def flatten(pixels: Pixels, quad: Corners | None, *, longest: int, upright: bool) -> Flat:
    """The quad of a photo as a rectangle; None is the whole photo, pixel for pixel.

    `upright` cuts along rows and columns instead, also pixel for pixel. Otherwise the quad's
    nearest edges keep their resolution, unless a side would exceed `longest`.
    """
    if quad is None:
        return Flat(pixels, Transform.identity())
    corners = from_top_left(quad)
    return _cut(pixels, corners) if upright else _warp(pixels, corners, longest)


def _cut(pixels: Pixels, corners: Corners) -> Flat:
    box = Quad.from_array(corners).box
    left, top = max(0, int(box.left)), max(0, int(box.top))
    cut = pixels[top : int(box.bottom) + 1, left : int(box.right) + 1]
    return Flat(
        np.ascontiguousarray(cut), Transform.from_array([[1, 0, left], [0, 1, top], [0, 0, 1]])
    )


def _warp(pixels: Pixels, corners: Corners, longest: int) -> Flat:
    width, height = _flat_size(Quad.from_array(corners), longest)
    target = _rectangle(width, height).array.astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    paper = cv2.warpPerspective(
        pixels,
        matrix,
        (width, height),
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_paper_colour(pixels, corners),
    )
    return Flat(np.asarray(paper, np.uint8), Transform.from_array(matrix).inverse())


def _flat_size(quad: Quad, longest: int) -> tuple[int, int]:
    factor = min(1.0, longest / max(quad.width, quad.height))
    return max(1, round(quad.width * factor)), max(1, round(quad.height * factor))


def _paper_colour(pixels: Pixels, corners: Corners) -> tuple[float, float, float]:
    """The colour of the paper's middle; above the median, to be without its print."""
    right, bottom = size_of(pixels)
    x, y = np.clip(corners.mean(axis=0).astype(int), 0, (right - 1, bottom - 1))
    reach = 1 + int(np.ptp(corners, axis=0).min() // 8)
    middle = pixels[max(0, y - reach) : y + reach : 4, max(0, x - reach) : x + reach : 4]
    blue, green, red = np.percentile(middle.reshape(-1, 3), 75, axis=0)
    return float(blue), float(green), float(red)


def _rectangle(width: float, height: float) -> Quad:
    return Quad.from_box(Box(0, 0, width, height))
