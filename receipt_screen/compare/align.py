"""Two pictures → how one lies on the other.

Copies of one picture are plane maps of each other: local features find the map, whatever was
cropped, turned, scaled or put around it. Two photographs of one paper are not, for paper bends;
then hardly anything fits, and one paper has to be bent onto the other (`papers`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.geometry import Transform
from receipt_screen.records import Pixels

WORKING_SIDE = 1000
"""Longest side in pixels at which features are found."""
COARSE_SIDE = 600
"""The same where one of two pictures is blurred: of a sharp one the strongest features are too fine
for a blurred one to have them."""
FINE_SIDE = 1600
"""Longest side in pixels at which print is compared: that of a messenger's pictures."""
FEATURES = 2500
TAILS = (1, 99)
"""Per cent of a picture that is darker and that isn't lighter than what becomes black and white."""
LEAST_RANGE = 16
"""Grey levels between the two below which a picture is left paler: it is grain."""
RATIO = 0.75
"""Lowe's ratio test. https://doi.org/10.1023/B:VISI.0000029664.99615.94"""
REACH = 4.0
"""Pixels within which a feature has to come to lie on its match."""
LEAST_MATCHES = 12
"""A plane map has eight unknowns; fewer matches fit some map by chance."""
LARGEST_SCALE = 6.0
"""A map that stretches or shrinks by more is no map between two pictures of one thing."""

Grey = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sight:
    """A picture in grey, and its features."""

    grey: Grey
    to_full: Transform
    """From `grey` to the full-size upright photo."""
    points: npt.NDArray[np.float32]
    """Where its features are in `grey`."""
    descriptors: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Alignment:
    """How the later picture lies on the earlier one."""

    to_earlier: Transform
    """From the later `Sight.grey` to the earlier one."""
    pairs: npt.NDArray[np.intp] = field(repr=False, compare=False)
    """Features of the two that look alike: the later's, the earlier's."""
    inliers: int
    """Matches that the map brings to lie on each other."""

    @property
    def support(self) -> float:
        """Share of the matches that the map explains."""
        return self.inliers / len(self.pairs)


def look_at(pixels: Pixels, to_full: Transform) -> Sight:
    """Finds the features of a picture; `to_full` leads from it to the full-size photo."""
    fine, factor = _shrunk(pixels, FINE_SIDE)
    small, further = _shrunk(fine, WORKING_SIDE)
    points, descriptors = _features(np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8))
    return Sight(
        grey=np.asarray(cv2.cvtColor(fine, cv2.COLOR_BGR2GRAY), np.uint8),
        to_full=Transform.scaling(1 / factor).then(to_full),
        points=points / further,
        descriptors=descriptors,
    )


def coarser(sight: Sight) -> Sight:
    """The same picture with its coarser features."""
    small, factor = _shrunk(sight.grey, COARSE_SIDE)
    points, descriptors = _features(small)
    return replace(sight, points=points / factor, descriptors=descriptors)


def _features(grey: Grey) -> tuple[Map, Map]:
    """Where features are, and what they look like."""
    finder = cv2.SIFT.create(FEATURES)
    keypoints, descriptors = finder.detectAndCompute(full_range(grey), None)
    points = np.array([point.pt for point in keypoints], np.float32).reshape(-1, 2)
    found = descriptors if len(points) else np.zeros((0, 128))
    return points, np.asarray(found, np.float32)


def full_range(grey: Grey) -> Grey:
    """The picture from black to white: features are sought above a contrast, and a photo taken in
    the dark or of faded print has a tenth of it."""
    darkest, lightest = np.percentile(grey, TAILS)
    factor = 255 / max(lightest - darkest, LEAST_RANGE)
    return np.asarray(np.clip((grey - darkest) * factor, 0, 255), np.uint8)


def _shrunk(pixels: Pixels, side: int) -> tuple[Pixels, float]:
    height, width = pixels.shape[:2]
    factor = min(1.0, side / max(height, width))
    size = max(1, round(factor * width)), max(1, round(factor * height))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8), factor


def align(earlier: Sight, later: Sight, reach: float = REACH) -> Alignment | None:
    """The plane map from the later to the earlier picture; None where no map is supported."""
    pairs = matches(earlier, later)
    if len(pairs) < LEAST_MATCHES:
        return None
    source, target = later.points[pairs[:, 0]], earlier.points[pairs[:, 1]]
    cv2.setRNGSeed(1)  # RANSAC draws: the same two pictures get the same answer
    matrix, mask = cv2.findHomography(source, target, cv2.USAC_MAGSAC, reach, maxIters=4000)
    if matrix is None or not _is_sane(np.asarray(matrix, np.float64)):
        return None
    return Alignment(Transform.from_array(matrix), pairs, int(mask.sum()))


def matches(earlier: Sight, later: Sight) -> npt.NDArray[np.intp]:
    """Pairs of features that are much more alike than the next best: the later's, the earlier's."""
    source, target = later.descriptors, earlier.descriptors
    if len(source) < 2 or len(target) < 2:
        return np.zeros((0, 2), np.intp)
    found = cv2.BFMatcher(cv2.NORM_L2).knnMatch(source, target, k=2)
    best = [one for one, other in found if one.distance < RATIO * other.distance]
    nearest: dict[int, cv2.DMatch] = {}
    for match in best:  # each feature once: text repeats itself
        if match.distance < getattr(nearest.get(match.trainIdx), "distance", np.inf):
            nearest[match.trainIdx] = match
    pairs = [(match.queryIdx, match.trainIdx) for match in nearest.values()]
    return np.array(pairs, np.intp).reshape(-1, 2)


def _is_sane(matrix: npt.NDArray[np.float64]) -> bool:
    """It neither mirrors nor stretches beyond what pictures of one thing do."""
    area = float(np.linalg.det(matrix[:2, :2]))
    flat = abs(matrix[2, 0]) + abs(matrix[2, 1]) < 2e-3
    return flat and LARGEST_SCALE**-2 < area < LARGEST_SCALE**2
