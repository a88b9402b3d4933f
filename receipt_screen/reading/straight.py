"""A tilted or curled paper pulled straight by its lines, so that each is level where it is read.

Paper that was rolled up bends its lines into arcs, and one that was not cut out of the photo lies
aslant. Where lines are set tightly, a network that looks for level ones joins them, and a straight
strip along an arc holds half of the next line. How the lines run is measured on the cores that the
network sees at a first glance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import atan2, degrees
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.geometry import Quad, Transform
from receipt_screen.records import Pixels

Numbers = npt.NDArray[np.float64]

STEP = 6
"""Columns of a network's map that make one point of a core's centre line."""
LEAST_POINTS = 5
"""Shorter cores tell nothing of a bend."""
STEEP = 45.0
"""A core that falls by so many degrees is no line that can be read as the paper is held."""
THICK = 1.7
"""A core this many times thicker than most is two lines that touch."""
FEWEST = 6
"""Fewer lines tell nothing of the paper."""
ROUNDS = 3
"""How often lines that run otherwise than most are left out."""
BEYOND = 1.3
"""How far beyond the outermost lines a bend goes on, in halves of what they span."""
TILTED = 2.0
"""Degrees of tilt from which a paper is pulled straight."""
HANGING = 0.25
"""… and how far a tenth of its lines hang from level, in thicknesses of their cores."""
BAND = 64
"""Rows that are pulled straight at a time: to tell where its pixel comes from takes ten times the
memory of a pixel."""
STIFFNESS = np.array([0.0, 2e-3, 2e-2, 2e-3, 2e-2, 2e-2, 2e-2, 2e-2])
"""What each term of a bend has to gain, so that none is bent that no line tells of."""


@dataclass(frozen=True)
class CentreLine:
    """How a line of text runs: points along its middle from left to right, n × 2."""

    points: Numbers
    thickness: float
    """Of its core, half as high as the line."""

    @property
    def length(self) -> float:
        """From end to end."""
        return float(np.hypot(*self._along))

    @property
    def tilt(self) -> float:
        """By how many degrees it falls to the right from end to end."""
        x, y = self._along
        return degrees(atan2(y, x))

    @cached_property
    def _along(self) -> tuple[float, float]:
        # The ends' thirds: single points jump with the letters.
        third = max(1, len(self.points) // 3)
        x, y = self.points[-third:].mean(axis=0) - self.points[:third].mean(axis=0)
        return float(x), float(y)

    def placed(self, scale: Numbers, origin: Numbers) -> CentreLine:
        """On the image that the map shows a part of."""
        return CentreLine(self.points * scale + origin, self.thickness * float(scale[1]))

    def turned(self, transform: Transform) -> CentreLine:
        """Where it comes to lie."""
        points = np.column_stack([self.points, np.ones(len(self.points))]) @ transform.array.T
        return CentreLine(points[:, :2], self.thickness)


def centre_lines(cores: npt.NDArray[np.bool_]) -> list[CentreLine]:
    """The centre line of each long core in a network's map, but of those that touch another."""
    _, labels = cv2.connectedComponents(cores.astype(np.uint8))
    rows, columns = np.nonzero(labels)
    owners = labels[rows, columns].astype(np.int64)
    pieces = owners * (cores.shape[1] // STEP + 1) + columns // STEP
    _, piece, sizes = np.unique(pieces, return_inverse=True, return_counts=True)
    x, y, owner = (np.bincount(piece, values) / sizes for values in (columns, rows, owners))
    ends = np.flatnonzero(np.diff(owner)) + 1
    lines = [
        CentreLine(points, float(np.median(thickness)))
        for points, thickness in zip(
            np.split(np.column_stack([x, y]), ends), np.split(sizes / STEP, ends), strict=True
        )
        if len(points) >= LEAST_POINTS
    ]
    usual = median(line.thickness for line in lines) if lines else 0.0
    return [line for line in lines if line.thickness < THICK * usual and abs(line.tilt) < STEEP]


def tilt_of(lines: Sequence[CentreLine]) -> float:
    """By how many degrees most lines fall to the right; the longer, the weightier."""
    if not lines:
        return 0.0
    ordered = sorted(lines, key=lambda line: line.tilt)
    weights = np.cumsum([line.length for line in ordered])
    return ordered[int(np.searchsorted(weights, weights[-1] / 2))].tilt


# ── bend ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bend:
    """How far lines hang below level at each place of the straight paper."""

    weights: Numbers
    middle: Numbers
    size: Numbers

    def sag(self, x: Numbers, y: Numbers) -> Numbers:
        """At some places, all in pixels; the two are broadcast against each other."""
        across, down = (
            np.clip((place - middle) / size, -BEYOND, BEYOND)
            for place, middle, size in zip((x, y), self.middle, self.size, strict=True)
        )
        one, two, three, one_y, two_y, three_y, one_yy, two_yy = self.weights
        slope = one + down * (one_y + down * one_yy)
        arc = two + down * (two_y + down * two_yy)
        return np.asarray(across * (slope + across * (arc + across * (three + down * three_y))))


def _terms(x: Numbers, y: float) -> Numbers:
    """What the weights of a bend weigh, along one line at height `y`."""
    return np.column_stack([x, x**2, x**3, x * y, x**2 * y, x**3 * y, x * y**2, x**2 * y**2])


def fit_bend(lines: Sequence[CentreLine]) -> Bend | None:
    """The bend of a paper with such lines, in least squares; None where too few tell of it.

    Where a line stands says nothing, only how it runs: its own mean is taken off.
    """
    if len(lines) < FEWEST:
        return None
    points = np.concatenate([line.points for line in lines])
    low, high = points.min(axis=0), points.max(axis=0)
    middle, size = (low + high) / 2, np.maximum((high - low) / 2, 1.0)
    runs = [_run(line, middle, size) for line in lines]
    kept, weights = runs, np.zeros(len(STIFFNESS))
    for _ in range(ROUNDS):
        known = np.concatenate([terms for terms, _ in kept])
        seen = np.concatenate([hang for _, hang in kept])
        gram = known.T @ known + len(known) * np.diag(STIFFNESS + 1e-9)
        weights = np.asarray(np.linalg.solve(gram, known.T @ seen), np.float64)
        off = [float(np.sqrt(np.mean((hang - terms @ weights) ** 2))) for terms, hang in runs]
        limit = 3 * max(median(off), 0.5)
        kept = [run for run, each in zip(runs, off, strict=True) if each <= limit]
    return Bend(weights, middle, size)


def _run(line: CentreLine, middle: Numbers, size: Numbers) -> tuple[Numbers, Numbers]:
    """The terms along a line, and how far it hangs below its own mean."""
    x, y = ((line.points - middle) / size).T
    terms = _terms(x, float(y.mean()))
    return terms - terms.mean(axis=0), line.points[:, 1] - line.points[:, 1].mean()


def hang_of(bend: Bend, lines: Sequence[CentreLine]) -> float:
    """How far a bend lets the tenth of lines that it bends most hang from level, in the mean along
    each and in thicknesses of cores.
    """
    runs = (_run(line, bend.middle, bend.size)[0] @ bend.weights for line in lines)
    hangs = [float(np.sqrt(np.mean(run**2))) for run in runs]
    return float(np.percentile(hangs, 90)) / max(median(line.thickness for line in lines), 1.0)


# ── pulled straight ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Pull:
    """How a paper was pulled straight: the way back to the pixels as they were."""

    back: Transform
    """After the bend."""
    bend: Bend | None = None

    def quad(self, quad: Quad) -> Quad:
        """Where a quad of the straight paper stands in the pixels as they were."""
        if self.bend is None:
            return self.back.quad(quad)
        x, y = quad.array.T
        hanging = np.column_stack([x, y + self.bend.sag(x, y)])
        return self.back.quad(Quad.from_array(hanging))


@dataclass(frozen=True)
class Straight:
    """A paper pulled straight, and how."""

    pixels: Pixels
    pull: Pull


def pull_straight(pixels: Pixels, lines: Sequence[CentreLine]) -> Straight | None:
    """A paper with such lines pulled straight; None where they are level as it is."""
    height, width = pixels.shape[:2]
    tilt = tilt_of(lines)
    level, size = _turning(tilt if abs(tilt) >= TILTED else 0.0, width, height)
    lines = [line.turned(level) for line in lines]
    bend = fit_bend(lines)
    if bend is not None and hang_of(bend, lines) < HANGING:
        bend = None
    if bend is None and abs(tilt) < TILTED:
        return None
    pull = Pull(level.inverse(), bend)
    return Straight(_pulled(pixels, pull, size), pull)


def _pulled(pixels: Pixels, pull: Pull, size: tuple[int, int]) -> Pixels:
    """The straight paper, of a width and height."""
    width, height = size
    straight: Pixels = np.empty((height, width, 3), np.uint8)
    around = cv2.mean(pixels)
    x = np.arange(width, dtype=np.float64)[None]
    for top in range(0, height, BAND):
        y = np.arange(top, min(top + BAND, height), dtype=np.float64)[:, None]
        down = y + pull.bend.sag(x, y) if pull.bend else np.broadcast_to(y, (len(y), width))
        across_from, down_from = (
            np.asarray(row[0] * x + row[1] * down + row[2], np.float32)
            for row in pull.back.array[:2]
        )
        straight[top : top + BAND] = cv2.remap(
            pixels,
            across_from,
            down_from,
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=around,
        )
    return straight


def _turning(tilt: float, width: int, height: int) -> tuple[Transform, tuple[int, int]]:
    """The turn that makes lines of such a tilt level, and the size of an image that holds all."""
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = round(width * cosine + height * sine), round(width * sine + height * cosine)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return Transform.from_array([*turn, [0, 0, 1]]), size
