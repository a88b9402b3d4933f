"""When it was paid: dates and times as receipts print them, and candidates for them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from receipt_screen.fields.labels import Label, LabelledRow
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import Evidence
from receipt_screen.fields.vocabulary import LabelKind

FIRST_YEAR, LAST_YEAR = 2000, 2049
WEEKDAYS = "월화수목금토일"
MENDED = 0.5
"""How sure a digit is that was worked out."""

_D = "[0-9OoQIl]"
_LOOK_ALIKES = str.maketrans("OoQIl", "00011")
_SEPARATOR = r"\s?[-–./,~]\s?"
_GAP = r"\s{0,3}"
"""Forms leave room before 년, 월 and 일, which may be two cells then."""
_YEAR_SIGN = rf"{_GAP}년(?:년|\d(?=\s\d\d\s?월))?{_GAP}"
"""년, read twice or with a digit that is half of it."""
_LIKE_YEAR, _LIKE_MONTH, _LIKE_DAY = "[년넌닌면련녀年]", "[월윌웰웜훨얼원月]", "[일얼잎밀읠임日]"
"""What 년, 월 and 일 are read as, or written as by hand."""
_WEEKDAY = rf"(?:\s?\(?(?P<weekday>[{WEEKDAYS}])(?:요일)?\)?(?=[\s\d]|$))?"
_AFTERNOON = "오후|PM|pm|[오우모요으][후호흐추]"
_HALF = f"{_AFTERNOON}|오전|AM|am|[오우모요으][전진잔젼]"
"""The halves of the day, and what they are read as."""
_IN_WORDS = (
    rf"\s?시\s?(?P<minute_said>{_D}{{1,2}})(?!{_D})"
    rf"(?:\s?분\s?(?P<second_said>{_D}{{1,2}})\s?초)?"
)
"""10시49분, 10시 49분 05초; a 분 that can't be read doesn't matter."""
_HALF_BEHIND = r"(?:\s?(?P<half_behind>AM|PM|am|pm)(?![A-Za-z]))?"
_TIME = (
    rf"(?:[\sT]*(?P<half>{_HALF})?\s*(?P<hour>{_D}{{1,2}})"
    rf"(?:(?:\s?[:;]\s?|\.(?={_D}{{2}}(?!{_D})))(?P<minute>{_D}{{2}})"
    rf"(?:\s?[:;.]\s?(?P<second>{_D}{{2}}))?{_HALF_BEHIND}|{_IN_WORDS}))?"
)
"""A colon is easily read as a point; behind a date it still is a time."""
_MONTH_AND_DAY = tuple(
    rf"{first}(?P<month>{_D}{{1,2}}){second}(?P<day>{_D}{{1,2}})(?!{_D})\.?"
    for first, second in ((_SEPARATOR, r"\s"), (r"\s", _SEPARATOR), (_SEPARATOR, _SEPARATOR))
)
"""A month and a day of which one separator was lost, or is another sign than the other."""
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH_NAME = rf"(?P<month>(?i:{'|'.join(_MONTH_NAMES)}))(?i:[a-z]{{0,6}})"
_FORMATS = (
    # 2025-01-14, 2025. 1. 4., 2025/01/14
    rf"(?P<year>20{_D}{{2}}){_SEPARATOR}(?P<month>{_D}{{1,2}}){_SEPARATOR}(?P<day>{_D}{{1,2}})"
    rf"(?!{_D})\.?" + _WEEKDAY + _TIME,
    # 2025년 1월 14일, 25년01월14일
    rf"(?P<year>(?:20)?{_D}{{2}}){_YEAR_SIGN}(?P<month>{_D}{{1,2}}){_GAP}월{_GAP}(?P<day>{_D}{{1,2}})"
    rf"{_GAP}일" + _WEEKDAY + _TIME,
    # 2025넌 1윌 14얼
    rf"(?P<year>20{_D}{{2}}){_GAP}{_LIKE_YEAR}{_GAP}(?P<month>{_D}{{1,2}}){_GAP}{_LIKE_MONTH}"
    rf"{_GAP}(?P<day>{_D}{{1,2}}){_GAP}{_LIKE_DAY}" + _WEEKDAY + _TIME,
    # 25/01/14, 25.01.14, 25-01-14
    rf"(?<![-./])(?P<year>{_D}{{2}})(?P<separator>[-./])\s?(?P<month>{_D}{{1,2}})(?P=separator)"
    rf"\s?(?P<day>{_D}{{1,2}})(?![-./]?{_D})" + _WEEKDAY + _TIME,
    # 2022-0819, 202208-19, 2022 08 19: separators lost in reading
    rf"(?P<year>20{_D}{{2}})[-./\s]?(?P<month>[01]{_D})[-./\s]?(?P<day>[0-3]{_D})"
    rf"(?=\s|$|{_D}{{2}}:)" + _WEEKDAY + _TIME,
    # 2025. 1 24
    *(rf"(?P<year>20{_D}{{2}})" + rest + _WEEKDAY + _TIME for rest in _MONTH_AND_DAY),
    # 25.01 31 12:37: two digits for the year are believed with a time behind them
    *(
        rf"(?<![-./,])(?P<year>{_D}{{2}}){rest}(?=\s{_D}{{1,2}}\s?:\s?{_D}{{2}})" + _TIME
        for rest in _MONTH_AND_DAY
    ),
    # 24-Jan-2025, 24 JAN 25
    rf"(?P<day>{_D}{{1,2}})[-./\s]?{_MONTH_NAME}[-./,\s]{{1,2}}(?P<year>(?:20)?{_D}{{2}})(?!{_D})"
    + _TIME,
    # Jan 24, 2025
    rf"(?<![A-Za-z]){_MONTH_NAME}[-./\s]{{1,2}}(?P<day>{_D}{{1,2}})[-./,\s]{{1,2}}(?P<year>20{_D}{{2}})(?!{_D})"
    + _TIME,
    # 01-24-2025, 24/01/2025: cash registers, where one of the two can't be a month
    *(
        rf"(?<![-./])(?P<{first}>{one})(?P<separator>[-./])(?P<{second}>{other})(?P=separator)"
        rf"(?P<year>20{_D}{{2}})(?![-./]?{_D})" + _WEEKDAY + _TIME
        for first, second, one, other in (
            ("month", "day", r"0\d|1[0-2]", r"1[3-9]|2\d|3[01]"),
            ("day", "month", r"1[3-9]|2\d|3[01]", r"0\d|1[0-2]"),
        )
    ),
)
_PRINTED = tuple(re.compile(rf"(?<!{_D})" + form) for form in _FORMATS)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:20)?\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:\s?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?P<extra>[1-7])?)?(?!\d)"
)
"""Digits in a row, believed only on a label: 20250114101233, 2501141324, 250114 (KICC adds a
weekday digit)."""
_STAMP = re.compile(
    r"(?<![\d*-])(?P<year>\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?P<hour>[0-2]\d)"
    r"(?P<minute>[0-5]\d)(?P<second>[0-5]\d)\s?(?P<number>[1-7])(?!\d)"
)
"""2501141012333: a terminal's stamp, whose last digit counts the days of the week from Sunday."""
_SHORT = tuple(
    re.compile(rf"(?<![\d.,/-])(?P<year>{_D}{{2}}){rest}(?![-./,]?{_D})")
    for rest in (
        *_MONTH_AND_DAY,
        rf"\s{{1,4}}(?P<month>{_D}{{1,2}})\s{{1,4}}(?P<day>{_D}{{1,2}})(?!{_D})",
    )
)
"""25. 3 2, 25, 2. 28, 25  2  28: separators lost, misread or printed above as 년 월 일, so believed
only on a label, too."""
_DIGITS_OF_A_DATE = re.compile(
    r"(?<![\d.,/-])(?P<year>\d{4}|\d\d)(?:\s?[-./]\s?|\s?년\s?)(?P<month>\d\d)"
    r"(?:\s?[-./]\s?|\s?월\s?)(?P<day>\d\d)(?![\d.,/-])" + _WEEKDAY + _TIME
)
_FIRST_DIGITS = {"year": ("2", "0"), "month": ("01",), "day": ("0123",)}
"""What the first digits of a year of four, a month and a day can be."""
_LOOKS_LIKE = {"6": "0", "8": "0", "9": "0", "7": "1", "4": "1"}
"""What an impossible first digit was: a slashed nought passes for 6 and 8 with every reader. A
year's can only be one."""
_CLOCK = re.compile(
    rf"(?<![\d:])(?<!\d\.)(?P<half>{_HALF})?\s*(?P<hour>{_D}{{1,2}})"
    rf"(?:(?:\s?:\s?|\.(?={_D}{{2}}:{_D}{{2}}(?!{_D})))(?P<minute>{_D}{{2}})"
    rf"(?:\s?[:.]\s?(?P<second>{_D}{{2}}))?(?![\d:]){_HALF_BEHIND}|{_IN_WORDS})"
)
_STATUS_BAR = re.compile(
    r"\W*(?:오전|오후)?\s?\d{1,2}:\d{2}(?![:\d])"
    r"(?:\W|\d{1,3}\s?%?(?!\S)|[45]G|LTE|KT|SKT|LGU|WI-?FI|AM|PM)*(?:\s\W?\S{0,4}\W*)?",
    re.IGNORECASE,
)
"""The top of a telephone's screen: what time it was when the picture was made, and signs."""
_DAY = re.compile(
    rf"(?<![\d./-])\d{{1,2}}\s?(?:[./-]|월)\s?\d{{1,2}}일?\s?(?:\([{WEEKDAYS}]\))?\s*(?:오전|오후)?\s?$"
)
"""A day without a year: no date, but it tells which of several times was meant."""


@dataclass(frozen=True)
class Moment:
    """A date as printed, with the time and weekday beside it, at `text[start:end]`."""

    date: dt.date
    time: str | None
    weekday: int | None
    start: int
    end: int
    compact: bool = False
    mended: bool = False
    """A digit that no date has there was taken for the one that it looks like."""


def find_dates(text: str) -> tuple[Moment, ...]:
    """All dates with separators in a text, none overlapping, most certain form first."""
    found: list[Moment] = []
    for pattern in _PRINTED:
        for match in pattern.finditer(text):
            moment = _moment(match)
            if moment is not None and not _overlaps(moment, found):
                found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.start))


def find_compact_dates(text: str) -> tuple[Moment, ...]:
    """All dates without sound separators in a text; only a label makes them credible."""
    sound = list(find_dates(text))
    compact = [_moment(match, compact=True) for match in _COMPACT.finditer(text)]
    short = [_moment(match) for pattern in _SHORT for match in pattern.finditer(text)]
    return tuple(
        moment
        for moment in (*compact, *(each for each in short if each and not _overlaps(each, sound)))
        if moment is not None
    )


def find_stamps(text: str) -> tuple[Moment, ...]:
    """All stamps of terminals in a text whose last digit is that of their weekday."""
    stamps = ((match, _moment(match, compact=True)) for match in _STAMP.finditer(text))
    return tuple(
        moment
        for match, moment in stamps
        if moment is not None and int(match["number"]) % 7 == (moment.date.weekday() + 2) % 7
    )


def find_mended_dates(text: str) -> tuple[Moment, ...]:
    """All dates of which one digit is impossible, as in 2625-01-14, and taken for another."""
    mended = (_mended(match) for match in _DIGITS_OF_A_DATE.finditer(text))
    return tuple(moment for moment in mended if moment is not None)


def _mended(match: re.Match[str]) -> Moment | None:
    parts = {name: _possible(match[name], name) for name in _FIRST_DIGITS}
    changed = sum(
        one != other
        for name, part in parts.items()
        for one, other in zip(part, match[name], strict=True)
    )
    date = _date(parts["year"], parts["month"], parts["day"]) if changed == 1 else None
    if date is None:
        return None
    groups = match.groupdict()
    return Moment(
        date, _time(groups), _printed_weekday(groups), match.start(), match.end(), mended=True
    )


def _possible(digits: str, name: str) -> str:
    """Digits of a year, month or day, the first ones as they can be, if they look like it."""
    if len(digits) == 2 and name == "year":
        return digits
    first = _FIRST_DIGITS[name]
    heads = (
        digit if digit in possible or looks not in possible else looks
        for digit, possible in zip(digits, first, strict=False)
        for looks in (possible if len(possible) == 1 else _LOOKS_LIKE.get(digit, digit),)
    )
    return "".join(heads) + digits[len(first) :]


def _overlaps(moment: Moment, others: list[Moment]) -> bool:
    return any(moment.start < other.end and moment.end > other.start for other in others)


def _moment(match: re.Match[str], *, compact: bool = False) -> Moment | None:
    date = _date(match["year"], match["month"], match["day"])
    if date is None:
        return None
    groups = match.groupdict()
    weekday = _printed_weekday(groups)
    return Moment(date, _time(groups), weekday, match.start(), match.end(), compact)


def _printed_weekday(groups: dict[str, str | None]) -> int | None:
    weekday = groups.get("weekday")
    return WEEKDAYS.index(weekday) if weekday else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    if (name := month[:3].upper()) in _MONTH_NAMES:
        month = str(_MONTH_NAMES.index(name) + 1)
    numbers = [int(part.translate(_LOOK_ALIKES)) for part in (year, month, day)]
    full_year = numbers[0] if numbers[0] >= 1000 else 2000 + numbers[0]
    if not FIRST_YEAR <= full_year <= LAST_YEAR:
        return None
    try:
        return dt.date(full_year, numbers[1], numbers[2])
    except ValueError:
        return None


def _time(groups: dict[str, str | None]) -> str | None:
    hour = _number(groups.get("hour"))
    minute, second = (
        _number(groups.get(name) or groups.get(f"{name}_said")) for name in ("minute", "second")
    )
    if hour is None or minute is None:
        return None
    hour = _on_the_full_clock(hour, groups.get("half") or groups.get("half_behind"))
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second is not None else "")


def _number(text: str | None) -> int | None:
    return int(text.translate(_LOOK_ALIKES)) if text else None


def _on_the_full_clock(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if re.fullmatch(_AFTERNOON, half) else 0)


def find_times(text: str) -> tuple[str, ...]:
    """All clock times in a text, `HH:MM` or `HH:MM:SS`."""
    times = (_time(match.groupdict()) for match in _CLOCK.finditer(text))
    return tuple(time for time in times if time is not None)


# ── candidates ───────────────────────────────────────────────────────────────────────────────

_LABELLED = {
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


_SAID_OF_WHAT_IS_BEFORE = frozenset({"까지", "이내"})
"""They limit the date or the days before them, never a date in the row below."""
_TELLS_WHEN = (LabelKind.PAID_AT, LabelKind.ORDERED_AT)


def dates_on(page: LabelledPage) -> Iterator[PlacedMoment]:
    """All dates of the page with what their labels make of them."""
    for index, labelled in enumerate(page.rows):
        sound = [_placed(page, index, moment) for moment in find_dates(labelled.row.text)]
        yield from sound or _unsound(page, index)
        for label in labelled.labels:
            if label.is_any(frozenset(_TELLS_WHEN)):
                yield from _compact_on(page, index, label)


def _unsound(page: LabelledPage, index: int) -> Iterator[PlacedMoment]:
    """Dates of a row whose text has none: one reader's, a stamp, or with an impossible digit.

    A label, a time or a stamp's weekday has to say that it is one.
    """
    if not page.rows[index].has(*_TELLS_WHEN, LabelKind.OTHER_NUMBER, LabelKind.APPROVAL):
        stamps = find_stamps(page.rows[index].row.text)
        yield from (_placed(page, index, stamp) for stamp in stamps)
    read_by_one = list(_read_by_one(page, index))
    mended = (
        _placed(page, index, moment) for moment in find_mended_dates(page.rows[index].row.text)
    )
    for placed in read_by_one or mended:
        if placed.moment.time is not None or placed.kind in {"paid_at", "ordered_at"}:
            yield placed


def _read_by_one(page: LabelledPage, index: int) -> Iterator[PlacedMoment]:
    """Dates that one reader saw and the merged text lost."""
    row = page.rows[index]
    for cell, start, end in row.row.spans:
        after_label = max([start, *(each.end for each in row.labels if start <= each.end < end)])
        for reading in cell.readings:
            for moment in find_dates(reading.text):
                placed = _placed(page, index, replace(moment, start=after_label, end=end))
                yield replace(placed, read_by_one=reading.confidence)


def _placed(page: LabelledPage, row: int, moment: Moment) -> PlacedMoment:
    place = Place(row, moment.start, moment.end)
    label, kind = _label_of(page, row, moment)
    if label is None and row > 0:
        for above in page.rows[row - 1].labels:
            below = page.below(row - 1, above)
            kinds = [name for known, name in _LABELLED.items() if known in above.kinds]
            if above.word in _SAID_OF_WHAT_IS_BEFORE or _has_value(page, row - 1, above):
                continue
            if kinds and below is not None and below.start <= moment.start < below.end:
                return PlacedMoment(moment, place, above, kinds[0], below=True)
    return PlacedMoment(moment, place, label, kind)


def _has_value(page: LabelledPage, row: int, label: Label) -> bool:
    """Whether a date or a time stands beside a label, so that it says nothing of the row below."""
    text = page.text(page.beside(row, label))
    return bool(find_dates(text) or find_times(text))


def _label_of(page: LabelledPage, row: int, moment: Moment) -> tuple[Label | None, str]:
    """The nearest label before the date; words behind it may say that it is a time limit."""
    labels = page.rows[row].labels
    behind = page.rows[row].row.text[moment.end : moment.end + 6]
    if re.match(
        r"\s*\)?\s*(?:까지|이내|한(?![가-힣])|만료|소멸|부터|~|출발|도착|상영|입실|퇴실)", behind
    ):
        return None, "never_date"
    if _ENDS_PERIOD.search(page.rows[row].row.text[: moment.start]):
        return None, "never_date"
    before = [label for label in labels if label.end <= moment.start]
    for label in reversed(before):
        for known, name in _LABELLED.items():
            if known in label.kinds:
                return label, name
    return None, "unlabelled"


_ENDS_PERIOD = re.compile(rf"\d\D{{0,8}}[~∼～]\s*(?:\([{WEEKDAYS}]\)\s*)?$")
"""A date and a ~ before a date: a period ends with it."""


def _compact_on(page: LabelledPage, row: int, label: Label) -> Iterator[PlacedMoment]:
    kind = "paid_at" if LabelKind.PAID_AT in label.kinds else "ordered_at"
    places = [page.beside(row, label)]
    if (below := page.below(row, label)) is not None:
        places.append(below)
    for place in places:
        for moment in find_compact_dates(page.text(place)):
            start = place.start + moment.start
            end = place.start + moment.end
            yield PlacedMoment(moment, Place(place.row, start, end), label, kind)


def date_candidates(page: LabelledPage) -> list[Candidate[dt.date]]:
    """Every date that may be the day of payment."""
    placed = list(dates_on(page))
    rows_with: dict[dt.date, set[int]] = {}
    for entry in placed:
        rows_with.setdefault(entry.moment.date, set()).add(entry.place.row)
    # An order's or a coupon's number tells when that was made.
    unnumbered = (row.row.text for row in page.rows if not row.has(LabelKind.OTHER_NUMBER))
    digits = re.sub(r"\s", "", "".join(unnumbered))
    return [_candidate(page, entry, len(rows_with[entry.moment.date]), digits) for entry in placed]


def _candidate(
    page: LabelledPage, entry: PlacedMoment, repeats: int, digits: str
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
        "repeats": float(min(repeats - 1, 2)),
        "weekday": weekday_says,
        "in_barcode": float(f"{moment.date:%Y%m%d}" in digits),
        "in_code": float(page.in_code(f"{moment.date:%Y%m%d}")),
        "one_reading": float(entry.read_by_one is not None),
        "mended": float(moment.mended),
    }
    label = entry.label.word if entry.label else None
    return Candidate(moment.date, _evidence(page, entry), label, features)


def _evidence(page: LabelledPage, entry: PlacedMoment) -> Evidence:
    """What stands there; a mended digit is as doubtful as can be."""
    evidence = page.evidence(entry.place)
    sure = MENDED if entry.moment.mended else entry.read_by_one or 1.0
    return replace(evidence, confidence=min(evidence.confidence, sure))


def is_status_bar(row: LabelledRow) -> bool:
    """Whether a page's first row is the top of a telephone's screen: its clock and nothing else."""
    return not row.labels and _STATUS_BAR.fullmatch(row.row.text) is not None


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def time_candidates(page: LabelledPage, date: dt.date | None) -> list[Candidate[str]]:
    """Every time that may be the time of payment: beside the date, or on a label of its own."""
    candidates = [
        Candidate(
            entry.moment.time,
            page.evidence(entry.place),
            entry.label.word if entry.label else None,
            {
                entry.kind: 1.0,
                "beside_date": float(entry.moment.date == date),
                "seconds": float(entry.moment.time.count(":") == 2),
            },
        )
        for entry in dates_on(page)
        if entry.moment.time is not None
    ]
    return candidates + list(_loose_times(page, date)) + list(_compact_times(page))


_COMPACT_TIME = re.compile(
    r"^\W{0,3}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?=\W|$)"
)
_TIME_LABELS = ("시간", "시각")


def _compact_times(page: LabelledPage) -> Iterator[Candidate[str]]:
    """Digits in a row directly behind a label of a time, as in 거래시간 101233."""
    for row, label in page.labels(*_TELLS_WHEN):
        place = page.beside(row, label)
        match = _COMPACT_TIME.match(page.text(place))
        if match is None or not label.word.endswith(_TIME_LABELS):
            continue
        time = _time(match.groupdict())
        if time is not None:
            kind = "paid_at" if LabelKind.PAID_AT in label.kinds else "ordered_at"
            features = {kind: 1.0, "seconds": float(match["second"] is not None)}
            exact = Place(row, place.start + match.start("hour"), place.start + match.end())
            yield Candidate(time, page.evidence(exact), label.word, features)


_FROM = re.compile(r"\d\s?[~-]\s?$")
_TO = re.compile(r"\s?[~-]\s?(?:오전|오후|AM|PM)?\s?\d{1,2}:\d\d")


def _is_of_hours(text: str, match: re.Match[str]) -> bool:
    """Whether a time begins or ends opening hours: 10:00 ~ 22:00."""
    before = _FROM.search(text[: match.start()])
    return before is not None or _TO.match(text, match.end()) is not None


def _loose_times(page: LabelledPage, date: dt.date | None) -> Iterator[Candidate[str]]:
    """Times without a date directly before them."""
    placed = list(dates_on(page))
    dated = {entry.place.row for entry in placed}
    date_rows = {
        entry.place.row for entry in placed if date is not None and entry.moment.date == date
    }
    for index, labelled in enumerate(page.rows):
        text = labelled.row.text
        if index == 0 and is_status_bar(labelled):
            continue
        for match in _CLOCK.finditer(text):
            time = _time(match.groupdict())
            if time is None or (index not in dated and _is_of_hours(text, match)):
                continue
            beside_day = index not in dated and _DAY.search(text[: match.start()]) is not None
            kinds = [
                name
                for known, name in _LABELLED.items()
                for label in labelled.labels
                if known in label.kinds and label.end <= match.start()
            ]
            near = min((abs(index - row) for row in date_rows), default=9)
            features = {
                kinds[-1] if kinds else "unlabelled": 1.0,
                "same_row": float(near == 0),
                "next_row": float(near == 1),
                "seconds": float(time.count(":") == 2),
                "beside_day": float(beside_day),
            }
            place = Place(index, match.start(), match.end())
            yield Candidate(time, page.evidence(place), None, features)
