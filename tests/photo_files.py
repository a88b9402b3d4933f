"""Small image files of every kind, made on the spot.

The image is four flat quarters, so that a wrong turn, a swapped channel or a shifted row shows.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image

WIDTH, HEIGHT = 96, 64
RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 160, 30), (30, 30, 200), (128, 128, 128)
CORNERS = (RED, GREEN, BLUE, GREY)
"""Top left, top right, bottom right, bottom left; RGB."""


def quarters(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """The upright image."""
    pixels = np.empty((height, width, 3), np.uint8)
    half_height, half_width = height // 2, width // 2
    pixels[:half_height, :half_width] = RED
    pixels[:half_height, half_width:] = GREEN
    pixels[half_height:, half_width:] = BLUE
    pixels[half_height:, :half_width] = GREY
    return Image.fromarray(pixels)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The image as a file's bytes; `kind` as in `PhotoFacts.format`."""
    if isinstance(options.get("exif"), Image.Exif):  # TIFF writes all directories only from bytes
        options["exif"] = options["exif"].tobytes()
    buffer = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(buffer, quality=90, **options)
    else:
        image.save(buffer, kind, **({"quality": 95} if kind == "JPEG" else {}) | options)
    return buffer.getvalue()


def exif(orientation: int = 1, **tags: str) -> Image.Exif:
    """EXIF data; tags by name: Make, Model, Software, DateTimeOriginal."""
    data = Image.Exif()
    data[274] = orientation
    for number, name in ((271, "Make"), (272, "Model"), (305, "Software")):
        if name in tags:
            data[number] = tags[name]
    if "DateTimeOriginal" in tags:
        data.get_ifd(0x8769)[36867] = tags["DateTimeOriginal"]
    return data


def corners(pixels: npt.NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """RGB near the four corners, clockwise from the top left."""
    rows, columns = pixels.shape[0] // 8, pixels.shape[1] // 8
    places = ((rows, columns), (rows, -columns), (-rows, -columns), (-rows, columns))
    return [tuple(int(v) for v in pixels[place][::-1]) for place in places]


def close(found: list[tuple[int, ...]], tolerance: int = 6) -> bool:
    """Whether the corners are those of the upright image, lossy compression allowed for."""
    return bool(np.abs(np.subtract(found, CORNERS)).max() <= tolerance)
