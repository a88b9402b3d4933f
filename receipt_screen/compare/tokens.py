"""A place on a line of text → the word or number that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from receipt_screen.geometry import Quad
from receipt_screen.records import Line

_TOKEN = re.compile(r"[0-9][0-9,.:/*\-]*|[^\s0-9]+")
WIDE = 2.0
"""Width of a Hangul syllable in widths of a digit, as Korean printers and fonts have it."""
LEAST_DIGITS = 4
"""Of a number that tells purchases apart; shorter ones are quantities."""
SURE = 0.95
"""Least probability that both digits at one place were read right for them to contradict."""
TOUCH = 0.3
"""Share of a character that has to be covered for it to count as touched."""


@dataclass(frozen=True)
class Token:
    """A piece of a line without spaces, all digits and their signs or none."""

    text: str
    quad: Quad
    confidences: tuple[float, ...]
    """Of each character."""


def tokens_at(lines: Sequence[Line], place: Quad) -> Token | None:
    """What stands at a place, as one token; None where no line runs through it.

    Both in the same frame. Characters are taken to be as wide as printers make them, so an edge
    of the quad may be off by a fraction of a character.
    """
    line = _line_at(lines, place)
    if line is None:
        return None
    start, end = _along(line.quad, place)
    touched = [span for span in _spans(line.text) if _covered(span, start, end, line.text) > TOUCH]
    if not touched:
        return None
    first, last = touched[0][0], touched[-1][1]
    edges = _edges(line.text)
    quad = _part(line.quad, edges[first], edges[last])
    sure = line.characters or (line.confidence,) * len(line.text)
    return Token(line.text[first:last], quad, sure[first:last])


def surely_differ(one: str, other: str, sure: float, too: float) -> bool:
    """Whether two digits at one place, each with its confidence, were surely read and differ."""
    return one != other and sure * too >= SURE


def numbers_on(line: Line) -> Iterator[Token]:
    """The numbers of a line that are long enough to tell two purchases apart."""
    edges, sure = _edges(line.text), line.characters or (line.confidence,) * len(line.text)
    for start, end in _spans(line.text):
        text = line.text[start:end]
        if sum(sign.isdigit() for sign in text) >= LEAST_DIGITS:
            yield Token(text, _part(line.quad, edges[start], edges[end]), sure[start:end])


def spelled_at(lines: Sequence[Line], place: Quad, spelling: re.Pattern[str]) -> Quad | None:
    """The piece of the line at a place that is spelled so; None where most of the place is not."""
    line = _line_at(lines, place)
    if line is None:
        return None
    start, end = _along(line.quad, place)
    edges = _edges(line.text)
    for match in spelling.finditer(line.text):
        left, right = edges[match.start()], edges[match.end()]
        if min(right, end) - max(left, start) >= 0.5 * (end - start):
            return _part(line.quad, left, right)
    return None


def _line_at(lines: Sequence[Line], place: Quad) -> Line | None:
    line = max(lines, key=lambda line: _overlap(line.quad, place), default=None)
    return None if line is None or _overlap(line.quad, place) < 0.3 else line


def _overlap(line: Quad, place: Quad) -> float:
    """Share of a place that lies inside the upright box of a line."""
    one, other = line.box, place.box
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    area = max(1e-6, other.width * other.height)
    return max(0.0, width) * max(0.0, height) / area


def _spans(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _TOKEN.finditer(text))


def _covered(span: tuple[int, int], start: float, end: float, text: str) -> float:
    """How many characters of a span lie between two shares of the line's length."""
    edges = _edges(text)
    left, right = max(start, edges[span[0]]), min(end, edges[span[1]])
    return max(0.0, right - left) * _width(text)


def _edges(text: str) -> list[float]:
    """Where each character begins, and the last one ends, as shares of the line's length."""
    widths = [WIDE if "가" <= sign <= "힣" else 1.0 for sign in text]
    edges = np.concatenate([[0.0], np.cumsum(widths)]) / max(1.0, sum(widths))
    return [float(edge) for edge in edges]


def _width(text: str) -> float:
    return sum(WIDE if "가" <= sign <= "힣" else 1.0 for sign in text)


def _along(line: Quad, place: Quad) -> tuple[float, float]:
    """From where to where a place reaches along a line, as shares of its length."""
    left = (line.array[0] + line.array[3]) / 2
    axis = (line.array[1] + line.array[2]) / 2 - left
    shares = (place.array - left) @ axis / max(1e-6, float(axis @ axis))
    return float(shares.min()), float(shares.max())


def _part(line: Quad, start: float, end: float) -> Quad:
    """The piece of a line between two shares of its length."""
    top_left, top_right, bottom_right, bottom_left = line.array
    top, bottom = top_right - top_left, bottom_right - bottom_left
    corners = [
        top_left + start * top,
        top_left + end * top,
        bottom_left + end * bottom,
        bottom_left + start * bottom,
    ]
    return Quad.from_array(corners)
