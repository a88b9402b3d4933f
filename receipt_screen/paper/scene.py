"""A small copy of a photo, and what can be seen on it: colour without print, print without colour.

Lengths in this and the modules that look at a scene are pixels of the work copy, 320 on the
longer side: 1 px there is 12 px of a 12-megapixel photo, far less than the margin that is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.paper.shapes import Grey, box_kernel
from receipt_screen.records import Pixels

WORK_SIDE = 320
PRINT_SIDE = 1024
"""Longer side of the copy on which print is told from texture: strokes have to survive."""
ALIKE_SIDE, MOST_SEEN, LEAST_DRAWN = 1000, 0.6, 0.85
"""Of 600 rendered and 28 real pictures 98 in a hundred of a camera's had at most 0.57 alike, all
screenshots and e-receipts more than 0.88. A dark photo has few shades, but noise."""
DARKER = 40
"""Per cent of the pixels that may be ink, or what surrounds the paper."""

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, repr=False)
class Scene:
    """The work copy of a photo."""

    color: Pixels
    """CIELAB; a closing and a median leave paper without its print."""
    print: Grey
    """How densely strokes of print stand around each pixel, 255 for nothing but strokes."""
    scale: float
    """Pixels of the photo for one pixel of the work copy."""
    flat: bool
    """Most bright pixels have one and the same value, and that of their neighbours: drawn by a
    program, not photographed."""
    alike: float
    """The share of the lighter pixels in the middle that equal the ones above and before them."""

    @classmethod
    def of(cls, pixels: Pixels) -> Scene:
        """The scene of a photo's pixels."""
        large = shrink(pixels, PRINT_SIDE)
        middle = shrink(large, PRINT_SIDE // 2)
        work = shrink(middle, WORK_SIDE)
        alike = _alike(pixels)
        lab = cv2.morphologyEx(
            cv2.cvtColor(work, cv2.COLOR_BGR2LAB), cv2.MORPH_CLOSE, box_kernel(3)
        )
        return cls(
            color=np.asarray(cv2.medianBlur(lab, 5), np.uint8),
            print=_print_density(to_grey(large), to_grey(middle), size_of(work)),
            scale=pixels.shape[1] / work.shape[1],
            flat=_is_flat(pixels) and alike > MOST_SEEN,
            alike=alike,
        )

    @property
    def drawn(self) -> bool | None:
        """Whether a program drew it, not a camera; None where that can't be told."""
        return None if MOST_SEEN < self.alike < LEAST_DRAWN else self.alike >= LEAST_DRAWN

    @cached_property
    def light(self) -> Grey:
        """Lightness, 0 to 255."""
        return np.ascontiguousarray(self.color[..., 0])

    @cached_property
    def chroma(self) -> npt.NDArray[np.float32]:
        """Distance from grey."""
        a, b = (self.color[..., channel].astype(np.float32) - 128 for channel in (1, 2))
        return np.hypot(a, b)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return size_of(self.color)

    @cached_property
    def rim(self) -> npt.NDArray[np.bool_]:
        """True along the four edges."""
        depth = max(3, max(self.size) // 60)
        rim = np.ones(self.light.shape, np.bool_)
        rim[depth:-depth, depth:-depth] = False
        return rim


def _print_density(large: Grey, middle: Grey, size: tuple[int, int]) -> Grey:
    """Where strokes darker than their surroundings stand and no equally bright ones.

    Cloth, carpet and wood are as often brighter than their median as darker; print on paper is
    only ever darker.
    """
    median = cv2.medianBlur(middle, 7)
    full = size_of(large)
    # The darkest and the brightest median nearby: a paper's border is no print on either side.
    below = cv2.resize(cv2.erode(median, box_kernel(3)), full)
    above = cv2.resize(cv2.dilate(median, box_kernel(3)), full)
    least = np.maximum(cv2.convertScaleAbs(cv2.resize(median, full), alpha=0.12), 8)
    darker = _density(cv2.subtract(cv2.subtract(below, large), least), size)
    brighter = _density(cv2.subtract(cv2.subtract(large, above), least), size)
    return np.asarray(cv2.subtract(darker, cv2.convertScaleAbs(brighter, alpha=1.5)), np.uint8)


def _density(excess: cv2.typing.MatLike, size: tuple[int, int]) -> cv2.typing.MatLike:
    strokes = np.asarray(cv2.threshold(excess, 0, 255, cv2.THRESH_BINARY)[1], np.uint8)
    return cv2.blur(_resized(strokes, size), (5, 5))


def _is_flat(pixels: Pixels) -> bool:
    step = max(1, max(pixels.shape[:2]) // 500)
    # Single pixels, not means: shading and noise are what tells a photo from a drawing.
    grey = to_grey(np.ascontiguousarray(pixels[::step, ::step]))
    bright = np.bincount(grey.ravel(), minlength=256)[128:]
    mode = int(bright.argmax())
    return bool(bright[max(0, mode - 2) : mode + 3].sum() > 0.6 * bright.sum())


def _alike(pixels: Pixels) -> float:
    height, width = pixels.shape[:2]
    top, left = (max(0, (side - ALIKE_SIDE) // 2) for side in (height, width))
    grey = to_grey(np.ascontiguousarray(pixels[top : top + ALIKE_SIDE, left : left + ALIKE_SIDE]))
    here = grey[1:, 1:]
    same = (here == grey[:-1, 1:]) & (here == grey[1:, :-1])
    return float(same[here >= np.percentile(here, DARKER)].mean()) if here.size else 0.0


def shrink(image: Image, side: int) -> Image:
    """A copy whose longer side is at most `side`."""
    factor = side / max(image.shape[:2])
    return image if factor >= 1 else rescale(image, factor)


def rescale(image: Image, factor: float) -> Image:
    """A copy of another size, reduced without aliasing."""
    width, height = size_of(image)
    return _resized(image, (max(1, round(width * factor)), max(1, round(height * factor))))


def _resized(image: Image, size: tuple[int, int]) -> Image:
    # Halving and then interpolating is four times faster than OpenCV's means over any area.
    while min(size_of(image)[axis] / size[axis] for axis in (0, 1)) >= 2:
        half = image.shape[1] // 2, image.shape[0] // 2
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def to_grey(pixels: Pixels) -> Grey:
    """The lightness of a blue-green-red image."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def size_of(image: Image) -> tuple[int, int]:
    """Width and height, as OpenCV takes them."""
    height, width = image.shape[:2]
    return width, height
