"""Pages as a reader would make them, from text laid out as on paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Line, Outcome, Page, Reading

SLIP = """
신용카드 매출전표
전주콩나물국밥
사업자번호  505-81-24020
거래일시  2025-01-20 12:10
승인금액  100,000원
승인번호  00652378
"""
"""A card terminal's slip."""
CELL_WIDTH, ROW_HEIGHT, LINE_HEIGHT = 12.0, 36.0, 26.0
MIDDLE = 250.0
"""Half of a page's width, in pixels."""


def page_of(layout: str, *, confidence: float = 0.98, tilt: float = 0.0, sag: float = 0.0) -> Page:
    """The page of a layout: a row per line, cells parted by two spaces or more.

    Hangul is two columns wide, as printers print it. `tilt` lets lines fall by so many
    pixels per pixel to the right, `sag` hang so many pixels lower at the sides than in the middle.
    """
    rows = [row for row in layout.splitlines() if row.strip()]
    lines = [
        line
        for number, row in enumerate(rows)
        for line in _lines(row, number, confidence, tilt, sag)
    ]
    return Page(
        engine="layout",
        version="1",
        outcome=Outcome.READ if lines else Outcome.BLANK,
        why=None if lines else "an empty layout",
        width=800,
        height=int(ROW_HEIGHT * (len(rows) + 1)),
        lines=tuple(lines),
    )


def _lines(row: str, number: int, confidence: float, tilt: float, sag: float) -> Iterator[Line]:
    for match in re.finditer(r"\S+(?: \S+)*", row):
        text = match.group()
        left = columns(row[: match.start()]) * CELL_WIDTH
        right = left + columns(text) * CELL_WIDTH
        top = ROW_HEIGHT * number
        quad = Quad.from_box(Box(left, top, right, top + LINE_HEIGHT))
        yield Line(
            text=text,
            quad=Quad.from_array(
                [(x, y + tilt * x + sag * (x / MIDDLE - 1) ** 2) for x, y in quad.points]
            ),
            confidence=confidence,
            characters=(confidence,) * len(text),
        )


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def read_twice(page: Page) -> Page:
    """The same page with every line read alike by two readers."""
    lines = tuple(
        line.model_copy(
            update={
                "readings": tuple(
                    Reading(reader=reader, text=line.text, confidence=line.confidence)
                    for reader in ("korean", "latin")
                )
            }
        )
        for line in page.lines
    )
    return page.model_copy(update={"lines": lines})


def read_differently(page: Page, line: str, readings: tuple[str, str]) -> Page:
    """The same page with one line, `line`, as two readers saw it before they were merged."""
    both = tuple(
        Reading(reader=reader, text=text, confidence=0.9)
        for reader, text in zip(("korean", "latin"), readings, strict=True)
    )
    lines = tuple(
        each.model_copy(update={"readings": both}) if each.text == line else each
        for each in page.lines
    )
    return page.model_copy(update={"lines": lines})


def less_surely(page: Page, text: str, other: str, confidence: float = 0.9) -> Page:
    """The page with one line that might read `other`, sign by sign, where that differs."""
    doubts = tuple("" if sign == seen else sign for sign, seen in zip(other, text, strict=True))
    lines = [
        line.model_copy(
            update={
                "runners_up": doubts,
                "characters": tuple(
                    confidence if doubt else sure
                    for doubt, sure in zip(doubts, line.characters, strict=True)
                ),
            }
        )
        if line.text == text
        else line
        for line in page.lines
    ]
    return page.model_copy(update={"lines": tuple(lines)})
