"""Character error by line: what was read where a label says text stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from receipt_screen.geometry import Quad

COVERED = 0.5
"""Share of the smaller of two quads that has to lie in the other for the two to be one place."""
RULING = re.compile(r"[-=*_~·.─━—]{2,}")


@dataclass(frozen=True)
class TextLine:
    """Some text and where it stands."""

    text: str
    quad: Quad


@dataclass(frozen=True)
class LineError:
    """Characters of a labelled line, or of several that were read as one, and edits to them."""

    characters: int
    edits: int


@dataclass(frozen=True)
class PageError:
    """All labelled lines of a photo, and the characters read where no label is."""

    lines: tuple[LineError, ...]
    extra: int

    @property
    def characters(self) -> int:
        return sum(line.characters for line in self.lines)

    @property
    def edits(self) -> int:
        return sum(line.edits for line in self.lines)

    @property
    def exact(self) -> int:
        """Lines read without an error."""
        return sum(line.edits == 0 for line in self.lines)


def page_error(labelled: Sequence[TextLine], read: Sequence[TextLine]) -> PageError:
    """Compares line by line; lines that readers split or join are compared together.

    White space doesn't count, nor does ruling such as `-----`; full-width signs are the same
    as half-width ones (NFKC).
    """
    printed = [line for line in labelled if bare(line.text)]
    groups = line_groups(printed, read)
    errors = tuple(_line_error(group) for group in groups if group.printed)
    extra = sum(
        len(bare(line.text)) for group in groups if not group.printed for line in group.read
    )
    return PageError(errors, extra)


def bare(text: str) -> str:
    """The characters that count."""
    return RULING.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True)
class Group:
    """Lines that touch each other, directly or by way of others."""

    printed: tuple[TextLine, ...]
    read: tuple[TextLine, ...]


def line_groups(printed: Sequence[TextLine], read: Sequence[TextLine]) -> list[Group]:
    """Printed and read lines, put together where they are in one place."""
    lines = [*printed, *read]
    group = list(range(len(lines)))
    for number, line in enumerate(printed):
        for other, piece in enumerate(read, len(printed)):
            if _one_place(line.quad, piece.quad):
                old, new = group[other], group[number]
                group = [new if each == old else each for each in group]
    return [
        Group(
            tuple(line for line, own in zip(printed, group, strict=False) if own == name),
            tuple(line for line, own in zip(read, rest, strict=True) if own == name),
        )
        for rest in [group[len(printed) :]]
        for name in dict.fromkeys(group)
    ]


def _one_place(one: Quad, other: Quad) -> bool:
    a, b = one.box, other.box
    if min(a.right, b.right) <= max(a.left, b.left) or min(a.bottom, b.bottom) <= max(a.top, b.top):
        return False
    first, second = (_clockwise(quad) for quad in (one, other))
    shared, _ = cv2.intersectConvexConvex(first, second)
    smaller = min(cv2.contourArea(first), cv2.contourArea(second))
    return smaller > 0 and shared >= COVERED * smaller


def _clockwise(quad: Quad) -> np.ndarray:
    return cv2.convexHull(quad.array.astype(np.float32))


def _line_error(group: Group) -> LineError:
    along = _direction(group.printed)
    printed = bare(_joined(group.printed, along))
    return LineError(len(printed), Levenshtein.distance(printed, bare(_joined(group.read, along))))


def _direction(lines: Sequence[TextLine]) -> np.ndarray:
    """The unit vector along the longest line's text."""
    corners = max(lines, key=lambda line: line.quad.width).quad.array
    vector = corners[1] - corners[0]
    return np.asarray(vector / (np.hypot(*vector) or 1.0))


def _joined(lines: Sequence[TextLine], along: np.ndarray) -> str:
    """The texts row by row, each row in the direction of the text."""
    down = np.array([-along[1], along[0]])
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: float(np.dot(line.quad.center, down))):
        depth = float(np.dot(line.quad.center, down))
        same = rows and depth - float(np.dot(rows[-1][0].quad.center, down)) < _height(line) / 2
        rows[-1].append(line) if same else rows.append([line])
    return "".join(
        line.text
        for row in rows
        for line in sorted(row, key=lambda line: float(np.dot(line.quad.center, along)))
    )


def _height(line: TextLine) -> float:
    return max(1.0, min(line.quad.height, line.quad.width))
