"""Sums of money as receipts print them in digits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from receipt_screen.fields.digits import DIGIT, LOOK_ALIKES
from receipt_screen.records import Won

MAX_AMOUNT: Won = 100_000_000

_COUNTERS = "개월일년분회점명층호번시초잔매병인봉"
"""Counting words: what stands before them is no money."""
_GROUPED = rf"(?=\s?{DIGIT}{{1,3}}[,.]{DIGIT}{{3}}(?!{DIGIT}))"
_WON_SIGN = rf"[₩￦\\¥￥]|[Ww]{_GROUPED}|KRW"
"""Readers take ₩ for a yen sign and for a W."""
_BEFORE = (
    r"(?:(?<![0-9A-Za-z.,:/*#%])|(?<=[가-힣)\]\s][.,:/])|(?<=[A-Za-z]:)|(?<=\.\.)|(?<=TOTAL)|(?<=AMOUNT))"
    rf"(?<![0-9A-Za-z*]-)(?:[*#]{_GROUPED})?"
)
"""No part of a date, a mask or a longer number; a colon or TOTAL may touch the sum, and cash
registers set a star or a hash before it."""
_BEHIND_GROUPS = (
    r"(?<=[,.]\d{3})"
    r"(?:(?=[/*-](?![0-9*]))|(?=[면과비](?![가-힣]))|(?=(?:W|KRW|VAT|T)(?![0-9A-Za-z])))"
)
"""Signs that tills set behind a sum with a comma: how it is taxed, that it has ended."""
_BEHIND_WON = (
    r"(?<=[,.]\d{3}원)"
    r"(?!권|짜리|이|미만|초과|까지|부터|당|씩|대|할인|쿠폰|상당|단위|마다|[을은의에과와로으~])"
)
"""The next column may touch 원; a denomination or a condition is no sum."""
_BRACKET = r"(?:(?<![원정])(?<![원정]\s)(?P<bracket>\()|\()"
"""A bracket around a sum is a minus, but not behind the same sum in words: 십만원정 (100,000)."""
_MONEY = re.compile(
    rf"{_BEFORE}(?P<minus>[-−△▲]\s?|{_BRACKET}\s?)?(?P<sign>(?:{_WON_SIGN})\s?)?"
    rf"(?P<number>{DIGIT}{{1,3}}(?:(?:\s?[,.]\s?|_){DIGIT}{{3}}(?!{DIGIT})| 000(?!{DIGIT}))+"
    rf"|{DIGIT}+)(?P<broken>[,._]\s?{DIGIT}+)?"
    rf"(?:(?P<won>\s?(?:원[을이]?|[웬윈워]|KRW))|(?!\s[{_COUNTERS}]))"
    rf"(?:(?![0-9A-Za-z*:/%~-])(?!\s?[,._]\s?{DIGIT}| 000)(?![가-힣])"
    rf"|{_BEHIND_GROUPS}|{_BEHIND_WON})"
)


@dataclass(frozen=True)
class Money:
    """A sum of money in a text, at `text[start:end]`."""

    value: Won
    start: int
    end: int
    negative: bool
    marked: bool
    """It has thousands separators, a won sign, or is below 1,000 and needs none."""
    signed: bool = False
    """A won sign or 원 stands beside it."""


def find_money(text: str) -> tuple[Money, ...]:
    """All sums of money in a text; numbers that lost a digit (`100,00`) are left out."""
    found = (_money(match) for match in _MONEY.finditer(text))
    return tuple(money for money in found if money is not None)


def _money(match: re.Match[str]) -> Money | None:
    number = match["number"]
    if match["broken"] or not any(character.isdigit() for character in number):
        return None
    digits = re.sub(r"[\s,._]", "", number).translate(LOOK_ALIKES)
    grouped = len(digits) < len(number)
    if len(digits) > 9 or (len(digits) > 1 and digits[0] == "0") or int(digits) > MAX_AMOUNT:
        return None
    signed = bool(match["won"] or match["sign"])
    return Money(
        int(digits),
        match.start("number"),
        match.end(),
        negative=_is_negative(match),
        marked=grouped or len(digits) <= 3 or signed,
        signed=signed,
    )


def _is_negative(match: re.Match[str]) -> bool:
    """Whether a minus stands before a sum, or a bracket and no won sign: (₩100,000) explains."""
    minus = (match["minus"] or "").strip()
    signed = bool(match["won"] or match["sign"])
    return bool(match["bracket"]) and not signed if minus == "(" else bool(minus)


def stands_alone(text: str, money: Money) -> bool:
    """Whether a row holds nothing but one sum, as the headline of an app does."""
    return not any(sign.isalnum() for sign in text[: money.start] + text[money.end :])
