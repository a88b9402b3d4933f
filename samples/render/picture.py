"""An image before it is a file, and where the text of its receipt lies in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Pixels
from samples.render.labelling import QuadMap, View
from samples.render.labels import LineLabel


@dataclass(frozen=True)
class Picture:
    """An image before it is a file, and how it came about."""

    pixels: Pixels = field(repr=False)
    to_picture: QuadMap
    """From dots of the sheet to pixels of the image."""
    faults: tuple[str, ...] = ()
    occluders: tuple[Quad, ...] = ()
    others: tuple[LineLabel, ...] = ()
    """Lines of other papers in the picture."""
    container: str = "jpg"
    """The file it is handed in as: `jpg`, `png` or `pdf`."""

    @property
    def view(self) -> View:
        height, width = self.pixels.shape[:2]
        return View(self.to_picture, width, height, self.occluders)


def moved(picture: Picture, pixels: Pixels, transform: Transform, *faults: str) -> Picture:
    """A picture after a transform, with all its quads."""
    return replace(
        picture,
        pixels=np.ascontiguousarray(pixels),
        to_picture=lambda quad: transform.quad(picture.to_picture(quad)),
        occluders=tuple(transform.quad(quad) for quad in picture.occluders),
        others=tuple(
            line.model_copy(update={"quad": transform.quad(line.quad)}) for line in picture.others
        ),
        faults=(*picture.faults, *faults),
    )


def resized(picture: Picture, long_side: int, *faults: str) -> Picture:
    """Scaled to a longest side."""
    height, width = picture.pixels.shape[:2]
    factor = long_side / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    pixels = cv2.resize(picture.pixels, size, interpolation=way)
    scaling = Transform.from_array(np.diag([size[0] / width, size[1] / height, 1.0]))
    return moved(picture, pixels, scaling, *faults)


def fitted(picture: Picture, most: int) -> Picture:
    """No longer than a messenger lets through."""
    return picture if max(picture.pixels.shape[:2]) <= most else resized(picture, most)
