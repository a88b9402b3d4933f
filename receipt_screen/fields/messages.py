"""What messages of banks and cards say: that a sum was paid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from receipt_screen.fields.labels import NOT_THE_TOTAL, Label, LabelledRow
from receipt_screen.fields.money import Money, find_money
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.sums import LabelledMoney
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind


@cache
def _said() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and behind a sum that a message says was paid."""
    words = read_table("said.toml")
    before, behind = ("|".join(words[place]) for place in ("before", "behind"))
    return (
        re.compile(rf"(?<![가-힣])(?:{before})\W{{0,3}}$"),
        re.compile(rf"\W{{0,3}}(?:{behind})(?![가-힣])"),
    )


def said_to_be_paid(page: LabelledPage) -> Iterator[LabelledMoney]:
    """Sums with a won sign of which the words around say that they were paid: 9,000원 일시불."""
    before, behind = _said()
    for index, row in enumerate(page.rows):
        text = row.row.text
        for money in find_money(text):
            after = behind.match(text[money.end :])
            said = after or before.search(text[: money.start])
            if money.signed and said and not _is_told_otherwise(row, money):
                end = money.end + (after.end() if after else 0)
                word = said.group().strip(" []()-:")
                label = Label(word, frozenset({LabelKind.CHARGED}), money.end, end, 1.0)
                yield LabelledMoney(label, money, Place(index, money.start, money.end), below=False)


def _is_told_otherwise(row: LabelledRow, money: Money) -> bool:
    """Whether the label before a sum says what it is: a balance, the sum of a month."""
    before = [label for label in row.labels if label.end <= money.start]
    return bool(before) and before[-1].is_any(NOT_THE_TOTAL)
