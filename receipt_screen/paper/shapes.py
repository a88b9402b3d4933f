"""Quadrilaterals on the work copy, as arrays of corners: fitted, widened, compared, filled."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Corners = npt.NDArray[np.float32]
"""n × 2 points, x and y."""
Grey = npt.NDArray[np.uint8]
"""An image or a mask: height × width."""

FOCAL_LENGTHS = (0.6, 0.8, 1.1, 1.5, 2.2, 3.5)
"""Of phones' cameras, wide to zoomed or cropped, in longer sides of the picture."""
SQUARE = 0.12
"""Cosine of the angle between two sides of a sheet at most, 7° from square. A hull that a fold, a
curl or a finger makes uneven hardly ever passes for a rectangle in space."""


def enclosing_quad(hull: Corners) -> Corners:
    """The smallest quad around a hull where perspective can explain it, else a rectangle."""
    quad, rectangle = smallest_quad(hull), smallest_rectangle(hull)
    return rectangle if quad is None or not _is_sheet(quad) else quad


def smallest_rectangle(hull: Corners) -> Corners:
    """The smallest rectangle around a hull."""
    return np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float32)


def smallest_quad(hull: Corners) -> Corners | None:
    """The smallest quad around a hull; None where it is hardly smaller than a rectangle."""
    try:
        quad = np.asarray(cv2.approxPolyN(hull, 4), np.float32).reshape(4, 2)
    except cv2.error:  # fewer than four corners
        return None
    smaller = 0 < cv2.contourArea(quad) < 0.97 * cv2.contourArea(smallest_rectangle(hull))
    return quad if smaller else None


def _is_sheet(quad: Corners, cosine: float = 0.3, ratio: float = 0.65) -> bool:
    """Angles and sides as of a rectangle seen at a slant, not of a triangle."""
    directions, lengths = _sides(quad)
    cosines = np.abs((directions * np.roll(directions, -1, axis=0)).sum(axis=1))
    ratios = lengths / np.roll(lengths, 2)
    return bool(cosines.max() < cosine and ratios.min() > ratio)


def steep_quad(hull: Corners, size: tuple[int, int]) -> Corners | None:
    """The smallest quad around a hull, if it is a sheet seen at a steep slant; None otherwise.

    `size`: width and height of the picture, at whose middle the camera looked.
    """
    quad = smallest_quad(hull)
    if quad is None or _is_sheet(quad) or not _is_sheet(quad, cosine=0.6, ratio=0.4):
        return None
    is_seen = _reaches_corners(hull, quad) and _is_rectangle_in_space(quad, size)
    return quad if is_seen else None


def _reaches_corners(hull: Corners, quad: Corners) -> bool:
    """Whether no corner stands out from the hull by a tenth of the quad's mean side, or nearly."""
    apart = [-cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=True) for x, y in quad]
    return bool(max(apart) < 0.09 * np.sqrt(cv2.contourArea(quad)))


def _is_rectangle_in_space(quad: Corners, size: tuple[int, int]) -> bool:
    """Whether a camera sees a rectangle as this quad: the points at which its two pairs of sides
    meet lie in directions that are square to each other.
    """
    places = (quad - np.array(size) / 2) / max(size)
    corners = np.column_stack([places, np.ones(4)])
    sides = np.cross(corners, np.roll(corners, -1, axis=0))
    meetings = np.cross(sides[:2], sides[2:])
    lenses = np.array([[1 / focal, 1 / focal, 1] for focal in FOCAL_LENGTHS])
    rays = meetings * lenses[:, None]
    rays /= np.linalg.norm(rays, axis=2, keepdims=True)
    return bool(np.abs((rays[:, 0] * rays[:, 1]).sum(axis=1)).min() < SQUARE)


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
