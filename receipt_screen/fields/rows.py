"""Lines → rows: what stands side by side on the paper, read from left to right."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from receipt_screen.fields.digits import digits_of
from receipt_screen.geometry import Quad
from receipt_screen.records import Line

BETWEEN = "  "
"""What stands between two cells in a row's text."""
_PLAIN = {0x3000: " ", **{0xFF01 + at: chr(0x21 + at) for at in range(94)}}
"""Readers that know Chinese set ，：（ and digits as wide as a syllable."""
LONG = 4.0
"""A line this many times wider than high shows its own slope reliably."""
STIFF = 0.2
"""How little a few lines bend a page: about two of them at either side by half of what they say."""
ROUNDS, LEAST_OFF = 3, 0.004
"""How often lines that run otherwise are left out, and how much off is never otherwise."""
NEIGHBOURS = 7
"""How many long lines near a line tell its direction; a curled paper bends slowly."""
SAME_ROW = 0.5
"""Centres may lie apart by this share of the smaller height."""
LEVEL = 20.0
"""A pixel up or down parts two lines as much as this many pixels sideways: values stand in
columns far from their labels, but level with them."""
OVERLAP = 0.5
"""Neighbours in a row may overlap by this share of the smaller height."""


class Character(NamedTuple):
    """A character as it was read."""

    sign: str
    confidence: float
    other: str = ""
    """What it may be instead; empty where nothing else is likely."""


@dataclass(frozen=True)
class Evidence:
    """A piece of a row's text, and how well it was read."""

    text: str
    quad: Quad
    confidence: float
    """Of its least certain digit, or the mean of its letters."""
    weakest: float
    """Of its least certain character."""
    readings: tuple[str, ...]
    """The whole cells' texts as each reader had them; one where a single reader was asked."""

    def alike(self, digits: str) -> bool:
        """Whether two readers saw these digits in these cells."""
        return len(self.readings) > 1 and all(
            digits in digits_of(reading) for reading in self.readings
        )


@dataclass(frozen=True)
class Row:
    """Cells that stand side by side."""

    cells: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The cells' texts, two spaces between cells; signs of full width as plain ones."""
        return BETWEEN.join(cell.text for cell in self.cells).translate(_PLAIN)

    @cached_property
    def quad(self) -> Quad:
        """The upright rectangle around the row."""
        return Quad.hull(tuple(cell.quad for cell in self.cells))

    @cached_property
    def height(self) -> float:
        """The height of its highest cell."""
        return max(cell.quad.height for cell in self.cells)

    @cached_property
    def spans(self) -> tuple[tuple[Line, int, int], ...]:
        """Each cell and where it stands in the row's text."""
        spans, position = [], 0
        for cell in self.cells:
            spans.append((cell, position, position + len(cell.text)))
            position += len(cell.text) + len(BETWEEN)
        return tuple(spans)

    def characters(self, start: int, end: int) -> list[Character]:
        """Each character of `text[start:end]` that a cell holds."""
        return [
            Character(
                sign,
                cell.characters[at] if cell.characters else cell.confidence,
                cell.runners_up[at] if cell.runners_up else "",
            )
            for cell, first, last in self.spans
            for at, sign in enumerate(cell.text)
            if start <= first + at < end
        ]

    def evidence(self, start: int, end: int) -> Evidence:
        """What stands at `text[start:end]`; the piece must not be empty."""
        parts = [
            (cell, max(0, start - first), min(len(cell.text), end - first))
            for cell, first, last in self.spans
            if start < last and end > first
        ]
        quads = tuple(piece_quad(*part) for part in parts)
        return Evidence(
            text=self.text[start:end],
            quad=quads[0] if len(quads) == 1 else Quad.hull(quads),
            confidence=min(_piece_confidence(*part) for part in parts),
            weakest=min(_weakest(*part) for part in parts),
            readings=_joined_readings([cell for cell, _, _ in parts]),
        )


def _piece_confidence(cell: Line, start: int, end: int) -> float:
    """Of the least certain digit; of words, where a wrong letter still leaves a name, the mean."""
    signs = list(zip(cell.text[start:end], cell.characters[start:end], strict=False))
    if not signs:
        return cell.confidence
    digits = [confidence for sign, confidence in signs if sign.isdigit()]
    return min(digits) if digits else fmean(confidence for _, confidence in signs)


def _weakest(cell: Line, start: int, end: int) -> float:
    return min(cell.characters[start:end], default=cell.confidence)


def _joined_readings(cells: list[Line]) -> tuple[str, ...]:
    readers = {reading.reader for cell in cells for reading in cell.readings}
    if len(readers) < 2 or any(len(cell.readings) < len(readers) for cell in cells):
        return (BETWEEN.join(cell.text for cell in cells),)
    return tuple(
        BETWEEN.join(cell.readings[index].text for cell in cells) for index in range(len(readers))
    )


def piece_quad(cell: Line, start: int, end: int) -> Quad:
    """About where a piece of a cell's text stands: Hangul is twice as wide as ASCII."""
    widths = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell.text]
    total = sum(widths) or 1
    left, right = sum(widths[:start]) / total, sum(widths[:end]) / total
    corners = cell.quad.array
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    return Quad.from_array(
        np.stack(
            [
                corners[0] + top * left,
                corners[0] + top * right,
                corners[3] + bottom * right,
                corners[3] + bottom * left,
            ]
        )
    )


def lines_to_rows(lines: Sequence[Line]) -> tuple[Row, ...]:
    """The rows of a page from top to bottom.

    Each line is chained to its nearest neighbour on the right that lies in the direction of
    the lines around it, so that rows may climb or bend with the paper.
    """
    slopes = line_slopes(lines)
    right_of = _right_neighbours(lines, slopes)
    starts = set(range(len(lines))) - set(right_of.values())
    rows = []
    for start in starts:
        chain = [start]
        while chain[-1] in right_of:
            chain.append(right_of[chain[-1]])
        rows.append((slopes[start].level, Row(tuple(lines[i] for i in chain))))
    return tuple(row for _, row in sorted(rows, key=lambda entry: entry[0]))


@dataclass(frozen=True)
class Slope:
    """How lines run where a line stands."""

    here: float
    """How far they fall per pixel to the right."""
    level: float
    """Where the line would meet the page's left edge."""


def line_slopes(lines: Sequence[Line]) -> list[Slope]:
    """How lines run around each line: as the page bends, and as the long lines near it do."""
    centers = np.array([line.quad.center for line in lines]).reshape(-1, 2)
    is_long = [line.quad.width > LONG * line.quad.height for line in lines]
    if not any(is_long):
        return [Slope(0.0, float(y)) for _, y in centers]
    long = [line.quad for line, chosen in zip(lines, is_long, strict=True) if chosen]
    slopes, places = np.array([_slope(quad) for quad in long]), centers[is_long]
    bend = _fit_bend(places, slopes)
    own = slopes - bend(places)
    nearest = [np.argsort(np.abs(places[:, 1] - y), kind="stable")[:NEIGHBOURS] for _, y in centers]
    local = np.array([np.median(own[near]) for near in nearest])
    here = bend(centers) + local
    at_edge = bend(centers * (0, 1)) + local
    levels = centers[:, 1] - centers[:, 0] * (here + at_edge) / 2
    return [Slope(float(a), float(b)) for a, b in zip(here, levels, strict=True)]


Numbers = npt.NDArray[np.float64]
Bend = Callable[[Numbers], Numbers]
"""From points, n × 2, to how far lines fall there per pixel to the right."""


def _fit_bend(places: Numbers, slopes: Numbers) -> Bend:
    """The slope of lines as a linear function of where they stand: a paper bends like a cylinder.

    A few lines tell nothing of a bend; single ones that run otherwise don't count.
    """
    size = np.maximum(np.ptp(places, axis=0), 1.0)
    middle = places.mean(axis=0)

    def terms(points: Numbers) -> Numbers:
        x, y = ((points - middle) / size).T
        return np.stack([np.ones_like(x), x, y, x * y], axis=1)

    known = terms(places)
    kept = np.ones(len(places), np.bool_)
    stiff = np.diag([0.0, STIFF, STIFF, STIFF])
    weights = np.zeros(4)
    for _ in range(ROUNDS):
        gram = known[kept].T @ known[kept] + stiff
        weights = np.asarray(np.linalg.solve(gram, known[kept].T @ slopes[kept]), np.float64)
        off = np.abs(slopes - known @ weights)
        kept = off <= 3 * max(float(np.median(off)), LEAST_OFF)
    return lambda points: terms(points) @ weights


def _slope(quad: Quad) -> float:
    (x0, y0), (x1, y1) = quad.array[[0, 3]].mean(axis=0), quad.array[[1, 2]].mean(axis=0)
    return float((y1 - y0) / (x1 - x0)) if x1 > x0 else 0.0


def _right_neighbours(lines: Sequence[Line], slopes: Sequence[Slope]) -> dict[int, int]:
    """For each line the index of the line that goes on with it; each is chosen once."""

    def slope(left: int, right: int) -> float:
        # Of a parabola's chord: the mean of the slopes at its ends.
        return (slopes[left].here + slopes[right].here) / 2

    distances = [
        (distance, left, right)
        for left in range(len(lines))
        for right in range(len(lines))
        if left != right
        and (distance := _distance(lines[left].quad, lines[right].quad, slope(left, right)))
        is not None
    ]
    right_of: dict[int, int] = {}
    taken: set[int] = set()
    for _, left, right in sorted(distances):
        if left not in right_of and right not in taken:
            right_of[left] = right
            taken.add(right)
    return right_of


def _distance(left: Quad, right: Quad, slope: float) -> float | None:
    """How far it is from one line to the next in its row; None when it is not in its row."""
    smaller = min(left.height, right.height)
    gap = right.box.left - left.box.right
    if gap < -OVERLAP * smaller or right.center[0] <= left.center[0]:
        return None
    expected = left.center[1] + slope * (right.center[0] - left.center[0])
    if abs(right.center[1] - expected) > SAME_ROW * smaller:
        return None
    return gap + LEVEL * abs(right.center[1] - expected)
