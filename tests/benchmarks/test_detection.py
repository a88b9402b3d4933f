"""Which lines count as found."""

from __future__ import annotations

from benchmarks.detection import is_found
from receipt_screen.geometry import Box, Quad

LINE = Quad.from_box(Box(100, 100, 300, 120))


def quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return Quad.from_box(Box(left, top, right, bottom))


def test_a_line_is_found_where_quads_cover_most_of_it() -> None:
    assert is_found(LINE, [quad(98, 98, 302, 122)])
    assert is_found(LINE, [quad(98, 98, 200, 122), quad(205, 98, 302, 122)])
    assert not is_found(LINE, [quad(98, 98, 200, 122)])
    assert not is_found(LINE, [])


def test_a_quad_over_several_lines_finds_none_of_them() -> None:
    assert not is_found(LINE, [quad(90, 80, 310, 140)])
