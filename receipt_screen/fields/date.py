"""Which date is the day of payment: the dates of a page, and what their labels make of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.forms import days_in_column, written_dates
from receipt_screen.fields.labels import Label
from receipt_screen.fields.moments import (
    WEEKDAYS,
    Moment,
    find_compact_dates,
    find_dates,
    find_mended_dates,
    find_stamps,
    find_times,
)
from receipt_screen.fields.page import LabelledPage, Place, once_a_page
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import Evidence
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Line, Reading

T = TypeVar("T")

MENDED = 0.5
"""How sure a digit is that was worked out, or that another place contradicts."""

DOUBTED = 0.95
"""A digit less certain than this is the one that it may be instead if another place says so."""

LABELLED = {
    LabelKind.PAID_AT: "paid_at",
    LabelKind.ORDERED_AT: "ordered_at",
    LabelKind.PRINTED_AT: "printed_at",
    LabelKind.NEVER_DATE: "never_date",
    LabelKind.OTHER_NUMBER: "other_number",
}


@dataclass(frozen=True)
class PlacedMoment:
    """A date on the page, and the label it hangs on."""

    moment: Moment
    place: Place
    label: Label | None
    kind: str
    below: bool = False
    read_by_one: float | None = None
    """How sure a reader was that alone saw it; None where it stands in the merged text."""
    witnessed: bool = False
    """Whether another place names the month and the day as well."""


LEAST_NUMBER = 4
"""Digits beside a label that are the number it names."""
TELLS_WHEN = (LabelKind.PAID_AT, LabelKind.ORDERED_AT)
"""Labels that make a date of digits in a row."""


def first_kind(label: Label, kinds: Iterable[LabelKind]) -> str:
    """What the first of these kinds that a label is makes of a date; it has to be one of them."""
    return next(LABELLED[kind] for kind in kinds if kind in label.kinds)


@dataclass(frozen=True)
class _Limits:
    """What tells of a date that it is a time limit: `dates.toml`."""

    behind: re.Pattern[str]
    of_what_is_before: frozenset[str]


@cache
def _limits() -> _Limits:
    words = read_table("dates.toml")
    return _Limits(
        re.compile(rf"\s*\)?\s*(?:{'|'.join(words['behind'])})"),
        frozenset(words["of_what_is_before"]),
    )


@once_a_page
def dates_on(page: LabelledPage) -> Iterator[PlacedMoment]:
    """All dates of the page with what their labels make of them."""
    printed = list(_printed(page))
    yield from printed
    yield from _written(page, {entry.moment.date for entry in printed})


def _printed(page: LabelledPage) -> Iterator[PlacedMoment]:
    """Dates that stand somewhere as dates are printed."""
    for index, labelled in enumerate(page.rows):
        sound = [_placed(page, index, moment) for moment in find_dates(labelled.row.text)]
        yield from sound or _unsound(page, index)
        for label in labelled.labels:
            if label.is_any(frozenset(TELLS_WHEN)):
                yield from _compact_on(page, index, label)


def _written(page: LabelledPage, known: set[dt.date]) -> Iterator[PlacedMoment]:
    """Dates that only a form's field and its column together tell."""
    for written in written_dates(page):
        if written.date not in known:
            place = written.place
            moment = Moment(
                written.date, None, None, place.start, place.end, mended=written.changed > 0
            )
            kind = first_kind(written.label, TELLS_WHEN)
            yield PlacedMoment(moment, place, written.label, kind, witnessed=not moment.mended)


def _unsound(page: LabelledPage, index: int) -> Iterator[PlacedMoment]:
    """Dates of a row whose text has none: one reader's, a stamp, or with an impossible digit.

    A label, a time, a stamp's weekday or another reader has to say that it is one.
    """
    row = page.rows[index]
    if not row.has(*TELLS_WHEN, LabelKind.OTHER_NUMBER, LabelKind.APPROVAL):
        stamps = (*find_stamps(row.row.text), *_behind_cut_label(row.row.text))
        yield from (_placed(page, index, stamp) for stamp in stamps)
    read_by_one = list(_read_by_one(page, index))
    mended = (_placed(page, index, moment) for moment in find_mended_dates(row.row.text))
    for placed in read_by_one or mended:
        if (
            placed.moment.time is not None
            or placed.kind in {"paid_at", "ordered_at"}
            or f"{placed.moment.date:%Y%m%d}" in digits_of(row.row.text)
        ):
            yield placed


_CUT_LABEL = re.compile(r"\W*일?[시자]\W{1,3}(?=(?:\d{10}|\d{12,13})\W*$)")
"""What is left of 거래일시 where the paper ends, with the digits of a date and a time behind it."""


def _behind_cut_label(text: str) -> Iterator[Moment]:
    """The digits in a row that fill a text but for the end of a label."""
    if _CUT_LABEL.match(text):
        yield from (moment for moment in find_compact_dates(text) if moment.time is not None)


def _read_by_one(page: LabelledPage, index: int) -> Iterator[PlacedMoment]:
    """Dates that one reader saw, in a cell or across it, and the merged text lost."""
    row = page.rows[index]
    text = row.row.text
    for cell, start, end in row.row.spans:
        after_label = max([start, *(each.end for each in row.labels if start <= each.end < end)])
        for reading in _other_readings(cell):
            behind = start + len(reading.text)
            for moment in find_dates(text[:start] + reading.text + text[end:]):
                if moment.start < behind and moment.end > start:
                    first = moment.start if moment.start < start else after_label
                    last = end + max(0, moment.end - behind)
                    placed = _placed(page, index, replace(moment, start=first, end=last))
                    yield replace(placed, read_by_one=reading.confidence)


def _other_readings(cell: Line) -> list[Reading]:
    """What readers saw otherwise than the merged text says."""
    return [reading for reading in cell.readings if reading.text != cell.text]


def otherwise_read(page: LabelledPage, entry: PlacedMoment) -> list[PlacedMoment]:
    """What stands in the cells of a date if it isn't what the merged text says: as single readers
    saw it, or with one digit that was read less surely.
    """
    row, place = page.rows[entry.place.row].row, entry.place
    find = find_compact_dates if entry.moment.compact else _find_dates_and_mended
    return [
        replace(entry, moment=moment, read_by_one=sure)
        for cell, start, end in row.spans
        if start < place.end and end > place.start
        for text, sure in (
            *((reading.text, reading.confidence) for reading in _other_readings(cell)),
            *(
                (text, MENDED)
                for text in _less_surely(cell, place.start - start, place.end - start)
            ),
        )
        for moment in find(text)
        if (moment.date, moment.time) != (entry.moment.date, entry.moment.time)
    ]


def _find_dates_and_mended(text: str) -> tuple[Moment, ...]:
    return (*find_dates(text), *find_mended_dates(text))


def _less_surely(cell: Line, start: int, end: int) -> Iterator[str]:
    """A cell's text with one doubtful digit of `text[start:end]` as the one that it may be."""
    for at, (sign, sure, other) in enumerate(
        zip(cell.text, cell.characters, cell.runners_up, strict=False)
    ):
        if start <= at < end and sure < DOUBTED and sign.isdigit() and other.isdigit():
            yield cell.text[:at] + other + cell.text[at + 1 :]


def _placed(page: LabelledPage, row: int, moment: Moment) -> PlacedMoment:
    place = Place(row, moment.start, moment.end)
    label, kind = _label_of(page, row, moment)
    is_free = label is None and kind == "unlabelled" and row > 0
    if is_free and (above := _label_above(page, row, moment)) is not None:
        return PlacedMoment(moment, place, above, first_kind(above, LABELLED), below=True)
    return PlacedMoment(moment, place, label, kind)


def _label_above(page: LabelledPage, row: int, moment: Moment) -> Label | None:
    """The label in the row above that says what a date is, if it has no value of its own."""
    for above in page.rows[row - 1].labels:
        if above.word in _limits().of_what_is_before or _has_value(page, row - 1, above):
            continue
        below = page.below(row - 1, above)
        is_below = below is not None and below.start <= moment.start < below.end
        if is_below and above.is_any(frozenset(LABELLED)):
            return above
    return None


def _has_value(page: LabelledPage, row: int, label: Label) -> bool:
    """Whether a label has a date, a time or a number of its own: it tells nothing of the row
    below.
    """
    text = page.text(page.beside(row, label))
    has_number = not label.is_any(frozenset(TELLS_WHEN)) and len(digits_of(text)) >= LEAST_NUMBER
    return has_number or bool(find_dates(text) or find_times(text))


def _label_of(page: LabelledPage, row: int, moment: Moment) -> tuple[Label | None, str]:
    """The nearest label before the date; words behind it may say that it is a time limit."""
    labels = page.rows[row].labels
    behind = page.rows[row].row.text[moment.end : moment.end + 6]
    ends_period = _ENDS_PERIOD.search(page.rows[row].row.text[: moment.start])
    if ends_period or _limits().behind.match(behind):
        return None, "never_date"
    for label in reversed(labels):
        if label.end <= moment.start and label.is_any(frozenset(LABELLED)):
            return label, first_kind(label, LABELLED)
    return None, "unlabelled"


_ENDS_PERIOD = re.compile(rf"\d\D{{0,8}}[~∼～]\s*(?:\([{WEEKDAYS}]\)\s*)?$")
"""A date and a ~ before a date: a period ends with it."""


def _compact_on(page: LabelledPage, row: int, label: Label) -> Iterator[PlacedMoment]:
    kind = first_kind(label, TELLS_WHEN)
    beside = page.beside(row, label)
    if find_dates(page.text(beside)):
        return
    torn = any(sign.isdigit() for sign in page.text(beside))
    # Of a value that goes on in the next row the second half may look like a date.
    for place in [beside] if torn else page.values(row, label):
        for moment in find_compact_dates(page.text(place)):
            yield PlacedMoment(moment, place.part(moment.start, moment.end), label, kind)


def date_candidates(page: LabelledPage) -> list[Candidate[dt.date]]:
    """Every date that may be the day of payment."""
    placed = dates_on(page)
    stand, days = _Standing.on(page, placed), days_in_column(page)
    untold = [entry.moment for entry in placed if entry.kind in NOT_TOLD]
    candidates = []
    for entry in placed:
        others = [
            other
            for other in otherwise_read(page, entry)
            if other.moment.date != entry.moment.date and stand.elsewhere(other)
        ]
        date = entry.moment.date
        differs = entry.kind == "paid_at" and bool(days) and (date.month, date.day) not in days
        candidate = _candidate(page, entry, stand, doubted=differs or bool(others))
        guessed = is_printed_again(entry) or is_rivalled(entry, untold)
        candidates.append(as_guess(candidate) if guessed else candidate)
        candidates += [_candidate(page, other, stand, doubted=False) for other in others]
    return candidates


PRINTED_AGAIN = "재"
"""How labels begin that tell when a receipt was printed again: 재출력일시, 재발행일시."""


def is_printed_again(entry: PlacedMoment) -> bool:
    """Whether a date is the day on which a receipt was printed again."""
    return entry.label is not None and entry.label.word.startswith(PRINTED_AGAIN)


def is_rivalled(entry: PlacedMoment, others: Iterable[Moment]) -> bool:
    """Whether no label tells which of several days is meant."""
    return entry.kind in NOT_TOLD and any(other.date != entry.moment.date for other in others)


NOT_TOLD = frozenset({"unlabelled", "other_number"})
"""What labels make of a date of which they tell nothing."""


def as_guess(candidate: Candidate[T]) -> Candidate[T]:
    """A candidate that, chosen, is a guess."""
    evidence = candidate.evidence
    sure = min(evidence.confidence, MENDED)
    return replace(candidate, evidence=replace(evidence, confidence=sure))


@dataclass(frozen=True)
class _Standing:
    """Where else on the page a date stands."""

    rows_with: dict[dt.date, set[int]]
    digits: tuple[str, ...]
    """Of each row."""
    of_payment: str
    """Of all rows but those of numbers: an order's or a coupon's tells when that was made."""

    @classmethod
    def on(cls, page: LabelledPage, placed: Iterable[PlacedMoment]) -> _Standing:
        rows_with: dict[dt.date, set[int]] = {}
        for entry in placed:
            rows_with.setdefault(entry.moment.date, set()).add(entry.place.row)
        unnumbered = (row.row.text for row in page.rows if not row.has(LabelKind.OTHER_NUMBER))
        return cls(
            rows_with,
            tuple(digits_of(row.row.text) for row in page.rows),
            re.sub(r"\s", "", "".join(unnumbered)),
        )

    def elsewhere(self, entry: PlacedMoment) -> bool:
        """Whether a date stands in another row, as one or in a number of any kind."""
        here, date = entry.place.row, entry.moment.date
        return bool(self.rows_with.get(date, set()) - {here}) or any(
            f"{date:%Y%m%d}" in digits for row, digits in enumerate(self.digits) if row != here
        )

    def repeats(self, entry: PlacedMoment) -> float:
        """In how many rows beside its own a date stands, two at most."""
        others = self.rows_with.get(entry.moment.date, set()) - {entry.place.row}
        return float(min(len(others) + entry.witnessed, 2))


def _candidate(
    page: LabelledPage, entry: PlacedMoment, stand: _Standing, *, doubted: bool
) -> Candidate[dt.date]:
    moment = entry.moment
    weekday_says = 0.0
    if moment.weekday is not None:
        weekday_says = 1.0 if moment.weekday == moment.date.weekday() else -1.0
    features = {
        entry.kind: 1.0,
        "misread": 1.0 - entry.label.score if entry.label else 0.0,
        "with_time": float(moment.time is not None),
        "compact": float(moment.compact),
        "repeats": stand.repeats(entry),
        "weekday": weekday_says,
        "in_barcode": float(f"{moment.date:%Y%m%d}" in stand.of_payment),
        "in_code": float(page.in_code(f"{moment.date:%Y%m%d}")),
        "one_reading": float(entry.read_by_one is not None),
        "mended": float(moment.mended),
        "doubted": float(doubted),
    }
    label = entry.label.word if entry.label else None
    return Candidate(moment.date, _evidence(page, entry, doubted=doubted), label, features)


def _evidence(page: LabelledPage, entry: PlacedMoment, *, doubted: bool) -> Evidence:
    """What stands there; what was mended or is doubted is as doubtful as can be."""
    evidence = page.evidence(entry.place)
    sure = MENDED if entry.moment.mended or doubted else entry.read_by_one or 1.0
    return replace(evidence, confidence=min(evidence.confidence, sure))
