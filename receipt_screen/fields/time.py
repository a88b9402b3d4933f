"""What time it was paid: beside the date, or on a label of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from receipt_screen.fields.date import (
    LABELLED,
    NOT_TOLD,
    TELLS_WHEN,
    PlacedMoment,
    as_guess,
    dates_on,
    first_kind,
    otherwise_read,
)
from receipt_screen.fields.labels import LabelledRow
from receipt_screen.fields.moments import (
    DAY_OF_A_YEAR,
    WEEKDAYS,
    Clock,
    find_compact_time,
    find_times,
)
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate

FAR = 9
"""Rows to a date that isn't there."""
_STATUS_BAR = re.compile(
    r"\W*(?:오전|오후)?\s?\d{1,2}:\d{2}(?![:\d])"
    r"(?:\W|\d{1,3}\s?%?(?!\S)|[45]G|LTE|KT|SKT|LGU|WI-?FI|AM|PM)*(?:\s\W?\S{0,4}\W*)?",
    re.IGNORECASE,
)
"""The top of a telephone's screen: what time it was when the picture was made, and signs."""
_DAY = re.compile(rf"(?<![\d./-]){DAY_OF_A_YEAR}\s?(?:\([{WEEKDAYS}]\))?\s*(?:오전|오후)?\s?$")
"""Such a day tells which of several times was meant."""


def time_candidates(page: LabelledPage, date: dt.date | None) -> list[Candidate[str]]:
    """Every time that may be the time of payment: beside the date, or on a label of its own."""
    placed = [entry for entry in dates_on(page) if entry.moment.time is not None]
    candidates = [_beside(page, entry, date, doubted=False) for entry in _timed_by_one(page)]
    for entry in placed:
        seen = otherwise_read(page, entry)
        others = [other for other in seen if _stands_elsewhere(other, placed)]
        meant = next((each for each in seen if _is_same_but(each, entry, date)), entry)
        candidate = _beside(page, meant, date, doubted=bool(others))
        candidates.append(as_guess(candidate) if _is_rivalled(entry, placed) else candidate)
        candidates += [_beside(page, other, date, doubted=False) for other in others]
    return candidates + list(_loose_times(page, date)) + list(_compact_times(page))


def _is_rivalled(entry: PlacedMoment, placed: Sequence[PlacedMoment]) -> bool:
    """Whether no label tells which of several times of a day is meant."""
    return entry.kind in NOT_TOLD and any(
        other.kind in NOT_TOLD
        and other.moment.date == entry.moment.date
        and (other.moment.time or "")[:5] != (entry.moment.time or "")[:5]
        for other in placed
    )


def _timed_by_one(page: LabelledPage) -> Iterator[PlacedMoment]:
    """Dates without a time in the merged text behind which a reader saw one: 1 3.59."""
    for entry in dates_on(page):
        if entry.moment.time is None:
            for other in otherwise_read(page, entry):
                if other.moment.date == entry.moment.date:
                    yield other


def _is_same_but(other: PlacedMoment, entry: PlacedMoment, date: dt.date | None) -> bool:
    """Whether a reading of a moment differs in the day alone, which is the one that was chosen."""
    return other.moment.date == date and other.moment.time == entry.moment.time


def _stands_elsewhere(other: PlacedMoment, placed: Sequence[PlacedMoment]) -> bool:
    """Whether another row has a time that only one reader saw here; an order's is another time."""
    return any(
        entry.moment.time == other.moment.time
        for entry in placed
        if entry.place.row != other.place.row
        and (entry.kind == other.kind or entry.kind != "ordered_at")
    )


def _beside(
    page: LabelledPage, entry: PlacedMoment, date: dt.date | None, *, doubted: bool
) -> Candidate[str]:
    """The time that stands behind a date."""
    time = entry.moment.time or ""
    features = {
        entry.kind: 1.0,
        "beside_date": float(entry.moment.date == date),
        "seconds": _has_seconds(time),
        "doubted": float(doubted),
    }
    label = entry.label.word if entry.label else None
    evidence = page.evidence(entry.place)
    if entry.read_by_one is not None:
        evidence = replace(evidence, confidence=min(evidence.confidence, entry.read_by_one))
    return Candidate(time, evidence, label, features)


_TIME_LABELS = ("시간", "시각")


def _compact_times(page: LabelledPage) -> Iterator[Candidate[str]]:
    """Digits in a row directly behind a label of a time, as in 거래시간 101233."""
    for row, label in page.labels(*TELLS_WHEN):
        place = page.beside(row, label)
        clock = find_compact_time(page.text(place))
        if clock is not None and label.word.endswith(_TIME_LABELS):
            features = {first_kind(label, TELLS_WHEN): 1.0, "seconds": _has_seconds(clock.time)}
            exact = place.part(clock.start, clock.end)
            yield Candidate(clock.time, page.evidence(exact), label.word, features)


def _has_seconds(time: str) -> float:
    return float(time.count(":") == 2)


_FROM = re.compile(r"\d\s?[~-]\s?$")
_TO = re.compile(r"\s?[~-]\s?(?:오전|오후|AM|PM)?\s?\d{1,2}:\d\d")


def _is_of_hours(text: str, clock: Clock) -> bool:
    """Whether a time begins or ends opening hours: 10:00 ~ 22:00."""
    before = _FROM.search(text[: clock.start])
    return before is not None or _TO.match(text, clock.end) is not None


def _loose_times(page: LabelledPage, date: dt.date | None) -> Iterator[Candidate[str]]:
    """Times without a date directly before them."""
    placed = dates_on(page)
    dated = {entry.place.row for entry in placed}
    date_rows = {
        entry.place.row for entry in placed if date is not None and entry.moment.date == date
    }
    for index, labelled in enumerate(page.rows):
        text = labelled.row.text
        if index == 0 and is_status_bar(labelled):
            continue
        for clock in find_times(text):
            undated = index not in dated
            if undated and _is_of_hours(text, clock):
                continue
            kind = _kind_before(labelled, clock)
            near = min((abs(index - row) for row in date_rows), default=FAR)
            features = {
                kind: 1.0,
                "same_row": float(near == 0),
                "next_row": float(near == 1),
                "seconds": _has_seconds(clock.time),
                "lost_date": float(undated and kind == "paid_at"),
                "beside_day": float(undated and _DAY.search(text[: clock.start]) is not None),
            }
            place = Place(index, clock.start, clock.end)
            yield Candidate(clock.time, page.evidence(place), None, features)


def _kind_before(row: LabelledRow, clock: Clock) -> str:
    """What the last label before a time makes of it."""
    before = [
        label
        for label in row.labels
        if label.end <= clock.start and label.is_any(frozenset(LABELLED))
    ]
    return first_kind(before[-1], LABELLED) if before else "unlabelled"


def is_status_bar(row: LabelledRow) -> bool:
    """Whether a page's first row is the top of a telephone's screen: its clock and nothing else."""
    return not row.labels and _STATUS_BAR.fullmatch(row.row.text) is not None
