"""What an image looks like: a hash of its pixels, and one that survives copying.

Perceptual hashes find re-encoded and resized copies of one image. They can't tell two receipts
of one layout apart and don't find a second photograph of the same paper; keys and text do.
"""

from __future__ import annotations

import hashlib

import cv2
import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from receipt_screen.records import Pixels

VERSION = 1
"""Of the perceptual hash: raise it whenever that of an unchanged photo comes out differently."""

WORKING_SIDE = 1024
"""Longest side in pixels at which bars are sought; a bar's edge is then known to 0.1 %."""
HASH_SIZE = 16
"""Bits along each side of the perceptual hash: 16 × 16 = 256."""
DCT_SIDE = 4 * HASH_SIZE
"""Side of the square that pHash transforms (imagehash's `highfreq_factor` is 4)."""
BAR_STEP = 24
"""Grey levels from a row's own colour from which on a pixel stands out of it.

Twice what JPEG leaves in an even area at quality 40, half the contrast of pale print."""
BAR_SPECKS = 0.01
"""Share of a row that may stand out of a bar: dust, and the corners where two bars meet."""
BAR_SAMPLES = 64
"""Pixels of a row that its colour is taken from."""
LEAST_CONTENT = 0.2
"""Share of each side that has to be left after trimming; otherwise nothing is trimmed."""
LEAST_SPREAD = 3.0
"""Grey levels of standard deviation below which an image shows nothing to recognise."""

Grey = npt.NDArray[np.uint8]


def hash_pixels(pixels: Pixels) -> str:
    """The sha256 of an image's shape and samples, in hexadecimal."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def shrink(pixels: Pixels) -> Grey:
    """The image in grey, its longest side at most `WORKING_SIDE`."""
    height, width = pixels.shape[:2]
    factor = min(1.0, WORKING_SIDE / max(height, width))
    size = max(1, round(factor * width)), max(1, round(factor * height))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def trim_bars(grey: Grey) -> Grey:
    """The image without bars of one colour at its edges, such as a screenshot's margins.

    Bars may lie in each other, a black one around a white one, so trimming goes on until
    nothing is left to trim. An image of which too little would be left stays whole.
    """
    trimmed, previous = _trim_once(grey), grey
    while trimmed.shape != previous.shape and trimmed.size:
        trimmed, previous = _trim_once(trimmed), trimmed
    least = LEAST_CONTENT * np.array(grey.shape)
    return trimmed if (trimmed.shape >= least).all() else grey


def _trim_once(grey: Grey) -> Grey:
    return grey[_content(grey), _content(grey.T)]


def _content(rows: Grey) -> slice:
    """From the first to the last row that isn't of one colour."""
    step = max(1, rows.shape[1] // BAR_SAMPLES)
    colour = np.median(rows[:, ::step], axis=1, keepdims=True)
    lower, upper = np.clip((colour - BAR_STEP, colour + BAR_STEP), 0, 255).astype(np.uint8)
    specks = np.mean((rows < lower) | (rows > upper), axis=1)
    varied = np.flatnonzero(specks > BAR_SPECKS)
    return slice(varied[0], varied[-1] + 1) if varied.size else slice(0)


def hash_look(grey: Grey) -> str | None:
    """The 256-bit pHash of an image in hexadecimal; None where it is blank."""
    if grey.std() < LEAST_SPREAD:
        return None
    # Area averaging to the side that pHash works at, so that it resamples nothing itself.
    square = cv2.resize(grey, (DCT_SIDE, DCT_SIDE), interpolation=cv2.INTER_AREA)
    return str(imagehash.phash(Image.fromarray(square), hash_size=HASH_SIZE))
