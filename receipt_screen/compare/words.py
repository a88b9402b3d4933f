"""Which of many pictures may show what a new one shows: local features as words, counted like text.

A copy that was cropped, turned a little or sent as a screenshot has another perceptual hash, but
most of its corners look as they did. Features whose sampled bits are equal are one word. Pictures
that share rare words which one shift lays on each other are candidates, and of these the ones stay
whose shared words lie on each other by an affine map: copies, photos of a screen, papers
photographed again, and receipts of one template. What they are to each other is for `compare` to
say. Words are taken of the sheet cut out of its photo, where print is larger and stands upright.
Words counted like text after Sivic and Zisserman, 2003 (https://doi.org/10.1109/ICCV.2003.1238663),
by shift after Jégou, Douze and Schmid, 2008 (https://doi.org/10.1007/978-3-540-88682-2_24);
features: ORB (https://doi.org/10.1109/ICCV.2011.6126544).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import LARGEST_SCALE, WORKING_SIDE, Grey, full_range
from receipt_screen.records import Pixels

FEATURES = 1500
"""Of a picture; with 600 one in seven copies was lost among receipts of one layout."""
ENOUGH = 1200
"""A picture with fewer is too dark or too pale to be looked at as it is; lighting others up, too,
would only find grain."""
STEP, LEVELS = 1.2, 10
"""Scales of features: a thumbnail in a screenshot is a fifth of its original."""
FEATURE_BYTES = 32
FIRST_ROOM = 1 << 20
"""Words that an index has room for before it grows."""
TABLES, WORD_BITS = 4, 20
"""A feature has so many words, each of so many of its 256 bits."""
VOCABULARY = TABLES << WORD_BITS
VERSION = 1
"""Of the words: raise it whenever an unchanged picture gets others. Words of two versions are never
compared, and a batch may go on after the program was renewed."""
_HEAD = np.array([[0xFFFFFFFF, VERSION] + [0] * TABLES], np.uint32)
"""Before the rows of a file; no word is as large."""
SHIFT = 48
"""Pixels of a step of shifts; words count together that are shifted alike within two. Counted
wherever they are, words found half as many papers among 800 that were photographed again."""
SHIFTS = 2 * WORKING_SIDE // SHIFT + 2
AT_ONCE = 256
"""Pictures whose shifts are counted together: four megabytes."""
RANKED = 30
"""Pictures with the most in common whose words are laid on each other; other screenshots of one app
have its buttons in common."""
REACH = 15.0
"""Pixels within which a word has to come to lie on the other: paper bends."""
LEAST_SHARED = 8
LEAST_INLIERS = 14
"""Words that one map lays on each other. Copies have 45 and more, nine in ten papers photographed
again 15 and more, other shops' receipts 11 and less."""

FEW_INLIERS = 8
"""The same of pictures of which nearly the same was read."""

_BITS = np.random.default_rng(2).permutation(256)[: TABLES * WORD_BITS]
"""Which bits of a feature are sampled; always the same ones."""
_PLACES = 1 << np.arange(WORD_BITS, dtype=np.uint32)
_TABLE = (np.arange(TABLES, dtype=np.uint32) << WORD_BITS).astype(np.uint32)

Words = npt.NDArray[np.uint32]
Points = npt.NDArray[np.int16]


@dataclass(frozen=True)
class VisualWords:
    """A picture's features, without the picture."""

    words: Words
    """Features × tables."""
    points: npt.NDArray[np.uint16]
    """Features × 2: where they are in the picture at working size."""

    def save(self, file: Path) -> None:
        """Writes them; readers see the whole file or none.

        Processes that were handed the same photo may do so at once.
        """
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        with draft.open("wb") as stream:
            rows = np.hstack([self.words, self.points.astype(np.uint32)])
            np.save(stream, np.vstack([_HEAD, rows]))
        draft.replace(file)

    @classmethod
    def load(cls, file: Path) -> VisualWords:
        """What `save` wrote. Raises OSError or ValueError for a file that isn't that, or of another
        version."""
        if not file.stat().st_size:
            raise ValueError(file.name)
        head, rows = np.split(np.load(file, allow_pickle=False).reshape(-1, TABLES + 2), [1])
        if not np.array_equal(head, _HEAD):
            raise ValueError(file.name)
        return cls(rows[:, :TABLES].astype(np.uint32), rows[:, TABLES:].astype(np.uint16))


def visual_words(pixels: Pixels) -> VisualWords:
    """The words of a picture; the same pixels give the same ones."""
    factor = min(1.0, WORKING_SIDE / max(pixels.shape[:2]))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = np.asarray(
        cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8
    )
    found, features = _features(small)
    if len(found) < ENOUGH:
        found, features = _features(full_range(small))
    points = np.array([point.pt for point in found], np.uint16).reshape(-1, 2)
    described = features if len(points) else np.zeros((0, FEATURE_BYTES))
    return VisualWords(_words(np.asarray(described, np.uint8)), points)


def _features(grey: Grey) -> tuple[Sequence[cv2.KeyPoint], npt.NDArray[np.uint8] | None]:
    found, features = cv2.ORB.create(FEATURES, STEP, LEVELS).detectAndCompute(grey, None)
    return found, None if features is None else np.asarray(features, np.uint8)


def _words(features: npt.NDArray[np.uint8]) -> Words:
    sampled = np.unpackbits(features, axis=1)[:, _BITS].reshape(-1, TABLES, WORD_BITS)
    words: Words = sampled.astype(np.uint32) @ _PLACES + _TABLE
    return words


def never(_name: str) -> bool:
    """Nothing was read."""
    return False


class VisualIndex:
    """Pictures by name, searched for those that may show the same."""

    def __init__(self) -> None:
        self._pictures: dict[str, VisualWords] = {}
        self._names: list[str] = []
        """Of the pictures whose words lie one after the other in `_words`."""
        self._sizes: list[int] = []
        self._words: Words = np.empty(0, np.uint32)
        self._points = np.empty((0, 2), np.int16)
        """Of each word, in the same order."""
        self._frequency = np.zeros(VOCABULARY, np.int32)
        """In how many pictures each word is."""
        self._is_asked = np.zeros(VOCABULARY, np.bool_)
        """Whether a word is in the picture that is asked for; none between two questions."""
        self._weights = np.zeros(VOCABULARY, np.float32)
        self._asked = np.zeros((VOCABULARY, 2), np.int16)
        """Where it is there."""

    def add(self, name: str, words: VisualWords) -> None:
        """Takes a picture in; one of the same name goes."""
        if name in self._pictures:
            self._drop(name)
        self._pictures[name] = words
        if len(words.words):
            self._frequency[np.unique(words.words)] += 1
            self._append(name, words.words.ravel(), words.points.repeat(TABLES, axis=0))

    def _append(self, name: str, words: Words, points: npt.NDArray[np.uint16]) -> None:
        start = sum(self._sizes)
        if start + len(words) > len(self._words):
            more = max(FIRST_ROOM, len(self._words) // 4)
            self._words = np.pad(self._words, (0, more))
            self._points = np.pad(self._points, ((0, more), (0, 0)))
        self._words[start : start + len(words)] = words
        self._points[start : start + len(words)] = points
        self._names.append(name)
        self._sizes.append(len(words))

    def _drop(self, name: str) -> None:
        known = self._pictures.pop(name)
        if name in self._names:
            self._frequency[np.unique(known.words)] -= 1
            place = self._names.index(name)
            start, size = sum(self._sizes[:place]), self._sizes[place]
            self._words[start:-size] = self._words[start + size :].copy()
            self._points[start:-size] = self._points[start + size :].copy()
            del self._names[place], self._sizes[place]

    def alike(
        self, words: VisualWords, most: int, reads_alike: Callable[[str], bool] = never
    ) -> list[str]:
        """The names of at most so many pictures that may show the same, the likeliest first.

        Of those that `reads_alike` says nearly the same of, a few shared words are enough.
        """
        laid = {name: inliers(self._pictures[name], words) for name in self._ranked(words)}
        likely = [
            name
            for name, count in laid.items()
            if count >= LEAST_INLIERS or (count >= FEW_INLIERS and reads_alike(name))
        ]
        return sorted(likely, key=lambda name: -laid[name])[:most]

    def _ranked(self, words: VisualWords) -> list[str]:
        """The pictures that share the most words by one shift, each counting the more the rarer
        it is; words that the picture has twice could be shifted both ways."""
        asked, features = _once(words.words)
        if not self._names or not len(asked):
            return []
        self._weights[asked] = np.log((len(self._names) + 1) / (1 + self._frequency[asked]))
        self._asked[asked], self._is_asked[asked] = words.points[features], True
        scores = np.concatenate(list(self._scores()))
        self._is_asked[asked] = False
        return [self._names[place] for place in np.argsort(-scores, kind="stable")[:RANKED]]

    def _scores(self) -> Iterator[npt.NDArray[np.float64]]:
        """What the best shift of each picture brings together, some pictures at a time."""
        ends = np.concatenate([[0], np.cumsum(self._sizes)])
        for first in range(0, len(self._names), AT_ONCE):
            own = ends[first : first + AT_ONCE + 1]
            words = self._words[own[0] : own[-1]]
            shared = np.flatnonzero(self._is_asked.take(words))
            pictures = np.searchsorted(own[1:], own[0] + shared, "right")
            there = self._points[own[0] : own[-1]][shared]
            here, weights = self._asked[words[shared]], self._weights[words[shared]]
            yield _best_shifts(pictures, there, here, weights, len(own) - 1)


def _best_shifts(
    pictures: npt.NDArray[np.intp],
    there: Points,
    here: Points,
    weights: npt.NDArray[np.float32],
    count: int,
) -> npt.NDArray[np.float64]:
    """The most weight that one shift brings together in each of so many pictures, however the
    asked one is turned."""
    best = np.zeros(count)
    for each in (here, _turned(here), WORKING_SIDE - here, WORKING_SIDE - _turned(here)):
        across, down = ((there - each + WORKING_SIDE) // SHIFT).T
        cells = (pictures * SHIFTS + down) * SHIFTS + across
        counted = np.bincount(cells, weights, count * SHIFTS * SHIFTS)
        # A shift near the edge of a step counts with the next one.
        steps = counted.reshape(count, SHIFTS, SHIFTS)
        rows = steps[:, :-1] + steps[:, 1:]
        np.maximum(best, (rows[..., :-1] + rows[..., 1:]).max(axis=(1, 2)), out=best)
    return best


def _turned(points: Points) -> Points:
    """Points of a picture turned by a quarter."""
    return np.stack([WORKING_SIDE - points[:, 1], points[:, 0]], axis=1)


def inliers(earlier: VisualWords, later: VisualWords) -> int:
    """How many shared words one affine map lays on each other."""
    pairs = _shared(earlier, later)
    if len(pairs) < LEAST_SHARED:
        return 0
    source, target = later.points[pairs[:, 1]], earlier.points[pairs[:, 0]]
    cv2.setRNGSeed(1)  # RANSAC draws: the same two pictures get the same answer
    # Sheets are rectangles already, and among many strays an affine map is found sooner.
    matrix, mask = cv2.estimateAffine2D(
        source.astype(np.float32),
        target.astype(np.float32),
        method=cv2.RANSAC,
        ransacReprojThreshold=REACH,
        maxIters=3000,
        confidence=0.999,
    )
    if matrix is None:
        return 0
    area = float(np.linalg.det(matrix[:2, :2]))
    return int(mask.sum()) if LARGEST_SCALE**-2 < area < LARGEST_SCALE**2 else 0


def _shared(earlier: VisualWords, later: VisualWords) -> npt.NDArray[np.intp]:
    """Pairs of features that have a word in common which each picture has once."""
    (one, places), (other, others) = _once(earlier.words), _once(later.words)
    _, first, second = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    return np.unique(np.stack([places[first], others[second]], axis=1), axis=0)


def _once(words: Words) -> tuple[Words, npt.NDArray[np.intp]]:
    """The words that occur once, and the feature of each."""
    found, places, counts = np.unique(words, return_index=True, return_counts=True)
    single = counts == 1
    return found[single], places[single] // TABLES
