"""Image files: what is handed in."""

from __future__ import annotations

import io
import time

import cv2
import numpy as np
from PIL import Image

from receipt_screen.records import Pixels

_EPOCH = time.gmtime(1_738_000_000)
"""A fixed date inside PDF files: the same sample has the same bytes whenever it is made."""


def encode(pixels: Pixels, container: str, quality: int) -> bytes:
    """A file's bytes: `jpg`, `png`, or `pdf` with the image alone on its page."""
    if container == "pdf":
        return _pdf(pixels, quality)
    settings = {
        "jpg": [cv2.IMWRITE_JPEG_QUALITY, quality],
        "png": [cv2.IMWRITE_PNG_COMPRESSION, 9],
    }
    return bytes(cv2.imencode(f".{container}", pixels, settings[container])[1])


def _pdf(pixels: Pixels, quality: int) -> bytes:
    page = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels[..., ::-1]))
    image.save(page, "PDF", quality=quality, creationDate=_EPOCH, modDate=_EPOCH)
    return page.getvalue()


def as_handed(pixels: Pixels, container: str, quality: int) -> Pixels:
    """The pixels as whoever opens the file gets them."""
    if container != "jpg":
        return pixels
    encoded = np.frombuffer(encode(pixels, container, quality), np.uint8)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
