"""Dates filled in by hand: what a form's date and its column of days say together.

By hand a 1 is a mere stroke and a point is easily lost, so that neither is a date for certain; but
a form asks for the day twice, above its table and in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from receipt_screen.fields.labels import Label
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.rows import Row
from receipt_screen.fields.vocabulary import LabelKind, compact
from receipt_screen.geometry import Box
from receipt_screen.records import Line

HEADS = frozenset({"월일", "날짜"})
"""What stands over a column that says of each ware on which day."""
NEAR = 2
"""A speck may stand in a row of its own between a field and what it is called."""
MOST_OF_A_DATE = 1
"""So many signs at most may be others where the field as it was read already is a date."""
_STROKES = str.maketrans({**dict.fromkeys("\\|lI![]", "1"), **dict.fromkeys("OoQ", "0")})
"""A 1 by hand is a stroke, whichever way it leans."""
_DAY = re.compile(r"\D{0,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)")
_YEAR = re.compile(r"\D*(?:20)?(2\d)(?=\D|\d{2,4}$)")
_LAST_DAY = 31

Day = tuple[int, int]
"""A month and a day of it."""


@dataclass(frozen=True)
class WrittenDate:
    """A date that a form says twice."""

    date: dt.date
    place: Place
    label: Label
    changed: int
    """How many signs were taken for others that they look like."""


def written_dates(page: LabelledPage) -> Iterator[WrittenDate]:
    """The dates that a form's field and its column of days agree on."""
    days = days_in_column(page)
    if not days:
        return
    for row, label in page.labels(LabelKind.PAID_AT):
        for place in (page.beside(row, label), *_under(page, row, label)):
            dates = _dates_at(page, place)
            agreed = _agreed(dates, days)
            is_date = 0 in dates.values()
            if agreed is not None and not (is_date and agreed[1] > MOST_OF_A_DATE):
                yield WrittenDate(agreed[0], place, label, agreed[1])


def _under(page: LabelledPage, row: int, label: Label) -> Iterator[Place]:
    """The cells under a label in the next rows, whatever else stands in these."""
    box = page.evidence(Place(row, label.start, label.end)).quad.box
    for index in range(row + 1, min(row + 1 + NEAR, len(page.rows))):
        cells = [(start, end) for _, start, end in _overlapping(page.rows[index].row, box)]
        if cells:
            yield Place(index, cells[0][0], cells[-1][1])


def _overlapping(row: Row, box: Box) -> list[tuple[Line, int, int]]:
    """The cells of a row that stand above or below a box."""
    return [
        (cell, start, end)
        for cell, start, end in row.spans
        if cell.quad.box.left < box.right and cell.quad.box.right > box.left
    ]


def _agreed(dates: Mapping[dt.date, int], days: Mapping[Day, int]) -> tuple[dt.date, int] | None:
    """The one date that takes the fewest changes of what was read, and how many."""
    both = {
        date: changed + days[date.month, date.day]
        for date, changed in dates.items()
        if (date.month, date.day) in days
    }
    fewest = min(both.values(), default=0)
    nearest = [date for date, changed in both.items() if changed == fewest]
    return (nearest[0], fewest) if len(nearest) == 1 else None


def days_in_column(page: LabelledPage) -> dict[Day, int]:
    """The days that the cells below the head of their column may say, and by how many changes."""
    found: dict[Day, int] = {}
    for row, start, end in _column(page):
        for text, changed in _spellings(row, start, end):
            match = _DAY.match(text)
            if match is not None:
                day = int(match[1]), int(match[2])
                found[day] = min(changed, found.get(day, changed))
    return found


def _column(page: LabelledPage) -> Iterator[tuple[Row, int, int]]:
    """The cells below the head of days, down to the total."""
    box = None
    for labelled in page.rows:
        row = labelled.row
        if box is not None and labelled.has(LabelKind.DUE):
            return
        if box is not None:
            yield from ((row, start, end) for _, start, end in _overlapping(row, box))
        box = next((c.quad.box for c in row.cells if compact(c.text) in HEADS), box)


def _dates_at(page: LabelledPage, place: Place) -> dict[dt.date, int]:
    """The dates that a place may say, and by how many changes."""
    found: dict[dt.date, int] = {}
    for text, changed in _spellings(page.rows[place.row].row, place.start, place.end):
        for date, more in _dates(text):
            found[date] = min(changed + more, found.get(date, changed + more))
    return found


def _dates(text: str) -> Iterator[tuple[dt.date, int]]:
    """The dates that a text is, its separators lost, or a digit too many in its day."""
    year = _YEAR.match(text)
    numbers = re.findall(r"\d+", text[year.end() :]) if year else []
    if year is None or not numbers or len(numbers) > 2:
        return
    for month, day, changed in _months_and_days(numbers):
        try:
            yield dt.date(2000 + int(year[1]), month, day), changed
        except ValueError:
            continue


def _months_and_days(numbers: list[str]) -> Iterator[tuple[int, int, int]]:
    first, *rest = numbers
    if rest:
        yield int(first), int(rest[0]), 0
        if len(rest[0]) == 2 and int(rest[0]) > _LAST_DAY:
            yield from ((int(first), int(digit), 1) for digit in rest[0])
        return
    for at in range(1, len(first)):
        yield int(first[:at]), int(first[at:]), 0


def _spellings(row: Row, start: int, end: int) -> Iterator[tuple[str, int]]:
    """A piece of a row as it was read, and with one sign or one cell as it was read less surely."""
    text = row.text
    yield text[start:end].translate(_STROKES), 0
    for cell, first, last in row.spans:
        if start <= first and last <= end:
            for reading in cell.readings:
                yield (text[start:first] + reading.text + text[last:end]).translate(_STROKES), 1
        for at, other in enumerate(cell.runners_up, first):
            if other and start <= at < end:
                yield (text[start:at] + other + text[at + 1 : end]).translate(_STROKES), 1
