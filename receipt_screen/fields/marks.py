"""What a document says of itself: cancelled, reprinted, unpaid, and by what it was paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from receipt_screen.fields.date import dates_on, is_printed_again
from receipt_screen.fields.labels import PART, Label
from receipt_screen.fields.moments import Moment
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.rows import Row
from receipt_screen.fields.sums import MIN_AMOUNT, money_on, roles
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind, compact
from receipt_screen.records import Mark, MarkKind

TITLE_ROOM = 6
"""A heading holds at most this many letters beside its word."""
BY_WORD = 0.9
"""How sure a means of payment is that a word of cards or points tells."""
GIVEN_BACK = 0.7
"""How sure a sum that was given back makes a cancellation, where it was read without a doubt."""


@dataclass(frozen=True)
class _MarkWords:
    """The words of one mark in `documents.toml`."""

    title: tuple[str, ...]
    anywhere: tuple[str, ...]


@dataclass(frozen=True)
class _Words:
    """The words of marks in `documents.toml`, and those that take a mark back."""

    marks: dict[MarkKind, _MarkWords]
    means: dict[MarkKind, tuple[str, ...]]
    sentences: tuple[str, ...]
    notices: tuple[str, ...]
    buttons: frozenset[str]


@cache
def _words() -> _Words:
    raw = read_table("documents.toml")
    return _Words(
        marks={
            MarkKind(kind): _MarkWords(
                tuple(compact(word) for word in words["title"]),
                tuple(compact(word) for word in words["anywhere"]),
            )
            for kind, words in raw["marks"].items()
        },
        means={MarkKind(kind): tuple(words) for kind, words in raw["means"].items()},
        sentences=tuple(raw["sentences"]["words"]),
        notices=tuple(raw["notices"]["words"]),
        buttons=frozenset(raw["buttons"]["words"]),
    )


def find_marks(page: LabelledPage, *, app: bool = False) -> tuple[Mark, ...]:
    """Everything the receipt says of itself that rules may ask about.

    `app`: it is a screen of an app, which sets what was paid with a minus.
    """
    marks = [mark for index in range(len(page.rows)) for mark in _marks_in(page, index, app=app)]
    marks += _original_sale(page)
    marks += _printed_again(page)
    marks += _negative_total(page, LabelKind.DUE, *(() if app else (LabelKind.CHARGED,)))
    marks += _given_back_in_message(page)
    marks += _cancelled_on_card(page)
    marks += _means_of_payment(page)
    return tuple(marks)


def _marks_in(page: LabelledPage, index: int, *, app: bool) -> Iterator[Mark]:
    row = page.rows[index].row
    squeezed = compact(row.text)
    for kind, words in _words().marks.items():
        word = _title_word(row.text, words.title)
        anywhere = () if _is_notice_of(kind, row) else words.anywhere
        if word is None or _is_button(row, word, app=app):
            word = next((each for each in anywhere if each in squeezed), None)
        if word is not None:
            confidence = min(cell.confidence for cell in row.cells)
            yield Mark(kind=kind, text=word, confidence=confidence, quad=row.quad)


def _is_notice_of(kind: MarkKind, row: Row) -> bool:
    """Whether a row only tells where gift certificates are taken, given or not given back."""
    if kind is not MarkKind.GIFT_CERTIFICATE or any(m.marked for m in find_money(row.text)):
        return False
    return any(word in compact(row.text) for word in _words().notices)


def _is_button(row: Row, word: str, *, app: bool) -> bool:
    """Whether a word offers what one can do, beside another button: 영수증 보기, 결제 취소."""
    cells = {compact(cell.text) for cell in row.cells}
    if not app:
        # On paper one alone is a title: 영수증(재출력).
        cells.discard(compact(row.text))
    rest = compact(row.text).replace(word, "", 1)
    return bool((cells | {rest}) & _words().buttons)


def _title_word(text: str, words: tuple[str, ...]) -> str | None:
    """The word that a row is the heading of; None for sentences and longer rows."""
    squeezed = compact(text)
    if "겸영수증" in squeezed or any(word in squeezed for word in _words().sentences):
        return None
    letters = re.sub(r"[0-9]", "", squeezed)
    for word in words:
        short = len(word) <= 2
        room = 0 if short else TITLE_ROOM
        if word in letters and len(letters) <= len(word) + room:
            return word
    return None


def _original_sale(page: LabelledPage) -> Iterator[Mark]:
    """원승인번호 with a number behind it: the slip takes an earlier sale back."""
    for row, label in page.labels(LabelKind.ORIGINAL_APPROVAL):
        place = page.beside(row, label)
        if re.search(r"\d{6,}", page.text(place)):
            yield _mark_at(page, place, MarkKind.CANCELLATION, label.word, label.score)


def _printed_again(page: LabelledPage) -> Iterator[Mark]:
    """재출력일시 with a later moment than the sale: with the same one it was printed once."""
    dates = dates_on(page)
    for entry in dates:
        sales = (other.moment for other in dates if other.kind != "never_date")
        if is_printed_again(entry) and any(_is_before(sale, entry.moment) for sale in sales):
            yield _mark_at(page, entry.place, MarkKind.REPRINT, page.text(entry.place))


def _is_before(one: Moment, other: Moment) -> bool:
    """Whether one moment is before another; of one day when both times are known."""
    if one.date != other.date or one.time is None or other.time is None:
        return one.date < other.date
    return one.time[:5] < other.time[:5]


def _negative_total(page: LabelledPage, *kinds: LabelKind) -> Iterator[Mark]:
    for found in money_on(page, *kinds):
        given_back = found.money.negative or _names_what_was_given_back(found.label)
        if given_back and found.money.value >= MIN_AMOUNT:
            word = found.label.word
            yield _mark_at(page, found.place, MarkKind.CANCELLATION, word, GIVEN_BACK)


def _names_what_was_given_back(label: Label) -> bool:
    """Whether a label says that a sum was given back, and hardly another word was read as one."""
    return label.score >= PART and label.word.startswith(tuple(roles().given_back))


def _given_back_in_message(page: LabelledPage) -> Iterator[Mark]:
    """A word and the sum that was given back, and nothing else in the row: 취소 4,500원."""
    for index, row in enumerate(page.rows):
        text = row.row.text
        for money in find_money(text)[:1]:
            word, rest = compact(text[: money.start]), compact(text[money.end :])
            if money.signed and word in roles().given_back and not rest:
                yield _mark_at(page, page.whole(index), MarkKind.CANCELLATION, word)


_ON_CARD = re.compile(r"(?<!\d)\d{4}\)?\s?취소(?![가-힣])")
"""The last digits of a card before what was done with it: 누리1234취소."""


def _cancelled_on_card(page: LabelledPage) -> Iterator[Mark]:
    for index, row in enumerate(page.rows):
        if _ON_CARD.search(row.row.text):
            yield _mark_at(page, page.whole(index), MarkKind.CANCELLATION, "취소")


def _means_of_payment(page: LabelledPage) -> Iterator[Mark]:
    for kind, words in _words().means.items():
        yield from _first_row_with(page, kind, words)
    for found in money_on(page, LabelKind.PAYMENT):
        # 현금IC is a card.
        if found.label.word.startswith("현금") and found.label.word != "현금IC":
            yield _mark_at(page, found.place, MarkKind.CASH, found.label.word)


def _first_row_with(page: LabelledPage, kind: MarkKind, words: tuple[str, ...]) -> Iterator[Mark]:
    """The mark of the first row that holds one of these words."""
    for labelled in page.rows:
        text = compact(labelled.row.text)
        word = next((word for word in words if word in text), None)
        if word is not None:
            yield Mark(kind=kind, text=word, confidence=BY_WORD, quad=labelled.row.quad)
            return


def _mark_at(
    page: LabelledPage, place: Place, kind: MarkKind, text: str, sure: float = 1.0
) -> Mark:
    """A mark by what stands at a place, as sure as that was read and no more than so sure."""
    evidence = page.evidence(place)
    return Mark(kind=kind, text=text, confidence=evidence.confidence * sure, quad=evidence.quad)
