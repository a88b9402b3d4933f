"""What messages of banks and cards say: which sum was paid, and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from receipt_screen.fields.labels import NOT_THE_TOTAL, Label, LabelledRow
from receipt_screen.fields.moments import DAY_OF_A_YEAR, SURE_CLOCK, WEEKDAYS
from receipt_screen.fields.money import Money, find_money, stands_alone
from receipt_screen.fields.names import clean_name, could_be_name, is_sentence, name_in
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.sums import LabelledMoney
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import LabelKind

MESSAGE_ROWS = 4
"""A message names the shop in so many rows, the first of them that of the sum."""
_WHEN = re.compile(
    rf"^\W*(?:{DAY_OF_A_YEAR}\s*)?(?:\([{WEEKDAYS}]\)\s*)?"
    r"(?:(?:오전|오후)?\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*"
)
"""A day and a time, of which the year is missing, before the rest of a message's row."""
_ACCOUNT = re.compile(r"[^→|]*\d{4}\)?\s*[→|](?=\s*\S)")
"""What it was paid from, before a sign that the shop follows."""
_DAY_AND_TIME = re.compile(rf"\W*{DAY_OF_A_YEAR}\s*(?:\([{WEEKDAYS}]\)\s*)?\d{{1,2}}:\d{{2}}")
_TO_WHOM = re.compile(r"(?P<name>[^\[\]|,*]+?)(?:에서|\s?님?(?:에게|께))\W*$")
"""들꽃분식에서, 홍길동님에게 and nothing behind."""


@dataclass(frozen=True)
class _Said:
    """What stands around a sum that a message says was paid: the patterns of `said.toml`."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    above: re.Pattern[str]
    """A heading in brackets: [일시불.승인]."""
    at_end: re.Pattern[str]
    """The end of a row that names the shop before it: 들꽃분식 승인."""


@cache
def _said() -> _Said:
    words = read_table("said.toml")
    before, behind = ("|".join(words[place]) for place in ("before", "behind"))
    return _Said(
        before=re.compile(rf"(?<![가-힣])(?:{before})\W{{0,3}}$"),
        behind=re.compile(rf"\W{{0,3}}(?:{behind})(?![가-힣])"),
        above=re.compile(rf"\W*\[(?:{behind})(?:\W(?:{behind}))*\]\W*"),
        at_end=re.compile(rf"\s+(?:{behind})\W*$"),
    )


def said_to_be_paid(page: LabelledPage) -> Iterator[LabelledMoney]:
    """Sums with a won sign of which the words around say that they were paid: 9,000원 일시불."""
    for index, row in enumerate(page.rows):
        for money in find_money(row.row.text):
            label = _label_said(page, index, money) if money.signed else None
            if label is not None and not _is_told_otherwise(row, money):
                yield LabelledMoney(label, money, Place(index, money.start, money.end), below=False)


def _label_said(page: LabelledPage, index: int, money: Money) -> Label | None:
    """What is said of a sum as its label, which ends where the rest of the message begins."""
    said, text = _said(), page.rows[index].row.text
    end = money.end
    found = said.behind.match(text[end:])
    if found is not None:
        end += found.end()
    else:
        found = said.before.search(text[: money.start])
    if found is None and index > 0 and stands_alone(text, money):
        found = said.above.fullmatch(page.rows[index - 1].row.text)
    if found is None and SURE_CLOCK.search(text[: money.start]):
        found = said.at_end.search(text, end)
    if found is None:
        return None
    word = found.group().strip(" []()-:")
    return Label(word, frozenset({LabelKind.CHARGED}), money.end, end, 1.0)


def _is_told_otherwise(row: LabelledRow, money: Money) -> bool:
    """Whether the label before a sum says what it is: a balance, the sum of a month."""
    before = [label for label in row.labels if label.end <= money.start]
    return bool(before) and before[-1].is_any(NOT_THE_TOTAL)


# ── to whom ──────────────────────────────────────────────────────────────────────────────────


def shops_said(page: LabelledPage) -> Iterator[Place]:
    """Where a message that says that a sum was paid names the shop; 입금 names who paid."""
    told = [found for found in said_to_be_paid(page) if "입금" not in found.label.word]
    for found in told:
        place = (
            _said_before(page, found)
            or _between_clock_and_sum(page, found.place)
            or _said_behind(page, found)
        )
        if place is not None:
            yield place
    if not told:
        yield from _told_in_one_row(page)


def _said_before(page: LabelledPage, found: LabelledMoney) -> Place | None:
    """Where a sentence names the shop before the sum: 들꽃분식에서 9,000원 결제."""
    row, end = found.place.row, found.place.start
    if row > 0 and not page.rows[row].row.text[:end].strip("- "):
        row, end = row - 1, len(page.rows[row - 1].row.text)
    match = _TO_WHOM.search(page.rows[row].row.text[:end])
    if match is None:
        return None
    clocks = [clock.end() for clock in SURE_CLOCK.finditer(match["name"])]
    place = Place(row, match.start("name") + max(clocks, default=0), match.end("name"))
    return place if could_be_name(clean_name(page.text(place))) else None


def _between_clock_and_sum(page: LabelledPage, sum_at: Place) -> Place | None:
    """Where a message of one row names the shop: 19:47 들꽃분식 9,000원 일시불."""
    row, end = page.rows[sum_at.row], sum_at.start
    clocks = [clock.end() for clock in SURE_CLOCK.finditer(row.row.text[:end])]
    if not clocks or any(clocks[-1] <= label.start < end for label in row.labels):
        return None
    place = Place(sum_at.row, clocks[-1], end)
    name = clean_name(page.text(place))
    return place if could_be_name(name) and not is_sentence(name) else None


def _told_in_one_row(page: LabelledPage) -> Iterator[Place]:
    """Where the one row that begins with a day and a time and ends with a sum names the shop."""
    sums = [
        Place(index, money.start, money.end)
        for index, row in enumerate(page.rows)
        for money in find_money(row.row.text)[-1:]
        if _is_of_a_day(row.row.text, money)
    ]
    place = _between_clock_and_sum(page, sums[0]) if len(sums) == 1 else None
    if place is not None:
        yield place


def _is_of_a_day(text: str, money: Money) -> bool:
    """Whether a text begins with a day and a time and ends with a sum with a won sign."""
    ends = not any(sign.isalnum() for sign in text[money.end :])
    return money.signed and ends and _DAY_AND_TIME.match(text) is not None


def _said_behind(page: LabelledPage, found: LabelledMoney) -> Place | None:
    """The first thing behind the sum, its day and time left out."""
    for index in range(found.place.row, min(len(page.rows), found.place.row + MESSAGE_ROWS)):
        place = _message_rest(page, index, found)
        text = name_in(page.text(place))
        if could_be_name(text) and not is_sentence(text):
            return place
    return None


def _message_rest(page: LabelledPage, index: int, found: LabelledMoney) -> Place:
    """A row up to its first label; of the row of the sum what follows what is said of it."""
    row = page.rows[index]
    start = found.label.end if index == found.place.row else 0
    starts = (label.start for label in row.labels if label.start >= start)
    end = min(starts, default=len(row.row.text))
    paid = _said().at_end.search(row.row.text[start:end])
    end = end if paid is None else start + paid.start()
    if account := _ACCOUNT.match(row.row.text[start:end]):
        start += account.end()
    when = _WHEN.match(row.row.text[start:end])
    return Place(index, start + (when.end() if when else 0), end)
