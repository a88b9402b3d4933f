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
_SUM = re.compile(
    rf"(?<![가-힣\d])(?<!\d\s)(?:[일얼]?\s?금\s*)?(?P<sum>{_SIGN}(?:\s?{_SIGN})+)\s{{0,4}}원"
    r"\s?(?:정|(?![가-힣]))"
)
"""A sum in words ends with 원 or 원정; 30만원 isn't one."""


_ROUND = re.compile(
    r"(?<![\d.,])(?P<man>\d{1,4})\s?만\s?(?:(?P<cheon>\d)\s?천)?\s?원"
    r"(?!\s?(?:이상|이하|미만|초과|까지|부터|당|씩|권|할인|쿠폰|상당|짜리|단위))"
)
"""10만원, 5만 5천원; a condition or a denomination is no sum."""


@dataclass(frozen=True)
class WordedSum:
    """A sum in words in a text, at `text[start:end]`."""

    value: Won
    start: int
    end: int


def sums_in_words(text: str) -> Iterator[WordedSum]:
    """All sums of a thousand and more that a text has in words."""
    for match in _SUM.finditer(text):
        value = _value(re.sub(r"\s", "", match["sum"]))
        if value >= 1000:
            yield WordedSum(value, match.start("sum"), match.end("sum"))


def round_sums(text: str) -> Iterator[WordedSum]:
    """All sums of a text that have digits for 만 and 천; a label has to say what they are."""
    for match in _ROUND.finditer(text):
        value = int(match["man"]) * 10_000 + int(match["cheon"] or 0) * 1000
        yield WordedSum(value, match.start(), match.end())


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
