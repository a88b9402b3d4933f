"""Signs of what kind of document a page is: words it prints, wares, and what a receipt has."""

from __future__ import annotations

import re
from statistics import median

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.date import dates_on
from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.messages import said_to_be_paid
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.sums import lone_sums, money_on
from receipt_screen.fields.time import is_status_bar
from receipt_screen.fields.vocabulary import LabelKind, compact

OTHER, SCREEN, DRAWN, SEEN = "(always)", "(screen)", "(drawn)", "(seen by a camera)"
NO_TOTAL, NO_DATE, NO_NUMBER = "(no total)", "(no date)", "(no number)"
FEW_LABELS, MANY_LABELS = "(few labels)", "(many labels)"
BARE = "(read well, nothing of it)"
BARE_SCREEN = "(screen, nothing of it)"
ITEMS = "(items)"
WARES = "(wares)"
APPROVED = "(approved)"
TABLE, SUPPLIES = "(table of wares)", "(table of supplies)"
SIGNS = frozenset(
    {
        OTHER,
        SCREEN,
        DRAWN,
        SEEN,
        NO_TOTAL,
        NO_DATE,
        NO_NUMBER,
        FEW_LABELS,
        MANY_LABELS,
        BARE,
        BARE_SCREEN,
        ITEMS,
        WARES,
        APPROVED,
        TABLE,
        SUPPLIES,
    }
)
"""Signs beside the words: one that every page has, those of where the picture comes from and of
wares, that it was approved, and what every receipt has and a page lacks."""
LACKS = {
    NO_TOTAL: "no sum on the label of a total",
    NO_DATE: "no date",
    NO_NUMBER: "no business or approval number",
    FEW_LABELS: "hardly a receipt's label",
}
FEW, MANY = 2, 7
"""So many different labels or fewer are few, so many or more are many."""
READ_WELL = 0.9
LEAST_WARES, LEAST_PRICE = 2, 100
"""So many rows of wares make a till's receipt, and nothing costs less."""
_WARE = re.compile(r"[^\W\d].*?(?<![\d,.:/*-])[x*]?\s?[1-9]\d?\s?[개잔병]?\s+(?=[\d,.]+원?\W*$)")
"""A name, how many, and at the row's end a price."""
_WHAT = re.compile(
    "^[^가-힣]*(?:상품|상품명|품명|품목|제품명|메뉴|메뉴명|NO상품명|도서명|시술명|음식명)"
    "(?=[^가-힣]|수량|단가|금액|가격|정가)"
)
_HOW_MANY = re.compile("수량|단가|금액|가격|판매가")
"""The heads of a table of wares."""
_TAXED = re.compile("(?:공급가액?|단가|금액).?세액")
"""The heads of the last columns where each ware's tax is told, as tills don't."""
_LAW = "세법"
"""A row that says by which law a card's slip stands for an invoice names no kind of document."""
_NUMBERS = re.compile(r"(?<![\d*-])\d[\d,.]{0,10}(?![\d*-])")


def signs_on(
    page: LabelledPage, signs: frozenset[str], *, screen: bool, drawn: bool | None
) -> frozenset[str]:
    """Which of these words a page prints, and the signs that are no words."""
    heads = [compact(row.row.text) for row in page.rows]
    text = "\n".join(each for each in heads if _LAW not in each)
    words = {word for word in signs - SIGNS if word in text}
    shown = {
        OTHER: True,
        SCREEN: screen or (bool(page.rows) and is_status_bar(page.rows[0])),
        DRAWN: drawn is True,
        SEEN: drawn is False,
        ITEMS: _has_items(page),
        WARES: _count_wares(page) >= LEAST_WARES,
        APPROVED: _is_approved(page),
        TABLE: any(_heads_wares(text) for text in heads if not _TAXED.search(text)),
        SUPPLIES: any(_heads_wares(text) and bool(_TAXED.search(text)) for text in heads),
    }
    seen = words | {sign for sign, there in shown.items() if there} | _lacking(page)
    return frozenset(seen | ({BARE_SCREEN} if seen >= {SCREEN, BARE, NO_DATE} else set()))


_APPROVAL = re.compile(r"(?<![\d*])\d{8,9}(?![\d*])")


def _is_approved(page: LabelledPage) -> bool:
    """Whether a number stands on the label of an approval."""
    places = (page.beside(row, label) for row, label in page.labels(LabelKind.APPROVAL))
    return any(_APPROVAL.search(page.text(place)) for place in places)


def _count_wares(page: LabelledPage) -> int:
    """How many rows above the first total name something, how many of it, and what that makes."""
    count = 0
    for row in page.rows:
        if row.has(LabelKind.CHARGED, LabelKind.DUE):
            break
        money = find_money(row.row.text)
        priced = bool(money) and money[-1].value >= LEAST_PRICE and money[-1].value % 10 == 0
        count += priced and not row.labels and _WARE.search(row.row.text) is not None
    return count


def _heads_wares(text: str) -> bool:
    """Whether a row is the head of a table of wares: what, and how many or how much."""
    return _WHAT.search(text) is not None and _HOW_MANY.search(text) is not None


def _has_items(page: LabelledPage) -> bool:
    """Whether a row says a price, how many, and what that makes."""
    rows = ([int(digits_of(n)) for n in _NUMBERS.findall(r.row.text)] for r in page.rows)
    return any(
        price >= LEAST_PRICE and price * count == made
        for numbers in rows
        for price, count, made in zip(numbers, numbers[1:], numbers[2:], strict=False)
    )


def _lacking(page: LabelledPage) -> frozenset[str]:
    """What every receipt has and this page lacks."""
    has = {
        NO_TOTAL: _has_total(page),
        NO_DATE: bool(dates_on(page)),
        NO_NUMBER: any(
            row.has(LabelKind.APPROVAL) or find_business_numbers(row.row.text) for row in page.rows
        ),
    }
    lacks = {sign for sign, there in has.items() if not there}
    lacks |= _how_many_labels(page)
    # A receipt that was read badly lacks it all too.
    if lacks >= {NO_TOTAL, NO_NUMBER, FEW_LABELS} and _clear(page) >= READ_WELL:
        lacks.add(BARE)
    return frozenset(lacks)


def _clear(page: LabelledPage) -> float:
    """The median confidence of the lines."""
    return median([cell.confidence for row in page.rows for cell in row.row.cells] or [0.0])


def _has_total(page: LabelledPage) -> bool:
    """Whether a sum stands on a total's label, or one alone in its row with a won sign.

    Several that stand so are a column of prices.
    """
    kinds = (LabelKind.CHARGED, LabelKind.DUE, LabelKind.PAYMENT)
    alone = {value for _, value in lone_sums(page)}
    labelled = any(True for _ in money_on(page, *kinds))
    return len(alone) == 1 or labelled or any(True for _ in said_to_be_paid(page))


def _how_many_labels(page: LabelledPage) -> set[str]:
    """Whether few or many labels were read without a doubt."""
    count = len({label.word for row in page.rows for label in row.labels if label.score == 1.0})
    return {FEW_LABELS} if count <= FEW else {MANY_LABELS} if count >= MANY else set()
