"""Puts ink on a sheet the way a thermal head or an office printer does."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.records import Pixels
from samples.render.blocks import Colour
from samples.render.chance import Chance
from samples.render.fonts import Face, Ink
from samples.render.typesetting import Run, Sheet

Floats = npt.NDArray[np.float32]


def ink_sheet(sheet: Sheet, face: Face) -> Ink:
    """The ink that a perfect machine would leave, one pixel a dot."""
    ink = np.zeros((sheet.height, sheet.width), np.uint8)
    for drawing in sheet.drawings:
        _stamp(ink, drawing.ink, drawing.left, drawing.top)
    for run in sheet.runs:
        ink_run(ink, run, face)
    return ink


def ink_run(ink: Ink, run: Run, face: Face) -> None:
    """Sets one run on the ink."""
    for char, left in zip(run.text, run.edges, strict=False):
        if char != " ":
            _stamp(ink, face.glyph(char, run.style), left, run.top)
    if run.style.reverse:
        box = ink[run.top : run.top + run.height, run.edges[0] : run.edges[-1]]
        box[:] = 255 - box


def paint_sheet(sheet: Sheet, face: Face, ground: Colour) -> Pixels:
    """The sheet in its colours: bands, drawings and text over a ground."""
    picture = np.full((sheet.height, sheet.width, 3), ground, np.uint8)
    for drawing in sheet.drawings:
        _tint(picture, drawing.ink, (drawing.left, drawing.top), drawing.colour)
    for run in sheet.runs:
        for char, left in zip(run.text, run.edges, strict=False):
            if char != " ":
                _tint(picture, face.glyph(char, run.style), (left, run.top), run.style.colour)
    return picture


def _tint(picture: Pixels, ink: Ink, at: tuple[int, int], colour: Colour) -> None:
    """Lays a colour over the picture where there is ink."""
    left, top = max(0, at[0]), max(0, at[1])
    ink = ink[: max(0, picture.shape[0] - top), : max(0, picture.shape[1] - left)]
    region = picture[top : top + ink.shape[0], left : left + ink.shape[1]]
    alpha = ink[..., None].astype(np.float32) / 255
    region[:] = (region * (1 - alpha) + np.float32(colour) * alpha).astype(np.uint8)


def _stamp(ink: Ink, glyph: Ink, left: int, top: int) -> None:
    height, width = ink.shape
    left, top = max(0, left), max(0, top)
    glyph = glyph[: max(0, height - top), : max(0, width - left)]
    region = ink[top : top + glyph.shape[0], left : left + glyph.shape[1]]
    np.maximum(region, glyph, out=region)


# ── a head that is not perfect ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Head:
    """The state of a print head and its paper. Probabilities and shares from 0 to 1."""

    density: float
    fading: float
    banding: int
    dead_dots: int
    dropout: float
    gain: float
    """Radius in dots by which the ink spreads (negative: shrinks)."""
    slip: int
    """Rows of dots that a slipping platen left out."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with it, in words."""
        found = {
            "faded": self.fading > 0.25,
            "pale": self.density < 0.6,
            "banding": self.banding > 0,
            "dead_dots": self.dead_dots > 0,
            "dropout": self.dropout > 0.1,
            "dot_gain": self.gain > 0.25,
            "dot_loss": self.gain < -0.15,
            "slip": self.slip > 0,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def draw_head(chance: Chance) -> Head:
    """A head: most are fine."""
    bad = chance.happens(0.35)
    return Head(
        density=chance.uniform(0.45, 0.75) if chance.happens(0.15) else chance.uniform(0.78, 1.0),
        fading=chance.uniform(0.3, 0.75) if bad and chance.happens(0.5) else 0.0,
        banding=chance.randint(2, 12) if bad and chance.happens(0.3) else 0,
        dead_dots=chance.randint(1, 5) if bad and chance.happens(0.3) else 0,
        dropout=chance.uniform(0.1, 0.3) if bad and chance.happens(0.4) else 0.0,
        gain=chance.choice([0, 0, 0.1, 0.2, 0.3, 0.5, -0.1, -0.25]),
        slip=chance.randint(1, 3) if chance.happens(0.06) else 0,
    )


def print_ink(ink: Ink, head: Head, chance: Chance) -> Floats:
    """The coverage that a head leaves: float32, 0 … 1, same size as the ink."""
    noise = chance.field()
    coverage = _spread(ink.astype(np.float32) / 255, head.gain)
    if head.fading:
        coverage *= 1 - head.fading * smooth_noise(noise, coverage.shape, (5, 2))
    if head.dropout:
        grain = smooth_noise(noise, coverage.shape, (ink.shape[0] // 3, ink.shape[1] // 3))
        coverage *= np.clip((grain - head.dropout + 0.15) * 4, 0, 1)
    _band(coverage, head, noise)
    return coverage * np.float32(head.density)


def _spread(coverage: Floats, gain: float) -> Floats:
    """Dot gain and loss: the ink's edge moves by part of a dot."""
    if not gain:
        return coverage
    grow = cv2.dilate if gain > 0 else cv2.erode
    moved = grow(coverage, np.ones((2, 2), np.uint8))
    return coverage + (moved - coverage) * np.float32(min(1.0, abs(gain) * 1.6))


def _band(coverage: Floats, head: Head, noise: np.random.Generator) -> None:
    height, width = coverage.shape
    for y in noise.integers(0, height, head.banding):
        coverage[y : y + noise.integers(1, 5)] *= np.float32(noise.uniform(0.1, 0.6))
    for x in noise.integers(0, width, head.dead_dots):
        coverage[:, x : x + noise.integers(1, 3)] *= np.float32(noise.uniform(0, 0.35))
    for y in noise.integers(height // 6, height, head.slip):
        coverage[y : y + 2] = 0


def smooth_noise(
    noise: np.random.Generator, shape: tuple[int, ...], cells: tuple[int, int]
) -> Floats:
    """Noise from 0 to 1 that changes over a number of cells down and across."""
    rows, columns = max(2, cells[0]), max(2, cells[1])
    grid = noise.random((rows, columns), dtype=np.float32)
    smooth = cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 1)
