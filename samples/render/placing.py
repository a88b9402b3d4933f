"""Lays a bent paper into a picture: pose, homography, warp, and the shadow it casts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from receipt_screen.geometry import Quad
from receipt_screen.records import Pixels
from samples.render.chance import Chance
from samples.render.paper import Paper
from samples.render.printer import Floats
from samples.render.surface import Doubles, Surface

STEP = 8
"""The map from photo to paper is worked out every few pixels and interpolated between."""


@dataclass(frozen=True)
class Frame:
    """The photograph's size in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Placement:
    """Where a paper lies in the photograph."""

    matrix: Doubles
    """Homography from paper pixels to photo pixels."""
    surface: Surface = field(repr=False)
    scale: float
    """Paper pixels to a dot."""

    def quad(self, quad: Quad) -> Quad:
        """Where a quad of the sheet, in dots, comes to stand in the photograph."""
        points = self.surface.seen(quad.array * self.scale)
        mapped = np.hstack([points, np.ones((4, 1))]) @ self.matrix.T
        return Quad.from_array(mapped[:, :2] / mapped[:, 2:])

    def shifted(self, right: float, down: float) -> Placement:
        """The same, moved in the photograph."""
        shift = np.float64([[1, 0, right], [0, 1, down], [0, 0, 1]])
        return replace(self, matrix=shift @ self.matrix)


# ── pose ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Pose:
    """How the paper lies in the frame, as shares of the frame."""

    turn: int
    angle: float
    fill: float
    tilt: float
    centre: tuple[float, float]

    @property
    def faults(self) -> tuple[str, ...]:
        found = {
            f"turned_{self.turn * 90}": self.turn != 0,
            "tilted": abs(self.angle) > 6,
            "perspective": self.tilt > 0.035,
            "small": self.fill < 0.55,
            "cut_edges": self.fill > 1.0,
        }
        return tuple(name for name, is_so in found.items() if is_so)


def draw_pose(chance: Chance) -> Pose:
    slanted = chance.happens(0.12)
    return Pose(
        turn=chance.weighted({0: 80, 1: 8, 2: 5, 3: 8}),
        angle=chance.uniform(-35, 35) if slanted else chance.gauss(0, 2.2),
        fill=_fill(chance),
        tilt=abs(chance.gauss(0, 0.022)),
        centre=(0.5 + chance.gauss(0, 0.03), 0.5 + chance.gauss(0, 0.02)),
    )


def _fill(chance: Chance) -> float:
    """A few papers run out of the picture."""
    if chance.happens(0.06):
        return chance.uniform(1.02, 1.18)
    return chance.triangular(0.45, 0.98, 0.9)


def paper_scale(sheet_size: tuple[int, int], frame: Frame, pose: Pose) -> float:
    """Photo pixels to a dot when the paper fills its share of the frame."""
    width, height = sheet_size
    if pose.turn % 2:
        width, height = height, width
    angle = np.radians(abs(pose.angle))
    spread = (width * np.cos(angle) + height * np.sin(angle),
              height * np.cos(angle) + width * np.sin(angle))  # fmt: skip
    return float(pose.fill * min(frame.width / spread[0], frame.height / spread[1]))


def place(paper: Paper, frame: Frame, pose: Pose, surface: Surface, chance: Chance) -> Placement:
    """The homography that puts a paper into the frame."""
    corners = np.float64([[0, 0], [paper.width, 0], [paper.width, paper.height], [0, paper.height]])
    size = paper_scale((paper.width, paper.height), frame, pose)
    centred = (corners - corners.mean(axis=0)) * size
    turned = centred @ _rotation(pose.angle + 90 * pose.turn).T
    turned += [frame.width * pose.centre[0], frame.height * pose.centre[1]]
    reach = max(paper.width, paper.height) * size
    jitter = np.float64([[chance.gauss(0, pose.tilt) * reach for _ in "xy"] for _ in corners])
    matrix = cv2.getPerspectiveTransform(np.float32(corners), np.float32(turned + jitter * 0.6))
    return Placement(matrix, surface, paper.scale)


def _rotation(degrees: float) -> Doubles:
    angle = np.radians(degrees)
    return np.float64([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


# ── warping ──────────────────────────────────────────────────────────────────────────────────


def lay(paper: Paper, placement: Placement, frame: Frame) -> tuple[Pixels, Floats]:
    """The paper as the lens sees it, with its shading, and its coverage (0 … 1)."""
    map_x, map_y = _maps(placement, frame)
    shaded = _shade(paper, placement.surface)
    seen = cv2.remap(shaded, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.remap(paper.mask, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return seen, mask.astype(np.float32) / 255


def _maps(placement: Placement, frame: Frame) -> tuple[Floats, Floats]:
    xs = np.arange(0, frame.width + STEP, STEP, dtype=np.float64)
    ys = np.arange(0, frame.height + STEP, STEP, dtype=np.float64)
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    back = np.hstack([grid, np.ones((len(grid), 1))]) @ np.linalg.inv(placement.matrix).T
    flat = back[:, :2] / back[:, 2:]
    source = (flat + placement.surface.sample(flat)).astype(np.float32)
    coarse = source.reshape(len(ys), len(xs), 2)
    # Sampled on a grid whose knots stand exactly at multiples of STEP.
    at_x = np.arange(frame.width, dtype=np.float32) / STEP
    at_y = np.arange(frame.height, dtype=np.float32) / STEP
    return (_between(coarse[..., 0], at_x, at_y), _between(coarse[..., 1], at_x, at_y))


def _between(coarse: Floats, at_x: Floats, at_y: Floats) -> Floats:
    columns = np.minimum(at_x.astype(int), coarse.shape[1] - 2)
    part = at_x - columns
    wide = coarse[:, columns] * (1 - part) + coarse[:, columns + 1] * part
    rows = np.minimum(at_y.astype(int), coarse.shape[0] - 2)
    part = (at_y - rows)[:, None]
    return (wide[rows] * (1 - part) + wide[rows + 1] * part).astype(np.float32)


def _shade(paper: Paper, surface: Surface) -> Pixels:
    light = cv2.resize(surface.light, (paper.width, paper.height), interpolation=cv2.INTER_LINEAR)
    return np.clip(paper.pixels * light[..., None], 0, 255).astype(np.uint8)


def drop_shadow(mask: Floats, chance: Chance) -> Floats:
    """The paper's own shadow on what it lies on: 1 where there is none."""
    reach = max(2, round(mask.shape[1] * chance.uniform(0.003, 0.014)))
    small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    moved = np.roll(small, (reach // 4 + 1, chance.randint(-reach, reach) // 4), axis=(0, 1))
    soft = cv2.GaussianBlur(moved, (0, 0), max(1.0, reach / 4))
    soft = cv2.resize(soft, (mask.shape[1], mask.shape[0]))
    return 1 - soft * np.float32(chance.uniform(0.2, 0.55))
