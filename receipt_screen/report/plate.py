"""A photo as a reviewer sees it: turned until its text is upright, cut down to the paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Findings, Line, Photo, Pixels

MARGIN = 0.03
"""Of the paper's longer side, left around it."""
GLYPH_HEIGHT = 30.0
"""Pixels of a text line in a picture: easily read, and no larger than it need be."""
MOST_PIXELS = 2_200_000
"""Of a picture, whatever the height of its letters."""


@dataclass(frozen=True)
class Plate:
    """Upright pixels of the paper and its surroundings, at the resolution they were decoded in."""

    pixels: Pixels
    to_plate: Transform
    """From the full-size upright photo."""

    def reduced(self, glyph_height: float | None) -> Plate:
        """The same at the size of a picture; `glyph_height` is that of lines on this plate."""
        height, width = self.pixels.shape[:2]
        scale = min(1.0, math.sqrt(MOST_PIXELS / (width * height)))
        if glyph_height:
            scale = min(scale, GLYPH_HEIGHT / glyph_height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        resized = cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(resized, dtype=np.uint8)
        factors = np.diag([size[0] / width, size[1] / height, 1])
        return Plate(pixels, self.to_plate.then(Transform.from_array(factors)))


def take_plate(photo: Photo, findings: Findings) -> Plate:
    """The upright plate of a photo: the paper and every line that was read, with a margin."""
    turns = quarter_turns(findings.page.lines)
    pixels = np.rot90(photo.pixels, turns)
    facts = findings.photo
    to_turned = Transform.turning(turns, facts.width, facts.height).inverse()
    to_turned = to_turned.then(_scaling(facts.width, facts.height, turns, pixels))
    box = _interesting(findings, to_turned, pixels)
    left, top = int(box.left), int(box.top)
    cut = pixels[top : math.ceil(box.bottom), left : math.ceil(box.right)]
    shift = Transform.from_array([[1, 0, -left], [0, 1, -top], [0, 0, 1]])
    return Plate(np.ascontiguousarray(cut), to_turned.then(shift))


def _scaling(width: int, height: int, turns: int, pixels: Pixels) -> Transform:
    """From the turned full-size photo to turned pixels, which may have been decoded smaller."""
    if turns % 2:
        width, height = height, width
    return Transform.from_array(np.diag([pixels.shape[1] / width, pixels.shape[0] / height, 1]))


def quarter_turns(lines: Sequence[Line]) -> int:
    """How often `numpy.rot90` has to turn a photo until its lines run from left to right."""
    votes = [0.0, 0.0, 0.0, 0.0]
    for line in lines:
        (x0, y0), (x1, y1) = line.quad.points[:2]
        # A line that runs down has to be turned anticlockwise once, as rot90 does.
        quarter = round(math.atan2(y1 - y0, x1 - x0) / (math.pi / 2)) % 4
        votes[quarter] += line.quad.width
    return votes.index(max(votes))


def _interesting(findings: Findings, to_turned: Transform, pixels: Pixels) -> Box:
    """Where the paper lies on the turned pixels, with a margin."""
    quads = [line.quad for line in findings.page.lines]
    height, width = pixels.shape[:2]
    if not quads or not findings.paper.found:
        return Box(0, 0, width, height)
    box = Quad.hull(tuple(to_turned.quad(quad) for quad in (*quads, findings.paper.quad))).box
    margin = MARGIN * max(box.width, box.height)
    return Box(
        max(0.0, box.left - margin),
        max(0.0, box.top - margin),
        min(float(width), box.right + margin),
        min(float(height), box.bottom + margin),
    )


def lines_height(lines: Sequence[Line]) -> float | None:
    """The median height of lines in pixels; None without any."""
    return median(line.quad.height for line in lines) if lines else None
