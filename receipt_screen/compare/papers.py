"""Two photographs of one paper: does all that is printed on one stand on the other?

No plane map lays them on each other, for paper bends, and what was read of a dim or blurred one may
be next to nothing. So the sheets are cut out, one is bent onto the other, the sharper one is
softened until both are alike, and print is compared window by window. Two slips of one shop share
their template and differ in numbers; two photographs of one slip differ nowhere. Where readers
agree on a number that looks different, grain or a fold is to blame. A thumb may hide one: then
nothing is said. Only numbers that were read on both, and differ, speak against one paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import ne
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import FINE_SIDE, Map, Sight, align, look_at
from receipt_screen.compare.bend import Bend, bend, even_light
from receipt_screen.compare.overlay import Mask, likeness, on_lines, places, spread, window_for
from receipt_screen.compare.tokens import tokens_at
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Findings, Photo, Pixels

REACH = 10.0
"""Pixels within which a feature has to come to lie on its match: a start is enough."""
LEAST_START = 12
"""Features that a plane map has to lay on each other to start from."""
LARGEST_ENLARGEMENT = 2.0
SOFTENED = ((1.0, 1.0), (2.0, 1.0), (3.0, 1.0), (4.5, 1.0), (1.0, 2.0), (1.0, 3.0), (1.0, 4.5))
"""Pixels by which the earlier and the later sheet are softened: the best of these counts."""
LEAST_INK = 8.0
"""Grey levels of standard deviation from which on a window of either sheet holds print."""
UNLIKE = 0.7
"""Correlation below which a window shows something else. Print that is the same on both has 0.9
and, of a dark and grainy photo, 0.75."""
LEAST_VIEW = 0.9
"""Share of the lines of each sheet that has to lie on the other."""
VALUES = ("date", "time", "approval_number", "amount")
"""Where two receipts of one shop differ."""
LEAST_VALUES = 2
"""So many of these have to be in view, as the sheet that could be read better says."""
LEAST_FIT = 0.8
"""Median correlation of print; a paper photographed twice has 0.85 and more."""


@dataclass(frozen=True)
class Sheet:
    """A paper cut out of its photo, and what was read of it."""

    sight: Sight
    inside: Mask
    """What of it the photo shows."""
    findings: Findings

    @cached_property
    def lines(self) -> tuple[Quad, ...]:
        """Where the lines are in `sight.grey`."""
        to_sheet = self.sight.to_full.inverse()
        return tuple(to_sheet.quad(line.quad) for line in self.findings.page.lines)

    @cached_property
    def on_lines(self) -> Mask:
        """The pixels on them."""
        return on_lines(self.lines, self.sight.grey.shape)

    @cached_property
    def values(self) -> int:
        """How many of the values that tell two receipts apart were read."""
        found = (getattr(self.findings.fields, name).value for name in VALUES)
        return sum(value is not None for value in found)


def cut_out(photo: Photo, findings: Findings) -> Sheet:
    """The paper as a rectangle, upright if it was read."""
    frame = _Frame.of(photo, findings)
    flat, whole = frame.filled(photo.pixels), frame.shown(photo.pixels.shape[:2])
    to_full = Transform.from_array(frame.matrix).inverse().then(photo.to_full)
    return Sheet(look_at(flat, to_full), whole, findings)


def sheet_pixels(photo: Photo, findings: Findings) -> Pixels:
    """The picture of that rectangle."""
    return _Frame.of(photo, findings).filled(photo.pixels)


@dataclass(frozen=True)
class _Frame:
    """The rectangle that a paper becomes."""

    matrix: npt.NDArray[np.float64]
    """From the photo's pixels."""
    size: tuple[int, int]
    factor: float
    """By which it is larger than in the photo."""

    @classmethod
    def of(cls, photo: Photo, findings: Findings) -> _Frame:
        corners = photo.to_full.inverse().quad(findings.paper.quad).array
        quad = Quad.from_array(np.roll(corners, -findings.page.turn, axis=0))
        factor = min(LARGEST_ENLARGEMENT, FINE_SIDE / max(quad.width, quad.height))
        width, height = (max(2, round(factor * side)) for side in (quad.width, quad.height))
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        matrix = cv2.getPerspectiveTransform(quad.array.astype(np.float32), frame)
        return cls(np.asarray(matrix, np.float64), (width, height), factor)

    def filled(self, pixels: Pixels) -> Pixels:
        if self.factor < 1:  # a warp takes single pixels, and fine print would flicker
            soft = cv2.GaussianBlur(pixels, (0, 0), 0.4 / self.factor)
            pixels = np.asarray(soft, np.uint8)
        rim = cv2.BORDER_REPLICATE
        made = cv2.warpPerspective(pixels, self.matrix, self.size, borderMode=rim)
        return np.asarray(made, np.uint8)

    def shown(self, shape: tuple[int, ...]) -> Mask:
        """What of it is in the photo."""
        whole = cv2.warpPerspective(np.ones(shape, np.uint8), self.matrix, self.size)
        return np.asarray(whole > 0)


@dataclass(frozen=True)
class Papers:
    """Two papers of which one was bent onto the other."""

    inliers: int
    """Features that one plane map lays on each other."""
    fit: float
    """The median correlation of print."""
    doubtful: int
    """Places where a number looks different and isn't read alike."""
    contradicting: int
    """Those of them where both are read, and in two digits not alike."""


def lay_papers(earlier: Sheet, later: Sheet) -> Papers | None:
    """How print on the two compares; None where they don't fit or too little is in view."""
    start = align(earlier.sight, later.sight, REACH)
    if start is None or start.inliers < LEAST_START:
        return None
    bent = bend(earlier.sight, later.sight, start)
    if max(earlier.values, later.values) < LEAST_VALUES or not _in_view(earlier, later, bent):
        return None
    fit, changes = _compared(earlier, later, bent)
    if fit < LEAST_FIT:
        return None
    said = [_said(place, earlier, later, bent) for place in changes]
    return Papers(
        inliers=start.inliers,
        fit=fit,
        doubtful=sum(one != other and _has_digits(one, other) for one, other in said),
        contradicting=sum(_contradict(one, other) for one, other in said),
    )


def _in_view(earlier: Sheet, later: Sheet, bent: Bend) -> bool:
    """Hardly a line of either sheet is out of the other's view."""
    covered = _covered(earlier, later, bent)
    there = bent.reached(covered, later.on_lines.shape)
    shares = (_share(covered, earlier.on_lines), _share(there, later.on_lines))
    return min(shares) >= LEAST_VIEW


def _covered(earlier: Sheet, later: Sheet, bent: Bend) -> Mask:
    """Where both photos show the earlier sheet."""
    return earlier.inside & _laid(later.inside, bent)


def _laid(where: Mask, bent: Bend) -> Mask:
    return np.asarray(bent.laid(where.astype(np.uint8)) > 0)


def _share(seen: Mask, of: Mask) -> float:
    return float((seen & of).sum() / max(1, of.sum()))


def _compared(earlier: Sheet, later: Sheet, bent: Bend) -> tuple[float, tuple[Box, ...]]:
    """The median correlation of print, and where on the earlier sheet something else stands."""
    lines = max((earlier.lines, later.lines), key=len)
    height = median(line.height for line in lines)
    window, laid = window_for(height), bent.laid(later.sight.grey)
    on_a_line = earlier.on_lines | _laid(later.on_lines, bent)
    where = on_a_line & _covered(earlier, later, bent)

    def softened(by: tuple[float, float]) -> tuple[Map, Map]:
        return even_light(earlier.sight.grey, by[0]), even_light(laid, by[1])

    one, other = softened(max(SOFTENED, key=lambda by: _fit(softened(by), where, window)))
    print_ = where & _inked(one, other, window)
    alike = likeness(one, other, window)
    changes, _ = places(print_ & (alike < UNLIKE), height)
    return float(np.median(alike[print_])) if print_.any() else 0.0, changes


def _fit(pair: tuple[Map, Map], where: Mask, window: int) -> float:
    one, other = pair
    print_ = where & _inked(one, other, window)
    return float(np.median(likeness(one, other, window, (0,))[print_])) if print_.any() else 0.0


def _inked(one: Map, other: Map, window: int) -> Mask:
    return np.asarray(np.maximum(spread(one, window), spread(other, window)) > LEAST_INK)


def _said(place: Box, earlier: Sheet, later: Sheet, bent: Bend) -> tuple[str, str]:
    """What was read at a place of the earlier sheet, and on the later one; empty for nothing."""
    quads = Quad.from_box(place), bent.quad(place)
    tokens = [
        tokens_at(sheet.findings.page.lines, sheet.sight.to_full.quad(quad))
        for sheet, quad in zip((earlier, later), quads, strict=True)
    ]
    before, after = ("" if token is None else token.text for token in tokens)
    return before, after


def _has_digits(*texts: str) -> bool:
    return any(sign.isdigit() for text in texts for sign in text)


def _contradict(before: str, after: str) -> bool:
    """Numbers of one length that differ by more than a misread digit."""
    one, other = ([sign for sign in text if sign.isdigit()] for text in (before, after))
    return len(one) == len(other) and sum(map(ne, one, other)) >= 2
