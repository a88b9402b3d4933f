"""ORB and SIFT: how many features fit one homography."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.peers.images import open_bgr

SIDE = 800
FEATURES = 400
RATIO = 0.75
"""Lowe's ratio test."""
REPROJECTION = 5.0
"""Pixels."""


@dataclass(frozen=True)
class Features:
    """Places and descriptors."""

    places: npt.NDArray[np.float32]
    descriptors: npt.NDArray[np.uint8]


class _Local:
    """Inliers of a RANSAC homography among the matches that pass the ratio test."""

    def __init__(self, detector: cv2.Feature2D, norm: int) -> None:
        self._detector = detector
        self._matcher = cv2.BFMatcher(norm)

    def describe(self, photo: Path) -> Features:
        grey = cv2.cvtColor(open_bgr(photo), cv2.COLOR_BGR2GRAY)
        scale = SIDE / max(grey.shape)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        keypoints, descriptors = self._detector.detectAndCompute(small, None)
        places = np.array([each.pt for each in keypoints], np.float32).reshape(-1, 2)
        # SIFT's numbers are whole and below 256 too; as bytes they travel between processes.
        kept = np.empty((0, 1)) if descriptors is None else descriptors
        return Features(places, kept.astype(np.uint8))

    def likeness(self, one: Features, other: Features) -> float:
        pairs = self._good(one, other)
        if len(pairs) < 4:
            return float(len(pairs))
        here, there = (one.places[pairs[:, 0]], other.places[pairs[:, 1]])
        _, mask = cv2.findHomography(here, there, cv2.RANSAC, REPROJECTION)
        return 0.0 if mask is None else float(mask.sum())

    def _good(self, one: Features, other: Features) -> npt.NDArray[np.intp]:
        if min(len(one.descriptors), len(other.descriptors)) < 2:
            return np.empty((0, 2), np.intp)
        found = self._matcher.knnMatch(self._typed(one), self._typed(other), k=2)
        good = [(a.queryIdx, a.trainIdx) for a, b in found if a.distance < RATIO * b.distance]
        return np.array(good, np.intp).reshape(-1, 2)

    @staticmethod
    def _typed(features: Features) -> npt.NDArray[np.generic]:
        return features.descriptors


class Orb(_Local):
    """Binary descriptors."""

    def __init__(self) -> None:
        super().__init__(cv2.ORB_create(FEATURES), cv2.NORM_HAMMING)


class Sift(_Local):
    """Gradient descriptors."""

    def __init__(self) -> None:
        super().__init__(cv2.SIFT_create(FEATURES), cv2.NORM_L2)

    @staticmethod
    def _typed(features: Features) -> npt.NDArray[np.generic]:
        return features.descriptors.astype(np.float32)
