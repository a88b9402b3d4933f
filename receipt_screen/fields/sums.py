"""The sums of a page: on labels, and alone in a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.labels import Label
from receipt_screen.fields.money import Money, find_money, stands_alone
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Won

MIN_AMOUNT: Won = 50
"""Smaller numbers on a label are quantities or what is left of a number cut off."""

LEAST_TORN = 4
"""So many digits beside a label are a sum of which a piece is lost; fewer are a quantity."""


@dataclass(frozen=True)
class Roles:
    """What labels mean beyond their kind: the tables of `sums.toml`."""

    given: frozenset[str]
    cash: frozenset[str]
    change: frozenset[str]
    points: frozenset[str]
    deposits: frozenset[str]
    given_back: frozenset[str]


@cache
def roles() -> Roles:
    """What labels of sums mean beyond their kind."""
    return Roles(**{name: frozenset(words) for name, words in read_table("sums.toml").items()})


@dataclass(frozen=True)
class LabelledMoney:
    """Money on a label."""

    label: Label
    money: Money
    place: Place
    below: bool


def money_on(page: LabelledPage, *kinds: LabelKind) -> Iterator[LabelledMoney]:
    """The money of every label of these kinds: the last in its row, or in the row below.

    A sum's row may hold the quantity first, so the last number counts. Beside what is left of a
    sum that was torn none is looked for below.
    """
    for row, label in page.labels(*kinds):
        beside = page.beside(row, label)
        alone = heads_column(page, row) or _holds_digits(page, beside)
        for place in [beside] if alone else page.values(row, label):
            money = _last_money(page, place)
            if money is not None:
                exact = Place(place.row, money.start, money.end)
                yield LabelledMoney(label, money, exact, place.row != row)
                break


def _holds_digits(page: LabelledPage, place: Place) -> bool:
    return len(digits_of(page.text(place))) >= LEAST_TORN


def torn_totals(page: LabelledPage) -> frozenset[str]:
    """The digits beside labels of totals that are no sum any more."""
    return frozenset(
        digits_of(page.text(beside))
        for row, label in page.labels(LabelKind.CHARGED, LabelKind.DUE)
        for beside in (page.beside(row, label),)
        if _holds_digits(page, beside) and _last_money(page, beside) is None
    )


def values_of(page: LabelledPage, *kinds: LabelKind) -> frozenset[Won]:
    """The sums on the labels of these kinds."""
    return frozenset(found.money.value for found in money_on(page, *kinds))


def lone_sums(page: LabelledPage) -> Iterator[tuple[int, Won]]:
    """The sums with a won sign that stand alone in their rows, each with its row's index."""
    for index, row in enumerate(page.rows):
        for money in find_money(row.row.text):
            if money.signed and stands_alone(row.row.text, money):
                yield index, money.value


def heads_column(page: LabelledPage, row: int) -> bool:
    """Whether a row's labels stand over columns, so that no sum beside or below is theirs alone."""
    return page.rows[row].has(LabelKind.HEADER)


_PARTICLES = "을이"
"""Behind 원 they make a sum a part of a sentence, which stands on no label."""


def _last_money(page: LabelledPage, place: Place) -> Money | None:
    # Searched in the whole row: what precedes a number tells whether it is one.
    row_text = page.rows[place.row].row.text[: place.end]
    sums = [
        money
        for money in find_money(row_text)
        if money.start >= place.start and row_text[money.end - 1] not in _PARTICLES
    ]
    if not sums:
        return None
    marked = [money for money in sums if money.marked and money.value >= 10]
    return (marked or sums)[-1]
