"""Quadrilaterals on the work copy, as arrays of corners: fitted, widened, compared, filled."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Corners = npt.NDArray[np.float32]
"""n × 2 points, x and y."""
Grey = npt.NDArray[np.uint8]
"""An image or a mask: height × width."""


def enclosing_quad(hull: Corners) -> Corners:
    """The smallest quad around a hull where perspective can explain it, else a rectangle."""
    rectangle = np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)
    try:
        quad = np.asarray(cv2.approxPolyN(hull, 4), np.float32).reshape(4, 2)
    except cv2.error:  # fewer than four corners
        return rectangle
    smaller = 0 < cv2.contourArea(quad) < 0.97 * cv2.contourArea(rectangle)
    return quad if smaller and _is_sheet(quad) else rectangle


def _is_sheet(quad: Corners) -> bool:
    """Angles and sides as of a rectangle seen at a slant, not of a triangle."""
    directions, lengths = _sides(quad)
    cosines = np.abs((directions * np.roll(directions, -1, axis=0)).sum(axis=1))
    ratios = lengths / np.roll(lengths, 2)
    return bool(cosines.max() < 0.3 and ratios.min() > 0.65)


def grown(quad: Corners, by: float) -> Corners:
    """The quad with every side moved outward by some pixels."""
    outward = _outward(quad)
    return _corners(outward, (outward * quad).sum(axis=1) + by)


def stretched(quad: Corners, points: Corners) -> Corners:
    """The quad with its sides moved outward, each along itself, until all points lie inside."""
    outward = _outward(quad)
    reach = (outward * quad).sum(axis=1)
    return _corners(outward, np.maximum(reach, (outward @ points.T).max(axis=1)))


def _outward(quad: Corners) -> Corners:
    """The direction that leads out of each side, beginning with the one after the first corner."""
    directions, _ = _sides(quad)
    outward = np.stack([directions[:, 1], -directions[:, 0]], axis=1)
    return outward if is_clockwise(quad) else -outward


def _corners(outward: Corners, reach: Corners) -> Corners:
    """The corners between four sides, given as normals and distances from the origin."""
    pairs = ([i - 1, i] for i in range(4))
    return np.array([_meeting(outward[pair], reach[pair]) for pair in pairs], np.float32)


def _meeting(normals: Corners, reach: Corners) -> npt.NDArray[np.floating]:
    """Where two lines meet; least squares also answers for parallel ones."""
    return np.linalg.lstsq(normals.astype(np.float64), reach, rcond=None)[0]


def from_top_left(quad: Corners) -> Corners:
    """The corners clockwise, from the one after which the way leads most to the right."""
    clockwise = quad if is_clockwise(quad) else quad[::-1]
    directions, _ = _sides(clockwise)
    return np.ascontiguousarray(np.roll(clockwise, -int(directions[:, 0].argmax()), axis=0))


def is_clockwise(points: Corners) -> bool:
    """Whether an outline runs clockwise on the screen."""
    return cv2.contourArea(points, oriented=True) >= 0


def is_upright(quad: Corners) -> bool:
    """Whether all sides run along rows and columns, within three degrees."""
    directions, _ = _sides(quad)
    return bool(np.abs(directions).min(axis=1).max() < 0.06)


def contains(outer: Corners, inner: Corners) -> bool:
    """Whether a convex shape lies inside another, but for a twentieth of its area."""
    shared, _ = cv2.intersectConvexConvex(outer, inner)
    return bool(shared > 0.95 * cv2.contourArea(inner))


def filled(shape: Corners, size: tuple[int, int]) -> Grey:
    """A mask, 1 inside a convex shape, for an image of (width, height)."""
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, shape.round().astype(np.int32), (1,))
    return mask


def box_kernel(side: int) -> Grey:
    """A square structuring element."""
    return np.ones((side, side), np.uint8)


def _sides(quad: Corners) -> tuple[Corners, Corners]:
    """The direction and the length of the side after each corner."""
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.maximum(np.linalg.norm(sides, axis=1), 1e-6).astype(np.float32)
    return sides / lengths[:, None], lengths
