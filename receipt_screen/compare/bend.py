"""Two photographs of one paper → how one lies on the other, however the paper bends.

A plane map holds for a part of a bent paper only. From the features that it brings together a
smooth displacement grows over the rest, and patch after patch of print is moved to where it fits
best, from large patches to small ones. Displacements are smoothed far beyond a line of text, so
that print which is not the same doesn't come to lie on each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import Alignment, Grey, Map, Sight
from receipt_screen.compare.overlay import Mask, spread
from receipt_screen.geometry import Box, Quad, Transform

NEIGHBOURS = 8
"""Features around one that have to move as it does, by the median."""
STRAY = 8.0
"""Pixels by which it may move otherwise."""
GROWTH = ((1, 60.0), (2, 40.0), (3, 24.0), (4, 14.0), (5, 10.0))
"""Degrees of the polynomial that the displacement grows by, and the pixels within which a feature
has to lie on its match."""
SEARCHED = (60.0, 30.0)
"""Pixels around where a feature is to be expected in which its match is sought anew."""
NEAR_RATIO = 0.85
"""How much nearer the best of these has to be than the next; print repeats itself elsewhere."""
A_COEFFICIENT = 3
"""Matches that each coefficient of a polynomial needs."""
LIGHT = 25.0
"""Pixels over which the light on a paper is even."""
LEAST_PRINT = 6.0
"""Grey levels of standard deviation from which on a patch holds print."""
LEAST_FIT = 0.4
"""Correlation below which a patch is nowhere."""


@dataclass(frozen=True)
class Level:
    """A pass over the patches, in pixels of a picture that is so many times smaller."""

    smaller: int
    patch: int
    step: int
    reach: int
    """By which a patch may move."""
    smooth: float
    """Standard deviation of the smoothing in steps."""


LEVELS = (Level(4, 44, 11, 6, 1.3), Level(2, 44, 14, 7, 1.5), Level(1, 52, 18, 6, 1.5))


@dataclass(frozen=True)
class Bend:
    """Where each pixel of the earlier sheet lies on the later one."""

    x: Map
    y: Map

    def laid(self, later: Grey) -> Grey:
        """The later sheet in the earlier one's frame; black where it doesn't reach."""
        return np.asarray(cv2.remap(later, self.x, self.y, cv2.INTER_LINEAR), np.uint8)

    def reached(self, where: Mask, shape: tuple[int, ...]) -> Mask:
        """The pixels of the later sheet, of this shape, that come to lie on some of the earlier."""
        found = np.zeros(shape, np.uint8)
        x, y = (np.round(each[where]).astype(np.intp) for each in (self.x, self.y))
        held = (x >= 0) & (y >= 0) & (x < shape[1]) & (y < shape[0])
        found[y[held], x[held]] = 1
        return np.asarray(cv2.dilate(found, np.ones((5, 5), np.uint8)) > 0)

    def quad(self, box: Box) -> Quad:
        """Where a box on the earlier sheet lies on the later one."""
        height, width = self.x.shape
        corners = [
            (min(max(round(y), 0), height - 1), min(max(round(x), 0), width - 1))
            for x, y in Quad.from_box(box).points
        ]
        return Quad.from_array([(self.x[corner], self.y[corner]) for corner in corners])


def bend(earlier: Sight, later: Sight, start: Alignment) -> Bend:
    """How the later sheet lies on the earlier one; `start` is a plane map between the two."""
    pairs, plane = start.pairs, start.to_earlier
    there = _moved(plane, later.points)
    field = _grown(earlier.points[pairs[:, 1]], there[pairs[:, 0]])
    for reach in SEARCHED:
        pairs = _near(earlier, later, earlier.points + field.at(earlier.points), there, reach)
        field = _grown(earlier.points[pairs[:, 1]], there[pairs[:, 0]])
    moved = field.over(earlier.grey.shape)
    target = even_light(earlier.grey)
    for level in LEVELS:
        made = _bend(plane, moved)
        moved = moved + _fitted(target, even_light(made.laid(later.grey)), level)
    return _bend(plane, moved)


def even_light(grey: Grey, soft: float = 1.0) -> Map:
    """The print on a sheet whatever the light on it, softened by so many pixels."""
    image = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), soft)
    # A blur that wide is seen no worse at a quarter of the size.
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    light = cv2.resize(cv2.GaussianBlur(small, (0, 0), LIGHT / 4), grey.shape[::-1])
    return np.asarray(image - light, np.float32)


def _bend(plane: Transform, moved: Map) -> Bend:
    height, width = moved.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    places = np.stack([columns, rows], -1) + moved
    there = _moved(plane.inverse(), places.reshape(-1, 2)).reshape(height, width, 2)
    return Bend(np.ascontiguousarray(there[..., 0]), np.ascontiguousarray(there[..., 1]))


def _moved(plane: Transform, points: Map) -> Map:
    mapped = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), plane.array)
    return np.asarray(mapped.reshape(-1, 2), np.float32)


# ── from the features ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Polynomial:
    """A displacement as a polynomial of the place."""

    degree: int
    middle: npt.NDArray[np.float64]
    half: float
    coefficients: npt.NDArray[np.float64]

    @classmethod
    def through(cls, places: Map, moved: Map, degree: int) -> _Polynomial:
        middle = places.mean(0).astype(np.float64)
        half = float(np.abs(places - middle).max()) or 1.0
        terms = _terms((places - middle) / half, degree)
        ridge = 1e-3 * len(places) * np.eye(terms.shape[1])
        solved = np.linalg.solve(terms.T @ terms + ridge, terms.T @ moved)
        made = np.asarray(solved, np.float64)
        return cls(degree, middle, half, made)

    def at(self, places: Map) -> Map:
        # Beyond the features nothing is known: there it stays as at the rim.
        near = np.clip((places - self.middle) / self.half, -1.1, 1.1)
        return np.asarray(_terms(near, self.degree) @ self.coefficients, np.float32)

    def over(self, shape: tuple[int, ...]) -> Map:
        """At every pixel; it is smooth, so every eighth is enough."""
        rows, columns = np.mgrid[0 : shape[0] : 8, 0 : shape[1] : 8].astype(np.float32)
        coarse = self.at(np.stack([columns, rows], -1).reshape(-1, 2))
        coarse = coarse.reshape(*rows.shape, 2)
        return np.asarray(cv2.resize(coarse, shape[1::-1], interpolation=cv2.INTER_CUBIC))


def _terms(places: npt.NDArray[np.floating], degree: int) -> npt.NDArray[np.float64]:
    x, y = places[:, 0], places[:, 1]
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([x**i * y**j for i, j in powers], 1).astype(np.float64)


def _grown(places: Map, there: Map) -> _Polynomial:
    """The displacement that most features follow."""
    apart = there - places
    steady = _steady(places, apart)
    places, apart = places[steady], apart[steady]
    field = _Polynomial(0, np.zeros(2), 1.0, np.zeros((1, 2)))
    for degree, reach in GROWTH:
        near = np.linalg.norm(apart - field.at(places), axis=1) < reach
        terms = (degree + 1) * (degree + 2) // 2
        if near.sum() >= A_COEFFICIENT * terms:
            field = _Polynomial.through(places[near], apart[near], degree)
    return field


def _near(
    earlier: Sight, later: Sight, expected: Map, there: Map, reach: float
) -> npt.NDArray[np.intp]:
    """Pairs of the later's and the earlier's features that are alike where they are expected."""
    unlike = _distances(later.descriptors, earlier.descriptors)
    unlike[_distances(there, expected) > reach] = np.inf
    best, second = np.partition(unlike, 1, axis=1)[:, :2].T
    found = np.flatnonzero(np.isfinite(best) & (best < NEAR_RATIO * second))
    return np.stack([found, unlike[found].argmin(1)], 1)


def _steady(places: Map, apart: Map) -> npt.NDArray[np.bool_]:
    """The features that move as those around them do."""
    nearest = np.argsort(_distances(places, places), axis=1)[:, 1 : NEIGHBOURS + 1]
    usual = np.median(apart[nearest], axis=1)
    return np.asarray(np.linalg.norm(apart - usual, axis=1) < STRAY)


def _distances(one: Map, other: Map) -> Map:
    """Between each row of one and each of the other."""
    squares = (one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


# ── patch by patch ───────────────────────────────────────────────────────────────────────────


def _fitted(target: Map, laid: Map, level: Level) -> Map:
    """How much further the laid sheet has to move at each pixel."""
    small, other = (_smaller(image, level.smaller) for image in (target, laid))
    centres = [np.arange(0, side, level.step) for side in small.shape]
    moves = np.zeros((len(centres[0]), len(centres[1]), 2), np.float32)
    sure = np.zeros(moves.shape[:2], np.float32)
    for row, column, move, fit in _patches(small, other, centres, level):
        moves[row, column], sure[row, column] = move, fit**4
    smooth = _smoothed(moves, sure, level)
    # Sampled where the patches are, at the full size.
    across = (np.arange(target.shape[1]) / level.smaller - centres[1][0]) / level.step
    down = (np.arange(target.shape[0]) / level.smaller - centres[0][0]) / level.step
    columns, rows = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
    full = cv2.remap(smooth, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(full * level.smaller, np.float32)


def _smaller(image: Map, times: int) -> Map:
    size = image.shape[1] // times, image.shape[0] // times
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)


def _patches(
    target: Map, laid: Map, centres: list[npt.NDArray[np.intp]], level: Level
) -> Iterator[tuple[int, int, tuple[float, float], float]]:
    """The best move of each patch with print, and how well it fits there."""
    half, reach = level.patch // 2, level.reach
    rim = half + reach
    print_ = np.minimum(spread(target, level.patch + 1), spread(laid, 2 * rim + 1)) >= LEAST_PRINT
    target, laid = (np.pad(image, rim) for image in (target, laid))
    for row, column in np.argwhere(print_[np.ix_(*centres)]):
        y, x = centres[0][row], centres[1][column]
        patch = target[y + reach : y + rim + half, x + reach : x + rim + half]
        around = laid[y : y + 2 * rim, x : x + 2 * rim]
        fits = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
        _, fit, _, place = cv2.minMaxLoc(fits)
        if fit > LEAST_FIT:
            yield row, column, (place[0] - reach, place[1] - reach), fit


def _smoothed(moves: Map, sure: Map, level: Level) -> Map:
    """The moves as a smooth field; patches that go their own way count less each time."""
    weights, wide = sure.copy(), 4 * level.smooth
    for _ in range(3):
        near = _weighed(moves, weights, level.smooth)
        apart = np.linalg.norm(moves - near, axis=2)
        weights = sure * np.exp(-((apart / max(2.0, level.reach / 4)) ** 2))
    known = np.clip(20 * cv2.GaussianBlur(weights, (0, 0), level.smooth), 0, 1)[..., None]
    far = _weighed(moves, weights, wide)
    return np.asarray(known * _weighed(moves, weights, level.smooth) + (1 - known) * far)


def _weighed(moves: Map, weights: Map, deviation: float) -> Map:
    total = cv2.GaussianBlur(weights, (0, 0), deviation)[..., None] + 1e-6
    return np.asarray(cv2.GaussianBlur(moves * weights[..., None], (0, 0), deviation) / total)
