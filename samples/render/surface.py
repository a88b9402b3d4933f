"""A paper that does not lie flat: one height field bends the picture and makes its shading."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from samples.render.chance import Chance
from samples.render.printer import Floats, smooth_noise

Doubles = npt.NDArray[np.float64]
GRID = (97, 49)
"""Rows and columns of the height field."""


@dataclass(frozen=True)
class Surface:
    """A height field over a paper of width × height, and what it does to the picture.

    A point of the flat picture plane shows the paper's point `at + shift(at)`.
    """

    width: float
    height: float
    shift: Floats
    """Rows × columns × 2, in paper pixels."""
    light: Floats
    """Rows × columns, factor on the paper's brightness."""

    def sample(self, points: Doubles) -> Doubles:
        """The shift at points (n × 2, in paper pixels); beyond the paper that of its edge."""
        rows, columns = self.shift.shape[:2]
        x = np.clip(points[:, 0] / self.width, 0, 1) * (columns - 1)
        y = np.clip(points[:, 1] / self.height, 0, 1) * (rows - 1)
        left, top = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
        across, down = (x - left)[:, None], (y - top)[:, None]
        upper = self.shift[top, left] * (1 - across) + self.shift[top, left + 1] * across
        lower = self.shift[top + 1, left] * (1 - across) + self.shift[top + 1, left + 1] * across
        return np.asarray(upper * (1 - down) + lower * down, np.float64)

    def seen(self, points: Doubles) -> Doubles:
        """Where points of the paper stand in the picture plane: the inverse of the shift."""
        at = points.copy()
        for _ in range(12):
            at = points - self.sample(at)
        return at


@dataclass(frozen=True)
class Bends:
    """How a paper is bent. Heights are shares of its width."""

    curl: float
    roll: float
    folds: int
    crumple: float
    waves: float

    @property
    def faults(self) -> tuple[str, ...]:
        found = {
            "curl": abs(self.curl) + abs(self.roll) > 0.05,
            "folds": self.folds > 0,
            "crumpled": self.crumple > 0.01,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def draw_bends(chance: Chance) -> Bends:
    """How papers lie: most nearly flat, some curled as they come off the roll."""
    flat = chance.happens(0.3)
    return Bends(
        curl=0.01 if flat else chance.gauss(0, 0.09),
        roll=0.0 if flat else chance.choice([0, 0, chance.gauss(0, 0.06)]),
        folds=chance.weighted({0: 6, 1: 3, 2: 1.5, 3: 1}),
        crumple=chance.uniform(0.012, 0.03) if chance.happens(0.15) else chance.uniform(0, 0.004),
        waves=0.0 if flat else chance.uniform(0, 0.02),
    )


def bend(width: int, height: int, bends: Bends, chance: Chance) -> Surface:
    """The surface of a paper bent so, seen from a little aside and lit from one side."""
    relief = _relief(height / width, bends, chance)
    sight = np.array([chance.gauss(0, 0.35), chance.gauss(0, 0.3)], np.float32)
    shift = relief[..., None] * sight * width
    shift -= shift.mean(axis=(0, 1))
    return Surface(width, height, shift.astype(np.float32), _light(relief, height / width, chance))


def _relief(aspect: float, bends: Bends, chance: Chance) -> Floats:
    """Heights in shares of the width."""
    noise = chance.field()
    down, across = np.meshgrid(
        np.linspace(0, aspect, GRID[0]), np.linspace(0, 1, GRID[1]), indexing="ij"
    )
    along = down / aspect
    relief = bends.curl * np.cos(np.pi * (along * chance.uniform(0.8, 2.2) + chance.random()))
    relief += bends.roll * (2 * across - 1) ** 2
    relief += bends.waves * smooth_noise(noise, GRID, (6, 3))
    relief += bends.crumple * _crumple(noise)
    for _ in range(bends.folds):
        relief += _fold(down, across, aspect, chance)
    return relief.astype(np.float32)


def _fold(down: Doubles, across: Doubles, aspect: float, chance: Chance) -> Doubles:
    """A crease across the paper: the two sides rise towards it."""
    tilt = chance.gauss(0, 0.05)
    at = chance.uniform(0.15, 0.85) * aspect
    distance = np.abs(down - at - tilt * (across - 0.5))
    reach = chance.uniform(0.15, 0.5)
    return np.asarray(chance.gauss(0, 0.03) * np.clip(1 - distance / reach, 0, 1))


def _crumple(noise: np.random.Generator) -> Floats:
    """Flat facets that meet in sharp creases, in three sizes, none along the edges."""
    sizes = {4: 1.0, 7: 0.6, 12: 0.3}
    layers = [_facets(noise, cells) * weight for cells, weight in sizes.items()]
    return np.sum(layers, axis=0, dtype=np.float32)


def _facets(noise: np.random.Generator, cells: int) -> Floats:
    heights = noise.random((cells * 3, cells * 3), dtype=np.float32)
    ys, xs = np.meshgrid(
        np.linspace(-1, 1, GRID[0]), np.linspace(-0.5, 0.5, GRID[1]), indexing="ij"
    )
    angle = noise.uniform(0.3, 1.2)
    turned_x = (xs * np.cos(angle) - ys * np.sin(angle)) * cells + cells * 1.5
    turned_y = (xs * np.sin(angle) + ys * np.cos(angle)) * cells + cells * 1.5
    return cv2.remap(heights, turned_x.astype(np.float32), turned_y.astype(np.float32),
                     cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)  # fmt: skip


def _light(relief: Floats, aspect: float, chance: Chance) -> Floats:
    """Lambert's law for a distant lamp, kept mild: thermal paper scatters."""
    slope_down = np.gradient(relief, aspect / (GRID[0] - 1), axis=0)
    slope_across = np.gradient(relief, 1 / (GRID[1] - 1), axis=1)
    angle, strength = chance.uniform(0, 6.283), chance.uniform(0.25, 0.7)
    lit = 1 + strength * (slope_down * np.sin(angle) + slope_across * np.cos(angle))
    lit = cv2.GaussianBlur(lit.astype(np.float32), (0, 0), 0.8)
    return np.clip(lit, 0.45, 1.12)
