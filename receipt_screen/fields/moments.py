"""Dates and times as receipts print them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from receipt_screen.fields.digits import DIGIT, LOOK_ALIKES

FIRST_YEAR, LAST_YEAR = 2000, 2049
WEEKDAYS = "월화수목금토일"
_SEPARATOR = r"\s?[-–./,~]\s?"
_APART = r"\s{0,2}[-–./,~]\s{0,2}"
"""A separator behind which the paper was torn in two, or the reading was."""
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
    rf"\s?시\s?(?P<minute_said>{DIGIT}{{1,2}})(?!{DIGIT})"
    rf"(?:\s?분\s?(?P<second_said>{DIGIT}{{1,2}})\s?초)?"
)
"""10시49분, 10시 49분 05초; a 분 that can't be read doesn't matter."""
_HALF_BEHIND = r"(?:\s?(?P<half_behind>AM|PM|am|pm)(?![A-Za-z]))?"
_TIME = (
    rf"(?:[\sT]*(?P<half>{_HALF})?\s*(?P<hour>{DIGIT}{{1,2}})"
    rf"(?:(?:\s?[:;]\s?|\.(?={DIGIT}{{2}}(?!{DIGIT})))(?P<minute>{DIGIT}{{2}})"
    rf"(?:\s?[:;.]\s?(?P<second>{DIGIT}{{2}}))?{_HALF_BEHIND}|{_IN_WORDS}))?"
)
"""A colon is easily read as a point; behind a date it still is a time."""
_CLOCK_BEHIND = r"\s{1,2}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?!\d)"
"""Six digits behind the eight of a day."""
_MONTH_AND_DAY = tuple(
    rf"{first}(?P<month>{DIGIT}{{1,2}}){second}(?P<day>{DIGIT}{{1,2}})(?!{DIGIT})\.?"
    for first, second in (
        (_SEPARATOR, r"\s{1,2}"),
        (r"\s{1,2}", _SEPARATOR),
        (_SEPARATOR, _SEPARATOR),
    )
)
"""A month and a day of which one separator was lost, or is another sign than the other."""
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH_NAME = rf"(?P<month>(?i:{'|'.join(_MONTH_NAMES)}))(?i:[a-z]{{0,6}})"
_FORMATS = (
    # 2025-01-14, 2025. 1. 4., 2025/01/14
    rf"(?P<year>20{DIGIT}{{2}}){_APART}(?P<month>{DIGIT}{{1,2}}){_APART}(?P<day>{DIGIT}{{1,2}})"
    rf"(?!{DIGIT})\.?" + _WEEKDAY + _TIME,
    # 2025년 1월 14일, 25년01월14일
    rf"(?P<year>(?:20)?{DIGIT}{{2}}){_YEAR_SIGN}(?P<month>{DIGIT}{{1,2}}){_GAP}월{_GAP}(?P<day>{DIGIT}{{1,2}})"
    rf"{_GAP}일" + _WEEKDAY + _TIME,
    # 2025넌 1윌 14얼
    rf"(?P<year>20{DIGIT}{{2}}){_GAP}{_LIKE_YEAR}{_GAP}(?P<month>{DIGIT}{{1,2}}){_GAP}{_LIKE_MONTH}"
    rf"{_GAP}(?P<day>{DIGIT}{{1,2}}){_GAP}{_LIKE_DAY}" + _WEEKDAY + _TIME,
    # 25/01/14, 25.01.14, 25-01-14
    rf"(?<![-./])(?P<year>{DIGIT}{{2}})(?P<separator>[-./])\s?(?P<month>{DIGIT}{{1,2}})(?P=separator)"
    rf"\s?(?P<day>{DIGIT}{{1,2}})(?![-./]?{DIGIT})" + _WEEKDAY + _TIME,
    # 25-01-1410:12:33: no space before the time
    rf"(?<!\d[-./])(?P<year>{DIGIT}{{2}})(?P<separator>[-./])(?P<month>[01]{DIGIT})(?P=separator)"
    rf"(?P<day>[0-3]{DIGIT})(?={DIGIT}{{2}}:{DIGIT}{{2}})" + _TIME,
    # 2025-02-21111 16:56: the weekday in brackets was read as digits before the time
    rf"(?P<year>20{DIGIT}{{2}})(?P<separator>[-./])\s?(?P<month>[01]{DIGIT})(?P=separator)\s?"
    rf"(?P<day>[0-3]{DIGIT})[1lI|]\S{{1,2}}(?=\s{DIGIT}{{1,2}}:{DIGIT}{{2}})" + _TIME,
    # 20250114 101233
    r"(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)" + _CLOCK_BEHIND,
    # 2022-0819, 202208-19, 2022 08 19: separators lost in reading
    rf"(?P<year>20{DIGIT}{{2}})[-./\s]?(?P<month>[01]{DIGIT})[-./\s]?(?P<day>[0-3]{DIGIT})"
    rf"(?=\s|$|{DIGIT}{{2}}:)" + _WEEKDAY + _TIME,
    # 2025. 1 24, 2025  1.24
    *(rf"(?P<year>20{DIGIT}{{2}})" + rest + _WEEKDAY + _TIME for rest in _MONTH_AND_DAY),
    # 25.01 31 12:37: two digits for the year are believed with a time behind them
    *(
        rf"(?<![-./,])(?P<year>{DIGIT}{{2}}){rest}(?=\s{DIGIT}{{1,2}}\s?:\s?{DIGIT}{{2}})" + _TIME
        for rest in _MONTH_AND_DAY
    ),
    # 24-Jan-2025, 24 JAN 25
    rf"(?P<day>{DIGIT}{{1,2}})[-./\s]?{_MONTH_NAME}[-./,\s]{{1,2}}(?P<year>(?:20)?{DIGIT}{{2}})(?!{DIGIT})"
    + _TIME,
    # Jan 24, 2025
    rf"(?<![A-Za-z]){_MONTH_NAME}[-./\s]{{1,2}}(?P<day>{DIGIT}{{1,2}})[-./,\s]{{1,2}}(?P<year>20{DIGIT}{{2}})(?!{DIGIT})"
    + _TIME,
    # 01-24-2025, 24/01/2025: cash registers, where one of the two can't be a month
    *(
        rf"(?<![-./])(?P<{first}>{one})(?P<separator>[-./])(?P<{second}>{other})(?P=separator)"
        rf"(?P<year>20{DIGIT}{{2}})(?![-./]?{DIGIT})" + _WEEKDAY + _TIME
        for first, second, one, other in (
            ("month", "day", r"0\d|1[0-2]", r"1[3-9]|2\d|3[01]"),
            ("day", "month", r"1[3-9]|2\d|3[01]", r"0\d|1[0-2]"),
        )
    ),
)
_PRINTED = tuple(re.compile(rf"(?<!{DIGIT})" + form) for form in _FORMATS)
_COMPACT = re.compile(
    r"(?<!\d)(?<!\d\s)(?<!\d\s\s)(?P<year>(?:20)?\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:\s?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?P<extra>[1-7])?)?(?!\d)"
)
"""Digits in a row, believed only on a label: 20250114101233, 2501141324, 250114 (KICC adds a
weekday digit). Behind other digits they are the end of something torn."""
_STAMP = re.compile(
    r"(?<![\d*-])(?P<year>\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)(?P<hour>[0-2]\d)"
    r"(?P<minute>[0-5]\d)(?P<second>[0-5]\d)\s?(?P<number>[1-7])(?!\d)"
)
"""2501141012333: a terminal's stamp, whose last digit counts the days of the week from Sunday."""
_SHORT = tuple(
    re.compile(rf"(?<![\d.,/-])(?P<year>{DIGIT}{{2}}){rest}(?![-./,]?{DIGIT}|\s?:)")
    for rest in (
        *_MONTH_AND_DAY,
        rf"\s{{1,4}}(?P<month>{DIGIT}{{1,2}})\s{{1,4}}(?P<day>{DIGIT}{{1,2}})(?!{DIGIT})",
    )
)
"""25. 3 2, 25, 2. 28, 25  2  28: separators lost, misread or printed above as 년 월 일, so believed
only on a label, too."""
_DIGITS_OF_A_DATE = re.compile(
    r"(?<![\d.,/-])(?P<year>\d{4}|(?<!\S)0\d\d|\d\d)(?:\s?[-./]\s?|\s?년\s?)(?P<month>\d\d)"
    r"(?:\s?[-./]\s?|\s?월\s?)(?P<day>\d\d)(?![\d.,/-])" + _WEEKDAY + _TIME
)
_FIRST_DIGITS = {"year": ("2", "0"), "month": ("01",), "day": ("0123",)}
"""What the first digits of a year of four, a month and a day can be."""
_LOOKS_LIKE = {"6": "0", "8": "0", "9": "0", "7": "1", "4": "1"}
"""What an impossible first digit was: a slashed nought passes for 6 and 8 with every reader. A
year's can only be one."""
_COMPACT_TIME = re.compile(
    r"^\W{0,3}(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?=\W|$)"
)
_CLOCK = re.compile(
    rf"(?<![\d:])(?<!\d\.)(?P<half>{_HALF})?\s*(?P<hour>{DIGIT}{{1,2}})"
    rf"(?:(?:\s?:\s?|\.(?={DIGIT}{{2}}:{DIGIT}{{2}}(?!{DIGIT})))(?P<minute>{DIGIT}{{2}})"
    rf"(?:\s?[:.]\s?(?P<second>{DIGIT}{{2}}))?(?![\d:]){_HALF_BEHIND}|{_IN_WORDS})"
)
DAY_OF_A_YEAR = r"\d{1,2}\s?(?:[./-]|월)\s?\d{1,2}일?"
"""A day without a year, as a pattern: no date, but messages print it, and it stands by a time."""
SURE_CLOCK = re.compile(r"(?:(?:오늘|어제)\s*)?(?:오전|오후)?\s*(?<!\d)\d{1,2}:\d{2}(?!\d)")
"""A time that is one wherever it stands, none of its digits read as a letter."""


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


@dataclass(frozen=True)
class Clock:
    """A time as printed, at `text[start:end]`."""

    time: str
    """`HH:MM` or `HH:MM:SS`."""
    start: int
    end: int


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
    """All dates of which one digit is impossible, as in 2625-01-14, and taken for another, or lost
    at the paper's edge, as in 025-01-14.
    """
    mended = (_mended(match) for match in _DIGITS_OF_A_DATE.finditer(text))
    return tuple(moment for moment in mended if moment is not None)


def _mended(match: re.Match[str]) -> Moment | None:
    read = {name: match[name] for name in _FIRST_DIGITS}
    if len(read["year"]) == 3:
        read["year"] = f"_{read['year']}"
    parts = {name: _possible(digits, name) for name, digits in read.items()}
    changed = sum(
        one != other
        for name, part in parts.items()
        for one, other in zip(part, read[name], strict=True)
    )
    date = _date(parts["year"], parts["month"], parts["day"]) if changed == 1 else None
    if date is None:
        return None
    groups = match.groupdict()
    return Moment(
        date, _clock_time(groups), _printed_weekday(groups), match.start(), match.end(), mended=True
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
    return Moment(date, _clock_time(groups), weekday, match.start(), match.end(), compact)


def _printed_weekday(groups: dict[str, str | None]) -> int | None:
    weekday = groups.get("weekday")
    return WEEKDAYS.index(weekday) if weekday else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    if (name := month[:3].upper()) in _MONTH_NAMES:
        month = str(_MONTH_NAMES.index(name) + 1)
    numbers = [int(part.translate(LOOK_ALIKES)) for part in (year, month, day)]
    full_year = numbers[0] if numbers[0] >= 1000 else 2000 + numbers[0]
    if not FIRST_YEAR <= full_year <= LAST_YEAR:
        return None
    try:
        return dt.date(full_year, numbers[1], numbers[2])
    except ValueError:
        return None


def _clock_time(groups: dict[str, str | None]) -> str | None:
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
    return int(text.translate(LOOK_ALIKES)) if text else None


def _on_the_full_clock(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if re.fullmatch(_AFTERNOON, half) else 0)


def find_times(text: str) -> tuple[Clock, ...]:
    """All clock times in a text."""
    clocks = (_clock(match, match.start()) for match in _CLOCK.finditer(text))
    return tuple(clock for clock in clocks if clock is not None)


def find_compact_time(text: str) -> Clock | None:
    """The digits in a row that a text begins with; only a label makes a time of them."""
    match = _COMPACT_TIME.match(text)
    return _clock(match, match.start("hour")) if match else None


def _clock(match: re.Match[str], start: int) -> Clock | None:
    time = _clock_time(match.groupdict())
    return Clock(time, start, match.end()) if time is not None else None
