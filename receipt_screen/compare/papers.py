"""Two photographs of one paper: does all that is printed on one stand on the other?

No plane map lays them on each other, for paper bends, and what was read of a dim or blurred one may
be next to nothing. So the sheets are cut out, the one that was read worse is bent onto the
other, the sharper one is softened until both are alike, and print is compared window by window. Two
slips of one shop share their template and differ in numbers; two photographs of one slip differ
nowhere. Where readers agree on a number that looks different, grain or a fold is to blame. A thumb
may hide one: then nothing is said. Only digits that were surely read on both, and differ, speak
against one paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from receipt_screen.compare.align import (
    FINE_SIDE,
    Alignment,
    Map,
    Sight,
    align,
    coarser,
    look_at,
)
from receipt_screen.compare.bend import Bend, bend
from receipt_screen.compare.overlay import (
    Mask,
    least_likeness,
    likeness,
    on_lines,
    places,
    spread,
    window_for,
)
from receipt_screen.compare.sharpness import equally_sharp
from receipt_screen.compare.tokens import SURE, Token, numbers_on, surely_differ, tokens_at
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Findings, Photo, Pixels

REACH = 10.0
"""Pixels within which a feature has to come to lie on its match: a start is enough."""
LEAST_START = 12
"""Features that a plane map has to lay on each other to start from."""
LARGEST_ENLARGEMENT = 2.0
LEAST_INK = 8.0
"""Grey levels of standard deviation from which on a window of either sheet holds print."""
UNLIKE = 0.7
"""Correlation below which a window shows something else on any paper. Print that is the same on
both has 0.9 and, of a dark and grainy photo, 0.75; of two sharp ones more is asked for."""
LEAST_VIEW = 0.9
"""Share of the lines of each sheet that has to lie on the other."""
VALUES = ("date", "time", "approval_number", "amount")
"""Where two receipts of one shop differ."""
LEAST_VALUES = 2
"""So many of these have to be in view, as the sheet that could be read better says."""
LEAST_FIT = 0.8
"""Median correlation of print; a paper photographed twice has 0.85 and more."""
LEAST_POWER = 0.8
"""Share of the numbers that would be seen to be others if they were, for a comparison to count."""

_YEAR = re.compile(r"(19|20)\d\d")
_FLOOR = re.compile(r"\d+[층호].*")
_NO_DIGIT = re.compile(r"\D")


@dataclass(frozen=True)
class Sheet:
    """A paper cut out of its photo, and what was read of it."""

    sight: Sight
    inside: Mask
    """What of it the photo shows."""
    findings: Findings

    @cached_property
    def coarse(self) -> Sight:
        """The picture with coarser features."""
        return coarser(self.sight)

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
    def numbers(self) -> tuple[Token, ...]:
        """The numbers on them, in `sight.grey`."""
        to_sheet = self.sight.to_full.inverse()
        found = (token for line in self.findings.page.lines for token in numbers_on(line))
        return tuple(replace(token, quad=to_sheet.quad(token.quad)) for token in found)

    @cached_property
    def values(self) -> int:
        """How many of the values that tell two receipts apart were read; a slip's own number,
        surely read, is one of them."""
        found = [getattr(self.findings.fields, name).value for name in VALUES]
        own = set(self.findings.prints.text.numbers) - {_NO_DIGIT.sub("", str(v)) for v in found}
        return sum(value is not None for value in found) + any(map(self._is_surely_read, own))

    def _is_surely_read(self, number: str) -> bool:
        if _YEAR.fullmatch(number):
            return False
        lines = (line for line in self.findings.page.lines if line.confidence >= SURE)
        return any(number in line.text.replace(",", "") for line in lines)

    @property
    def read(self) -> tuple[int, float]:
        """How well it was read."""
        return self.values, sum(line.confidence for line in self.findings.page.lines)


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


def lay_papers(one: Sheet, other: Sheet) -> Papers | None:
    """How print on the two compares; None where they don't fit or too little is in view."""
    base, laid = (one, other) if one.read >= other.read else (other, one)
    begun = _begun(base.sight, laid.sight) or _begun(base.coarse, laid.coarse)
    if begun is None:
        return None
    start, bent = begun
    if base.values < LEAST_VALUES or not _in_view(base, laid, bent):
        return None
    fit, changes, power = _compared(base, laid, bent)
    if fit < LEAST_FIT or power < LEAST_POWER:
        return None
    of_purchase = (place for place in changes if not _is_the_shops(place, base))
    said = [_said(place, base, laid, bent) for place in of_purchase]
    return Papers(
        inliers=start.inliers,
        fit=fit,
        doubtful=sum(_texts(one) != _texts(other) for one, other in said),
        contradicting=sum(_contradict(one, other) for one, other in said),
    )


def _begun(base: Sight, laid: Sight) -> tuple[Alignment, Bend] | None:
    """How one sheet lies on the other, from the features that a plane map lays on each other."""
    start = align(base, laid, REACH)
    if start is None or start.inliers < LEAST_START:
        return None
    return start, bend(base, laid, start)


def _in_view(base: Sheet, laid: Sheet, bent: Bend) -> bool:
    """Hardly a line of either sheet is out of the other's view."""
    covered = _covered(base, laid, bent)
    there = bent.reached(covered, laid.on_lines.shape)
    shares = (_share(covered, base.on_lines), _share(there, laid.on_lines))
    return min(shares) >= LEAST_VIEW


def _covered(base: Sheet, laid: Sheet, bent: Bend) -> Mask:
    """Where both photos show the base."""
    return base.inside & _laid(laid.inside, bent)


def _laid(where: Mask, bent: Bend) -> Mask:
    return np.asarray(bent.laid(where.astype(np.uint8)) > 0)


def _share(seen: Mask, of: Mask) -> float:
    return float((seen & of).sum() / max(1, of.sum()))


def _compared(base: Sheet, laid: Sheet, bent: Bend) -> tuple[float, tuple[Box, ...], float]:
    """The median correlation of print, where on the base something else stands, and of how many
    numbers it would show if others stood there."""
    height = median(line.height for line in base.lines)
    window = window_for(height)
    on_a_line = base.on_lines | _laid(laid.on_lines, bent)
    where = on_a_line & _covered(base, laid, bent)

    def fit(pair: tuple[Map, Map]) -> float:
        # Every second pixel is enough to choose by.
        one, other = (np.ascontiguousarray(each[::2, ::2]) for each in pair)
        print_ = where[::2, ::2] & _inked(one, other, window // 2 | 1)
        alike = likeness(one, other, window // 2 | 1, (0,))
        return float(np.median(alike[print_])) if print_.any() else 0.0

    pair = equally_sharp(base.sight.grey, bent.laid(laid.sight.grey), where, fit)
    print_ = where & _inked(*pair, window)
    if not print_.any():
        return 0.0, (), 0.0
    alike = likeness(*pair, window)
    unlike = max(UNLIKE, least_likeness(alike[print_]))
    changes, _ = places(print_ & (alike < unlike), height)
    power = _power(pair, print_, base.numbers, Scale(window, unlike, height))
    return float(np.median(alike[print_])), changes, power


@dataclass(frozen=True)
class Scale:
    """How two sheets are compared."""

    window: int
    unlike: float
    """Correlation below which a window shows something else."""
    height: float
    """Of a line."""


def _power(pair: tuple[Map, Map], print_: Mask, numbers: Sequence[Token], scale: Scale) -> float:
    """Share of the numbers that would be seen to be others if they were: each is laid on itself
    with its last digit before the first. On a blurred sheet all digits are one blot."""
    one, other = pair
    wrong = other.copy()
    areas = [_area(number.quad.box) for number in numbers]
    for number, area in zip(numbers, areas, strict=True):
        digit = round(number.quad.width / len(number.text))
        wrong[area] = np.roll(other[area], digit, axis=1)
    differs = print_ & (likeness(one, wrong, scale.window) < scale.unlike)
    told = [bool(places(differs[area], scale.height)[0]) for area in areas if differs[area].size]
    return sum(told) / len(told) if told else 0.0


def _area(box: Box) -> tuple[slice, slice]:
    top, left = (max(0, round(edge)) for edge in (box.top, box.left))
    return slice(top, max(top, round(box.bottom))), slice(left, max(left, round(box.right)))


def _inked(one: Map, other: Map, window: int) -> Mask:
    return np.asarray(np.maximum(spread(one, window), spread(other, window)) > LEAST_INK)


Digits = list[tuple[str, float]]
"""The digits of a token, each with its confidence."""


def _said(place: Box, base: Sheet, laid: Sheet, bent: Bend) -> tuple[Digits, Digits]:
    """The digits that were read at a place of the base, and on the other sheet."""
    quads = Quad.from_box(place), bent.quad(place)
    tokens = [
        tokens_at(sheet.findings.page.lines, sheet.sight.to_full.quad(quad))
        for sheet, quad in zip((base, laid), quads, strict=True)
    ]
    before, after = ([] if token is None else _digits(token) for token in tokens)
    return before, after


def _digits(token: Token) -> Digits:
    signs = zip(token.text, token.confidences, strict=True)
    return [(sign, sure) for sign, sure in signs if sign.isdigit()]


def _is_the_shops(place: Box, base: Sheet) -> bool:
    """A number of its address or telephone, which tells no two purchases apart."""
    fields = base.findings.fields
    there = base.sight.to_full.quad(Quad.from_box(place))
    if any(_lies_in(found.quad, there) for found in (fields.address, fields.phone)):
        return True
    token = tokens_at(base.findings.page.lines, there)
    return token is not None and _FLOOR.fullmatch(token.text) is not None


def _lies_in(quad: Quad | None, place: Quad) -> bool:
    if quad is None:
        return False
    return cv2.pointPolygonTest(quad.array.astype(np.float32), place.center, measureDist=False) >= 0


def _texts(digits: Digits) -> list[str]:
    return [digit for digit, _ in digits]


def _contradict(before: Digits, after: Digits) -> bool:
    """Numbers of one length with a digit that was surely read on both, and isn't the same."""
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and any(
        surely_differ(one, other, sure, too) for (one, sure), (other, too) in pairs
    )
