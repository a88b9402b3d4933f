"""Sums in words, as hands and forms write them: 일금 일십오만원정, 15만원."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from receipt_screen.records import Won

_DIGITS = {sign: value for value, sign in enumerate("영일이삼사오육칠팔구")} | {
    "공": 0,
    "륙": 6,
    "壹": 1,
    "貳": 2,
    "參": 3,
}
_TENS = {"십": 10, "백": 100, "천": 1000}
_GROUPS = {"억": 100_000_000, "만": 10_000}
_SIGN = f"[{''.join((*_DIGITS, *_TENS, *_GROUPS))}]"
_NUMERALS = rf"{_SIGN}(?:\s?{_SIGN})+"
_SUM = re.compile(
    rf"(?<![가-힣\d])(?<!\d\s)(?:[일얼]?\s?금\W*(?P<named>{_NUMERALS})\s{{0,4}}원"
    rf"|(?P<ended>{_NUMERALS})\s{{0,4}}원(?:\s?정|(?!\s*[가-힣\d])))"
)
"""A sum in words follows 일금 or ends with 원정; 30만원 and 오만원 이상 are none."""
_ROUND = re.compile(
    r"\W*(?P<sum>(?P<man>\d{1,4})\s?만\s?(?:(?P<cheon>\d)\s?천)?\s?원)\s?정?(?:[^\w]|$)(?:\(.*)?\W*$"
)
"""10만원, 5만 5천원 and nothing else behind a label: in sentences it is a condition."""


@dataclass(frozen=True)
class WordedSum:
    """A sum in words in a text, at `text[start:end]`."""

    value: Won
    start: int
    end: int


def sums_in_words(text: str) -> Iterator[WordedSum]:
    """All sums of a thousand and more that a text has in words."""
    for match in _SUM.finditer(text):
        part = "named" if match["named"] else "ended"
        value = _value(re.sub(r"\s", "", match[part]))
        if value >= 1000:
            yield WordedSum(value, match.start(part), match.end(part))


def round_sum(text: str) -> WordedSum | None:
    """The sum with digits for 만 and 천 that is all of a text; a label has to say what it is."""
    match = _ROUND.match(text)
    if match is None:
        return None
    value = int(match["man"]) * 10_000 + int(match["cheon"] or 0) * 1000
    return WordedSum(value, match.start("sum"), match.end("sum"))


def _value(words: str) -> int:
    """What numerals say: groups of ten thousands, in which a digit may stand before each unit."""
    total = group = digit = 0
    for sign in words:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _TENS:
            group += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            total += (group + digit or 1) * _GROUPS[sign]
            group = digit = 0
    return total + group + digit
