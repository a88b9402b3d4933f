"""What the rest of a page says of a sum: what adds up to it, is left of it or repeats it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from receipt_screen.fields.arithmetic import (
    TOLERANCE,
    adds_up_to,
    discounted,
    fits_vat,
    has_discount,
    is_near,
    is_vat_of,
    vat_pairs,
    whole_of,
    with_deposit,
)
from receipt_screen.fields.labels import NOT_THE_TOTAL
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.payments import cash_total, find_payments, more_than_due
from receipt_screen.fields.sums import money_on, values_of
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.fields.words import round_sum, sums_in_words
from receipt_screen.records import Arithmetic, Won

MANY_SUMS = 3
"""So many different sums without a label are a list of payments or prices."""
SOURCES = {
    LabelKind.CHARGED: "charged",
    LabelKind.DUE: "due",
    LabelKind.PAYMENT: "payment",
    LabelKind.BARE: "bare",
}
"""Labels on which what was paid may stand."""
MONEY_KINDS = (*SOURCES, *NOT_THE_TOTAL)
"""Labels that already say what the sum beside them is."""
REASONS = (
    "adds_up",
    "vat_fits",
    "vat_alone",
    "after_discount",
    "cash_adds_up",
    "parts_sum",
    "in_words",
)
"""What arithmetic can say for a sum whose label can't be read."""


@dataclass(frozen=True)
class Facts:
    """What the rest of the page says of a sum."""

    counts: Counter[Won]
    """In how many rows each sum stands."""
    sums: frozenset[Won]
    """What the printed parts make together."""
    vat_totals: frozenset[Won]
    """Sums whose supply price and VAT are printed, too, whatever their labels say."""
    supplies: frozenset[Won]
    """Those supply prices."""
    parts: frozenset[Won]
    """The parts of a split payment."""
    parts_sum: Won
    cash: Won | None
    """Cash handed over less change given back."""
    after_discount: frozenset[Won]
    """What discounts leave."""
    before_discount: frozenset[Won]
    """What they are taken off."""
    not_total: frozenset[Won]
    """Sums that are printed as something else."""
    supply: Won | None
    tax_free: Won
    vat: Won | None
    whole: Won | None
    """All printed parts together, tax-free goods included."""
    totals: frozenset[Won]
    """Every sum of the page that stands on a label of a total."""
    coded: frozenset[Won]
    """What bar codes and QR codes may hold."""
    below_codes: frozenset[Won]
    """What the digits printed below a bar code may hold."""
    in_words: frozenset[Won]
    largest: Won
    """Of the sums that are no balances, points or cash handed over."""
    listed: bool
    """Whether the page is a list of sums, so that none of them is the one that was paid."""

    def said(self) -> frozenset[Won]:
        """The sums that the page says without printing them in digits on a label."""
        return self.sums | self.coded | self.below_codes | self.in_words

    def features(self, value: Won) -> dict[str, float]:
        """What speaks for a sum, and against it."""
        said = {
            "adds_up": is_near(value, self.sums),
            "is_part": value in self.parts and value != self.parts_sum,
            "parts_sum": bool(self.parts) and value == self.parts_sum,
            "cash_adds_up": value == self.cash,
            "after_discount": value in self.after_discount,
            "is_other_sum": value in self.not_total,
            "is_supply": value in self.supplies,
            "vat_fits": fits_vat(value - self.tax_free, self.supply),
            "vat_alone": self._fits_vat_alone(value),
            "whole": self.whole is not None and abs(value - self.whole) <= TOLERANCE,
            "before_discount": value in self.before_discount,
            "is_vat": any(is_vat_of(value, total) for total in self.totals),
            "in_code": value in self.coded,
            "below_code": value in self.below_codes,
            "in_words": value in self.in_words,
        }
        return {name: float(holds) for name, holds in said.items()}

    def _fits_vat_alone(self, value: Won) -> bool:
        """Whether a printed VAT is a sum's; where the supply price is printed, that decides."""
        return bool(self.vat) and self.supply is None and abs(value / 11 - (self.vat or 0)) <= 1


def facts_of(page: LabelledPage, arithmetic: Arithmetic) -> Facts:
    """What a page says of its sums, `arithmetic` being those that it prints."""
    counts = _row_counts(page)
    standing = counts - _never_counts(page)
    pairs = vat_pairs(standing)
    left = discounted(page, arithmetic)
    payments = [payment.amount for payment in find_payments(page)]
    others = values_of(page, LabelKind.SUPPLY, LabelKind.VAT, LabelKind.DISCOUNT)
    return Facts(
        counts=counts,
        sums=with_deposit(page, adds_up_to(arithmetic)) | frozenset(pairs.values()),
        vat_totals=frozenset(pairs.values()),
        supplies=frozenset(pairs),
        parts=frozenset(payments),
        parts_sum=sum(payments),
        cash=cash_total(page),
        after_discount=frozenset(left.values()),
        before_discount=frozenset(left) | _first_total(page, arithmetic),
        not_total=others | more_than_due(page),
        supply=arithmetic.supply,
        tax_free=arithmetic.tax_free or 0,
        vat=arithmetic.vat,
        whole=whole_of(arithmetic),
        totals=values_of(page, LabelKind.DUE, LabelKind.CHARGED, LabelKind.PAYMENT),
        coded=_coded_sums(page),
        below_codes=_sums_below_codes(page),
        in_words=frozenset(value for value, _ in worded_sums(page)),
        largest=max(standing, default=0),
        listed=len(_unlabelled_in_won(page)) >= MANY_SUMS,
    )


def _first_total(page: LabelledPage, arithmetic: Arithmetic) -> frozenset[Won]:
    """The first total, if a discount is printed that it may not have in it."""
    if arithmetic.total is None or not has_discount(page):
        return frozenset()
    return frozenset({arithmetic.total})


def _row_counts(page: LabelledPage) -> Counter[Won]:
    """In how many rows each sum stands; a bare number is one where a total's label says so."""
    bare = {
        (found.place.row, found.money.value)
        for found in money_on(page, *SOURCES)
        if not found.money.marked
    }
    marked = {
        (index, money.value)
        for index, row in enumerate(page.rows)
        for money in find_money(row.row.text)
        if money.marked
    }
    return Counter(value for _, value in bare | marked)


def _never_counts(page: LabelledPage) -> Counter[Won]:
    """In how many rows each sum is one that is never a total, points or a balance."""
    found = {(each.place.row, each.money.value) for each in money_on(page, LabelKind.NEVER)}
    return Counter(value for _, value in found)


def _unlabelled_in_won(page: LabelledPage) -> frozenset[Won]:
    """The different sums with a won sign in rows without a label: many are a list's."""
    rows = (row.row.text for row in page.rows if not row.labels)
    return frozenset(money.value for text in rows for money in find_money(text) if money.signed)


def worded_sums(page: LabelledPage) -> Iterator[tuple[Won, Place]]:
    """The sums that the page has in words."""
    for index, row in enumerate(page.rows):
        for worded in sums_in_words(row.row.text):
            yield worded.value, Place(index, worded.start, worded.end)
    for index, label in page.labels(*SOURCES):
        place = page.beside(index, label)
        if rounded := round_sum(page.text(place)):
            yield rounded.value, place.part(rounded.start, rounded.end)


# ── codes ────────────────────────────────────────────────────────────────────────────────────

_LONG_RUN = re.compile(r"(?<!\d)\d{20,40}(?!\d)")


def _sums_below_codes(page: LabelledPage) -> frozenset[Won]:
    """The last eight digits of long rows of digits, filled up with noughts: a till's own key."""
    runs = (run for row in page.rows for run in _LONG_RUN.findall(row.row.text))
    return frozenset(int(run[-8:]) for run in runs if run[-8:-6] == "00" and int(run[-8:]))


def _coded_sums(page: LabelledPage) -> frozenset[Won]:
    """The sums that bar codes and QR codes may hold."""
    return frozenset(
        int(digits[-8:])
        for code in page.codes
        for digits in re.findall(r"\d+", code)
        if len(digits) <= 8 or digits[-8:-6] == "00"
    )
