"""Who sold and who bought: tax invoices and statements name both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind, compact

BLOCK = 7
"""A heading's block has at most this many rows."""
_ABOUT, LONGEST_HEADING = "정보", 16
"""How the heading of a block ends; a longer row is a sentence."""
_NO_HEADING = r"(?!\s*[(（]?\s*(?:용|보관|제출|귀하|의))"
_HEADING = re.compile(rf"공\s*급\s*(?P<buyer>받\s*는\s*)?자{_NO_HEADING}")
"""공급자, 공급받는자; 공급받는자용 tells whose copy of the form it is."""
_NAMES_A_PARTY = frozenset({LabelKind.MERCHANT, LabelKind.BUSINESS_NUMBER})


@dataclass(frozen=True)
class _Headings:
    """The words of `parties.toml`."""

    handlers: tuple[str, ...]
    companies: tuple[str, ...]
    sellers: tuple[str, ...]


@cache
def _headings() -> _Headings:
    """What tells of whom a block is."""
    words = read_table("parties.toml")
    return _Headings(**{name: tuple(each) for name, each in words.items()})


def is_buyers(page: LabelledPage, place: Place) -> bool:
    """Whether what stands at a place is told of the buyer.

    It stands below or behind 공급받는자, or behind a label that its row has twice: the seller's
    half of a form is on the left.
    """
    for row in range(place.row, max(-1, place.row - BLOCK), -1):
        headings = [
            match
            for match in _HEADING.finditer(page.rows[row].row.text)
            if row < place.row or match.end() <= place.start
        ]
        if headings and not _are_one_cell(page, row, headings):
            return bool(_heading_over(page, row, headings, place)["buyer"])
        if row < place.row and page.rows[row].has(LabelKind.HEADER):
            break
    return _is_second_half(page, place)


def is_handlers(page: LabelledPage, place: Place) -> bool:
    """Whether what stands at a place is told of who only handles the payment: behind 결제대행사
    or a company of that kind in its row, or below it, or below 결제대행사 정보.
    """
    words = _headings()
    before = compact(page.rows[place.row].row.text[: place.start])
    if before.startswith((*words.handlers, *words.companies)):
        return True
    for row in range(place.row - 1, max(-1, place.row - BLOCK), -1):
        text = compact(page.rows[row].row.text)
        if page.rows[row].has(LabelKind.MERCHANT) and any(each in text for each in words.companies):
            return True
        if text.endswith(_ABOUT) and len(text) <= LONGEST_HEADING:
            return text.startswith(words.handlers)
        if text.endswith(words.sellers):
            return False
    return False


def _are_one_cell(page: LabelledPage, row: int, headings: list[re.Match[str]]) -> bool:
    """Whether both headings were read as one cell, so that neither tells where its column is."""
    return len(headings) > 1 and any(
        start <= headings[0].start() and headings[-1].end() <= end
        for _, start, end in page.rows[row].row.spans
    )


def _heading_over(
    page: LabelledPage, row: int, headings: list[re.Match[str]], place: Place
) -> re.Match[str]:
    """Of headings side by side, the last that begins no further right than the place."""
    if row == place.row:
        return headings[-1]
    left = page.evidence(place).quad.box.left + page.line_height
    lefts = [
        page.evidence(Place(row, match.start(), match.end())).quad.box.left for match in headings
    ]
    above = [match for match, x in zip(headings, lefts, strict=True) if x <= left]
    return above[-1] if above else headings[0]


def _is_second_half(page: LabelledPage, place: Place) -> bool:
    words = [
        label.word
        for label in page.rows[place.row].labels
        if label.end <= place.start and label.is_any(_NAMES_A_PARTY)
    ]
    return bool(words) and words[-1] in words[:-1]


def is_under_seller(page: LabelledPage, row: int) -> bool:
    """Whether a row stands in a block headed 판매자: a second shop on a delivery slip."""
    above = [label.word for r, label in page.labels(LabelKind.MERCHANT) if r <= row]
    return bool(above) and is_sellers(above[-1])


def is_sellers(word: str) -> bool:
    """Whether a label says outright that the shop is the seller."""
    return word.startswith("판매자")
