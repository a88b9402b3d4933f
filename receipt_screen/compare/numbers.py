"""Two pages → which numbers stand on both, and in place of which another one surely stands.

A paper photographed again says the same in every line, as far as it can be read; another purchase
says another number in some. A number misread is no other one: only digits that were surely read on
both sides, in lines that say the same otherwise, tell two numbers apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from operator import ne

from rapidfuzz import fuzz

from receipt_screen.compare.tokens import LEAST_DIGITS, surely_differ
from receipt_screen.records import Findings, Line

LEAST_TEXT = 3
"""Characters of a line that can be told from others."""
LEAST_LIKE = 0.45
"""Likeness from which on two lines may be one; their places count against it."""
SAME_FORM = 80.0
"""Per cent in which two lines agree, digits apart, for other numbers in them to be others."""
IN_PLACE = 0.7
"""Least confidence of a number's digits for each to stand in its place: where one was lost and
another doubled, the digits between have slipped."""
SURELY_READ = 0.9
"""Least confidence of every digit of a number by which a paper is known again."""

_NUMBER = re.compile(r"\d(?:[,.\-:/*]?\d)*")
_PLAIN = re.compile(rf"(?<![\d,.\-:/*])\d{{{LEAST_DIGITS},}}(?![\d,.\-:/*])")
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"\D")
_A_SUM = re.compile(r"\d+00")
_A_DAY = re.compile(r"(20)?[23]\d(0?[1-9]|1[0-2])(0?[1-9]|[12]\d|3[01])|(19|20)\d\d")


@dataclass(frozen=True)
class Numbers:
    """What two pages say of each other, number by number."""

    otherwise: int
    """How many numbers surely are others, the shop's apart."""
    by_a_digit: int
    """How many of them are others by a single digit."""
    alike: int
    """How many, the shop's apart, were surely read and are the same."""
    own: bool
    """One of them is neither a sum nor a day."""


def compare_numbers(earlier: Findings, later: Findings) -> Numbers:
    """The numbers in lines of two pages that say the same otherwise."""
    before, after = _rows(earlier.page.lines), _rows(later.page.lines)
    both = _all(before) & _all(after)
    purchases = set(earlier.prints.text.numbers) & set(later.prints.text.numbers)
    others: set[tuple[str, str]] = set()
    alike: set[str] = set()
    own: set[str] = set()
    for one, other in _paired(before, after):
        alike |= one.sure & other.sure & purchases
        own |= one.own & other.own & purchases
        if fuzz.ratio(one.form, other.form) >= SAME_FORM:
            others |= set(_others(one, other))
    shops = _shops(earlier) | _shops(later)
    told = {pair for pair in others if not (both | shops).intersection(pair)}
    single = sum(sum(map(ne, *pair)) == 1 for pair in told)
    return Numbers(otherwise=len(told), by_a_digit=single, alike=len(alike), own=bool(own))


@dataclass(frozen=True)
class _Number:
    text: str
    sure: tuple[float, ...]
    runners_up: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """A line without spaces, and how far down it stands among the lines of its page."""

    line: Line
    place: float

    @cached_property
    def text(self) -> str:
        return self.line.text.replace(" ", "")

    @cached_property
    def form(self) -> str:
        return _DIGIT.sub("0", self.text)

    @cached_property
    def numbers(self) -> tuple[_Number, ...]:
        kept = [at for at, sign in enumerate(self.line.text) if sign != " "]
        found = _NUMBER.finditer(self.text)
        spans = ([kept[at] for at in range(*match.span())] for match in found)
        numbers = (self._number(span) for span in spans)
        return tuple(number for number in numbers if len(number.text) >= LEAST_DIGITS)

    @cached_property
    def sure(self) -> frozenset[str]:
        """The numbers that were surely read."""
        return frozenset(each.text for each in self.numbers if min(each.sure) >= SURELY_READ)

    @cached_property
    def own(self) -> frozenset[str]:
        """The plain numbers, surely read, by which a paper may be known again."""
        found = (match.span() for match in _PLAIN.finditer(self.line.text))
        numbers = (self._number(list(range(*span))) for span in found)
        return frozenset(
            number.text
            for number in numbers
            if min(number.sure) >= SURELY_READ
            and not _A_SUM.fullmatch(number.text)
            and not _A_DAY.fullmatch(number.text)
        )

    def _number(self, span: Sequence[int]) -> _Number:
        line = self.line
        digits = [at for at in span if line.text[at].isdigit()]
        sure, others = line.characters, line.runners_up
        return _Number(
            "".join(line.text[at] for at in digits),
            tuple(sure[at] if sure else line.confidence for at in digits),
            tuple(others[at] if others else "" for at in digits),
        )


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """The lines from the top down."""
    ordered = sorted(lines, key=lambda line: line.quad.box.top + line.quad.box.bottom)
    return [_Row(line, place / len(ordered)) for place, line in enumerate(ordered)]


def _paired(before: Sequence[_Row], after: Sequence[_Row]) -> Iterator[tuple[_Row, _Row]]:
    """Lines that say the same, the likest first; each stands in one pair."""
    alike = [
        (likeness, one, other)
        for (one, row), (other, opposite) in product(enumerate(before), enumerate(after))
        if (likeness := _likeness(row, opposite)) > LEAST_LIKE
    ]
    left, right = set(range(len(before))), set(range(len(after)))
    for _, one, other in sorted(alike, reverse=True):
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            yield before[one], after[other]


def _likeness(one: _Row, other: _Row) -> float:
    """Up to 1: in text and in form, less for lines that stand elsewhere."""
    if min(len(one.text), len(other.text)) < LEAST_TEXT:
        return 0.0
    alike = fuzz.ratio(one.text, other.text) + fuzz.ratio(one.form, other.form)
    return (alike / 100 - abs(one.place - other.place)) / 2


def _others(one: _Row, other: _Row) -> Iterator[tuple[str, str]]:
    """The numbers of one line that surely are others in its like."""
    if len(one.numbers) == len(other.numbers):
        for before, after in zip(one.numbers, other.numbers, strict=True):
            if _contradict(before, after):
                yield before.text, after.text


def _contradict(before: _Number, after: _Number) -> bool:
    """Numbers of one length with a digit that was surely read on both, and isn't the same."""
    if len(before.text) != len(after.text) or min(*before.sure, *after.sure) < IN_PLACE:
        return False
    return any(
        surely_differ(one, other, sure, too)
        and one != after.runners_up[at]
        and other != before.runners_up[at]
        for at, (one, other, sure, too) in enumerate(
            zip(before.text, after.text, before.sure, after.sure, strict=True)
        )
    )


def _all(rows: Sequence[_Row]) -> set[str]:
    return {number.text for row in rows for number in row.numbers}


def _shops(findings: Findings) -> set[str]:
    """The numbers of the shop, which are no purchase's even where they are misread."""
    fields = findings.fields
    printed = (found.value for found in (fields.business_number, fields.phone))
    return {_NO_DIGIT.sub("", value) for value in printed if value}
