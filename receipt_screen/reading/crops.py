"""A line's pixels, straightened to a strip of fixed height."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.geometry import Quad

Grey = npt.NDArray[np.uint8]

MARGIN_ABOVE = 0.05
"""Room above and below a line, as a share of its height."""
MARGIN_BESIDE = 0.15
"""Room before and behind a line, as a share of its height."""
MAX_ASPECT = 60
"""A longer strip is a rule or a mistake; it is squeezed to this."""


def crop_strip(grey: Grey, quad: Quad, height: int) -> Grey:
    """The strip of a line: `height` rows, as wide as its quad asks for.

    Strips taken from a much taller line are warped at a multiple of `height` and averaged
    down, so that thin strokes don't fall between samples.
    """
    oversample = 2 if quad.height > 1.3 * height else 1
    corners = widen(quad)
    width = strip_width(quad, height)
    target = oversample * np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    to_strip = cv2.getPerspectiveTransform(corners, target)
    size = (width * oversample, height * oversample)
    strip = cv2.warpPerspective(
        grey, to_strip, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if oversample > 1:
        strip = cv2.resize(strip, (width, height), interpolation=cv2.INTER_AREA)
    return strip.astype(np.uint8, copy=False)


def strip_width(quad: Quad, height: int) -> int:
    """How wide a line's strip is at a height, margins included."""
    line = max(quad.height, 1.0)
    aspect = (quad.width + 2 * MARGIN_BESIDE * line) / (line * (1 + 2 * MARGIN_ABOVE))
    return max(height // 2, round(min(aspect, MAX_ASPECT) * height))


def widen(quad: Quad) -> npt.NDArray[np.float32]:
    """The quad's corners with room around them, 4×2."""
    corners = quad.array
    down = (corners[3] - corners[0]) * MARGIN_ABOVE
    right = (corners[1] - corners[0]) / max(quad.width, 1.0) * quad.height * MARGIN_BESIDE
    room = np.stack([-down - right, -down + right, down + right, down - right])
    return np.asarray(corners + room, np.float32)
