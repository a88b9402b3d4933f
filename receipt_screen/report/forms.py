"""What gives itself away on a row as private by its own form, whatever stands before it.

A long number is taken for a card's, because nobody needs it and its label may be misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from receipt_screen.fields.business_number import is_business_number
from receipt_screen.fields.rows import Row

UNSURE_LINE = 0.5
"""A line read less surely than this hides its numbers: nobody knows what they are."""
_SIGN = r"[0-9OoIl*xX●○＊#•×]"
_LONG = re.compile(rf"(?<![0-9A-Za-z*,]){_SIGN}(?:(?:\s|\s?[-–—.~_]{{1,2}}\s?)?{_SIGN}){{10,27}}")
"""Eleven signs and more of a number, some of them masked or misread, with separators."""
_MASK = re.compile(r"[*●○＊#•×]|[xX]{2}")
_PHONE = re.compile(
    r"(?<![0-9*-])(?:\+?82[-.\s]?)?(?:"
    r"[0Oo](?:2|[3-6][1-5]|70|1[016-9]|50\d|80)[-).\s]{0,3}[0-9*]{3,4}[-.\s]{0,2}[0-9*]{4}"
    r"|(?:01[016-9]|02|0[3-6][1-5]|070)[-.)]\S{2,6}[-.][0-9]{4}|[0-9A-Za-z]{2,3}-[0-9A-Za-z*]{3,4}-[0-9]{4}"
    r"|1[5-9][0-9]{2}[-.\s]{1,2}[0-9]{4}|(?<=[^\s0-9])[-)]\s?[0-9*]{3,4}[-.][0-9*]{4})(?![0-9*])"
)
"""… also with a misread group, or only its last two."""
_STAMP = re.compile(r"20[0-3]\d\D{0,2}[01]\d\D{0,2}[0-3]\d|2\d[01]\d[0-3]\d[0-2]\d{4,7}$")
"""Numbers of this form are times."""
_BUSINESS = re.compile(r"\d{2,3}\s?-\s?\d{2}\s?-\s?\d{5}")
_SHOPS_OWN = re.compile(_BUSINESS.pattern + r"|(?<!\d)\d{10}(?!\d)")
"""… or without its strokes."""
_OWNER = re.compile(r"(?<=[/|])\s*[가-힣]{2,4}\s*(?=[/|])|(?<=\d{5})\s*[가-힣]{2,4}(?=$|\s|/)")
"""A short word between strokes or right behind a number: the owner after the business number."""
_PERSON = re.compile(
    r"(?:(?:자|^명)\s{0,2}[:)\]]|(?:대\s{0,2}[가-힣]|[가-힣]\s{0,2}표)\s{0,2}자)\s*[가-힣]{2,4}(?=$|\s)"
)
"""What is left of 대표자 or 성명, and a name."""
_SEALED = re.compile(r"[가-힣]{2,4}\s{0,2}\(\s?인\s?\S?")
"""A name before the mark at which its owner puts a seal."""
_TAIL = re.compile(r"^[^\d,]{0,4}[\dOo]?[^\d,]{0,2}-\S{0,5}-[0-9*]{4}$")
"""A number that ends as a telephone's, after a word that may have been its label."""
_MASKED = re.compile(
    r"[0-9]{4,8}(?:[-\s]?[0-9]{2,4})?[-\s]?[*●○＊#•×]\W?[*●○＊#•×]+|[0-9]{4}[-\s.][0-9]{2}[*●○＊#•×]"
)
"""The beginning of a card whose end stands in another cell."""
_APPROVAL = re.compile(r"승\s?인[^0-9]{0,12}$")
_ADDRESSED = re.compile(r"[가-힣*○O]{2,4}\s?(?:귀하|고객님|님(?![가-힣]))")
_BROKEN_PHONE = re.compile(
    r"(?:(?<![\d,.*-])0(?:2|[3-6][1-5]|70|1[016-9])|(?:화|처|[Ll])\s?[.)\]:]{0,2}\s?:?\s*\w{2,4})"
    r"\s?-\s?(?:\d{1,4}\s?-?\s?\d{0,3})?$"
)
_BROKEN_CARD = re.compile(r"[0-9OoIl]{4}.{4,}\d{4}$")
_PHONE_REST = re.compile(r"-?[\dlI|]{1,4}(?:-\d{1,4})?$")
_PHONE_END = re.compile(r"^\d{0,4}-\d{4}$")
"""A cell of its own that can only be the end of a broken number."""
_CARD_SIGNS = 12
_WHOLE_CARD = range(15, 20)
_DIGITS = re.compile(r"\d+")


class Private(StrEnum):
    """Why something is hidden."""

    CARD = "card"
    EXPIRY = "expiry"
    PHONE = "phone"
    NAME = "name"
    NUMBER = "number"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Span:
    """A piece of a row's text that is to be hidden."""

    row: Row
    start: int
    end: int
    kind: Private
    certain: bool = False
    """It is no field that a reviewer decides on, whatever a field claims."""


def by_form(row: Row) -> Iterator[Span]:
    """The pieces of a row that are private by their form."""
    yield from _phones(row)
    yield from _long_numbers(row)
    yield from _persons(row)
    yield from _unsure(row)


def _phones(row: Row) -> Iterator[Span]:
    for cell, start, end in row.spans:
        # What stands beside a phone number is its owner's name, or the words before the two.
        broken = any(form.search(cell.text) for form in (_BROKEN_PHONE, _TAIL, _PHONE_END))
        if broken or any(_phone_forms(cell.text)):
            yield from _around_business(row, start, end)
    for match in _phone_forms(row.text):
        certain = re.search(r"[-.)]", match.group()) is not None
        yield Span(row, match.start(), match.end(), Private.PHONE, certain)


def _around_business(row: Row, start: int, end: int) -> Iterator[Span]:
    """A piece of a row without the shop's business number."""
    for number in _SHOPS_OWN.finditer(row.text, start, end):
        if "-" in number.group() or is_business_number(number.group()):
            yield Span(row, start, number.start(), Private.PHONE)
            start = number.end()
    yield Span(row, start, end, Private.PHONE)


def _phone_forms(text: str) -> Iterator[re.Match[str]]:
    """Numbers of a telephone's form that aren't a business number without its strokes."""
    return (form for form in _PHONE.finditer(text) if not is_business_number(form.group()))


def _long_numbers(row: Row) -> Iterator[Span]:
    for match in _MASKED.finditer(row.text):
        yield Span(row, match.start(), match.end(), Private.CARD, certain=True)
    for match in _LONG.finditer(row.text):
        if _may_be_card(match.group(), row.text[: match.start()]):
            yield _card(row, match.start(), match.end())


def _may_be_card(number: str, before: str) -> bool:
    masked = _MASK.search(number) is not None
    digits = len(re.findall(r"[0-9*●○＊#•×]", number))
    if digits < 8 or _STAMP.match(number) or _BUSINESS.search(number):
        return False
    if _DIGITS.fullmatch(number):  # a bar code, if it isn't as long as a card's number
        return digits in _WHOLE_CARD and not _APPROVAL.search(before)
    return masked or (_signs(number) >= _CARD_SIGNS and not _APPROVAL.search(before))


def _persons(row: Row) -> Iterator[Span]:
    text = row.text
    patterns = [_ADDRESSED, _PERSON, _SEALED]
    if _BUSINESS.search(text) or any(_phone_forms(text)) or re.search(r"\d{10}", text):
        patterns.append(_OWNER)
    for match in chain.from_iterable(pattern.finditer(text) for pattern in patterns):
        yield Span(row, match.start(), match.end(), Private.NAME)


def _signs(text: str) -> int:
    return len(re.findall(_SIGN, text))


def _card(row: Row, start: int, end: int) -> Span:
    """A card number without its last four digits; all of it where its end wasn't read."""
    tail, signs = end, 0
    while signs < 4 and tail > start:
        tail -= 1
        signs += re.match(_SIGN, row.text[tail]) is not None
    if not re.search(r"\d", row.text[tail:end]):
        tail = end
    text = row.text[start:end]
    certain = _signs(text) in _WHOLE_CARD or _MASK.search(text) is not None
    return Span(row, start, tail, Private.CARD, certain)


def _unsure(row: Row) -> Iterator[Span]:
    for cell, start, end in row.spans:
        if cell.confidence < UNSURE_LINE and len(re.findall(r"\d", cell.text)) >= 6:
            yield Span(row, start, end, Private.NUMBER)


def is_stamp(number: str) -> bool:
    """Whether a number begins as a time does: no card's and no telephone's do."""
    return _STAMP.match(number) is not None


def has_broken_phone(row: Row) -> bool:
    """Whether a cell ends within a phone number that the paper broke over two lines."""
    return any(_BROKEN_PHONE.search(cell.text) for cell in row.cells)


def is_phone_rest(text: str) -> bool:
    """Whether a cell may be the rest of a broken phone number."""
    return _PHONE_REST.match(text) is not None


def labelled_number(row: Row, start: int, end: int) -> Span:
    """The number at `start:end`, behind a word that calls it private; a card's last four stay."""
    text = row.text[start:end]
    forms = (_LONG.search(text), _BROKEN_CARD.search(text))
    card = max(filter(None, forms), key=lambda form: len(form.group()), default=None)
    if card is None:
        return Span(row, start, end, Private.NUMBER)
    return _card(row, start + card.start(), start + card.end())
