"""Lines → what a receipt says apart from its shop: the numbers and words of this one purchase."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from receipt_screen.records import Fields, Found, Line, TextPrint

VERSION = 1
"""Of everything below: raise it whenever an unchanged page gives other numbers or words."""

LEAST_DIGITS = 4
"""A shorter number is a quantity or a price that half of a shop's receipts have."""
SERIAL_DIGITS = 6
"""From here on a number may be found again: approval, slip, order and terminal numbers."""
LEAST_LETTERS = 2

_NUMBER = re.compile(r"\d(?:[,.\-:/]?\d)*")
_WORD = re.compile(rf"[가-힣]{{{LEAST_LETTERS},}}")
_NO_DIGIT = re.compile(r"\D")


def print_text(lines: Sequence[Line], fields: Fields) -> TextPrint:
    """The numbers and words of a page, without those that every receipt of the shop prints.

    Numbers lose their separators, so that 1,000 and 1000 are one. `serials` are the long ones
    that are neither a date nor a sum: hardly another purchase has them.
    """
    own = [line.text for line in lines if not _is_of_the_shop(line, fields)]
    numbers = {number for text in own for number in _numbers(text)}
    words = {word for text in own for word in _WORD.findall(text)}
    sums = _sums(fields)
    serials = {n for n in numbers if len(n) >= SERIAL_DIGITS and n not in sums and not _is_day(n)}
    return TextPrint(
        version=VERSION,
        numbers=tuple(sorted(numbers)),
        serials=tuple(sorted(serials)),
        words=tuple(sorted(words)),
    )


def _numbers(text: str) -> Iterable[str]:
    plain = (_NO_DIGIT.sub("", number) for number in _NUMBER.findall(text))
    return (number for number in plain if len(number) >= LEAST_DIGITS)


def _is_of_the_shop(line: Line, fields: Fields) -> bool:
    """The line holds the shop's name, number, telephone or address."""
    shop: tuple[Found[Any], ...] = (
        fields.merchant,
        fields.business_number,
        fields.phone,
        fields.address,
    )
    printed = (found.text for found in shop if found.value is not None and found.text)
    bare = line.text.replace(" ", "")
    return any(text.replace(" ", "") in bare for text in printed)


def _sums(fields: Fields) -> set[str]:
    sums = fields.arithmetic
    known = [fields.amount.value, sums.supply, sums.vat, sums.tax_free, sums.total, *sums.items]
    return {str(number) for number in known if number}


def _is_day(number: str) -> bool:
    """It reads as YYYYMMDD or YYMMDD of this century."""
    return bool(re.fullmatch(r"(20)?[0-3]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", number))
