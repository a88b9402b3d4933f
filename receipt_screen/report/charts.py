"""Counts as bars in inline SVG, each with its number beside it. Colours are the style sheet's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

ROW = 19
NAME = 136
BAR = 190
NUMBER = 64


@dataclass(frozen=True)
class Bar:
    """One row: a name and its parts, each a class of the style sheet and a count."""

    name: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Of all parts."""
        return sum(count for _, count in self.parts)


def bars(rows: Sequence[Bar]) -> str:
    """A bar chart as an SVG element; widths are shares of the longest row."""
    longest = max((row.total for row in rows), default=0) or 1
    width, height = NAME + BAR + NUMBER, ROW * len(rows)
    body = "".join(_row(row, index, longest) for index, row in enumerate(rows))
    said = escape("; ".join(f"{row.name} {_numbers(row)}" for row in rows), {'"': "&quot;"})
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg role="img" aria-label="{said}" {size}>{body}</svg>'


def _row(row: Bar, index: int, longest: int) -> str:
    top = index * ROW
    text = f'<text x="{NAME - 8}" y="{top + 14}" text-anchor="end">{escape(row.name)}</text>'
    left = float(NAME)
    for kind, count in row.parts:
        wide = BAR * count / longest
        text += (
            f'<rect class="{kind}" x="{left:.1f}" y="{top + 4}" width="{wide:.1f}" height="12"/>'
        )
        left += wide
    return text + f'<text x="{left + 5:.1f}" y="{top + 14}">{_numbers(row)}</text>'


def _numbers(row: Bar) -> str:
    return " / ".join(str(count) for _, count in row.parts)
