"""Evens the light on a paper and measures how well it can be read."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.paper.scene import rescale, shrink, size_of, to_grey
from receipt_screen.paper.shapes import Grey, box_kernel
from receipt_screen.records import Pixels, Quality

SHORT_SIDE = 640
"""Of the copy that is measured: about 40 half-width characters of 16 px on a receipt."""


def even_light(gray: Grey) -> Grey:
    """A grey image divided by its background: paper becomes white, shadows and folds vanish.

    `gray` is height × width uint8, dark print on lighter paper; the result has its shape. The
    background is what a closing wider than any stroke leaves, estimated on a small copy.
    """
    small = shrink(gray, 320)
    # A sixteenth of the side is wider than double-height glyphs and narrower than most shadows.
    closing = box_kernel(max(small.shape) // 16 | 1)
    background = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, closing), (9, 9))
    background = cv2.resize(background, size_of(gray), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, background, scale=255), np.uint8)


def measure_quality(pixels: Pixels, *, cut_edges: tuple[str, ...] = ()) -> Quality:
    """How well a flattened paper can be read, comparable across resolutions.

    `pixels` is height × width × 3 uint8. Sharpness and contrast are those of the print alone;
    both are 0 where there is none. `cut_edges` is passed on.
    """
    even = even_light(_at_common_scale(pixels))
    printed = _printed(even)
    if np.count_nonzero(printed) < even.size // 1000:
        return Quality(sharpness=0, glare=_glare(pixels), contrast=0, cut_edges=cut_edges)
    low, high = np.percentile(even[printed], (5, 95))
    contrast = max(1.0, float(high - low))
    roughness = float(cv2.Laplacian(even, cv2.CV_32F)[printed].var())
    return Quality(
        # Over the contrast, or faded print would pass for blurred. The factor puts the value at
        # which the first digits of real receipts are lost, blurred step by step, at 60.
        sharpness=round(7500 * roughness / contrast**2, 1),
        glare=_glare(pixels),
        contrast=round(contrast, 1),
        cut_edges=cut_edges,
    )


def _at_common_scale(pixels: Pixels) -> Grey:
    short, long = sorted(pixels.shape[:2])
    # The second bound keeps a very long strip within what a photo of a receipt can be.
    return to_grey(rescale(pixels, min(SHORT_SIDE / short, 6 * SHORT_SIDE / long)))


def _printed(even: Grey) -> npt.NDArray[np.bool_]:
    """Strokes, and what is next to them."""
    strokes = cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, box_kernel(13)) > 30
    return cv2.dilate(strokes.astype(np.uint8), box_kernel(5)) > 0


def _glare(pixels: Pixels) -> float:
    """The share blown out in large areas; none where the paper as a whole is white."""
    darkest = shrink(pixels, 320).min(axis=2)
    if np.median(darkest) > 235:
        return 0.0
    blown = (darkest >= 250).astype(np.uint8)
    large = cv2.morphologyEx(blown, cv2.MORPH_OPEN, box_kernel(7))
    return round(float(np.mean(large)), 4)
