"""Sums that a receipt prints beside its total, and what they make together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.sums import money_on, roles, values_of
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Arithmetic, Won

TOLERANCE: Won = 2
"""Shops round or truncate VAT: sums may be off by this much."""
MIN_VAT_TOTAL: Won = 500
"""Below this three small numbers fit each other by chance."""


def find_arithmetic(page: LabelledPage) -> Arithmetic:
    """The sums the receipt prints."""
    supply = _supply(page)
    return Arithmetic(
        supply=supply,
        vat=_first(page, LabelKind.VAT),
        tax_free=_first(page, LabelKind.TAX_FREE),
        service=_first(page, LabelKind.SERVICE),
        discount=_discount(page),
        total=_first(page, LabelKind.DUE, but=supply),
        items=tuple(_item_amounts(page)),
    )


def _first(page: LabelledPage, kind: LabelKind, *, but: Won | None = None) -> Won | None:
    """The first sum on a label of a kind, `but` another one."""
    values = (found.money.value for found in money_on(page, kind))
    return next((value for value in values if but is None or value != but), None)


def _supply(page: LabelledPage) -> Won | None:
    """The supply price; a bare 금액 directly above 부가세 is one (terminal slips)."""
    supply = _first(page, LabelKind.SUPPLY)
    if supply is not None:
        return supply
    vat_rows = {row for row, _ in page.labels(LabelKind.VAT)}
    for found in money_on(page, LabelKind.BARE):
        if found.place.row + 1 in vat_rows:
            return found.money.value
    return _supply_called_total(page)


def _supply_called_total(page: LabelledPage) -> Won | None:
    """The sum on a total's label whose tenth is the VAT and that makes a printed total with it, as
    판매금액 above 부가세, 봉사료 and 합계.
    """
    vat, service = _first(page, LabelKind.VAT), _first(page, LabelKind.SERVICE)
    totals = values_of(page, LabelKind.DUE, LabelKind.CHARGED)
    if not vat:
        return None
    supplies = {
        total
        for total in totals
        if abs(total / 10 - vat) <= TOLERANCE
        and {total + vat, total + vat + (service or 0)} & totals
    }
    return max(supplies, default=None)


def _discount(page: LabelledPage) -> Won | None:
    discounts = [found.money.value for found in money_on(page, LabelKind.DISCOUNT)]
    discounts += [
        found.money.value for found in money_on(page, LabelKind.BARE) if found.money.negative
    ]
    return max(discounts) if discounts else None


def _item_amounts(page: LabelledPage) -> Iterator[Won]:
    """The last number of each row between the columns' head and the first sum."""
    heads = [row for row, _ in page.labels(LabelKind.HEADER)]
    sums = [
        row
        for row, _ in page.labels(
            LabelKind.DUE, LabelKind.CHARGED, LabelKind.SUPPLY, LabelKind.SUBTOTAL
        )
    ]
    if not heads or not any(row > heads[0] for row in sums):
        return
    first = max(head for head in heads if head <= heads[0] + 1)
    last = min(row for row in sums if row > heads[0])
    for row in page.rows[first + 1 : last]:
        money = [money for money in find_money(row.row.text) if money.marked and money.value >= 10]
        if money and not row.has(LabelKind.DISCOUNT):
            yield money[-1].value


def adds_up_to(arithmetic: Arithmetic) -> frozenset[Won]:
    """The totals that supply, VAT, tax-free goods and service make, in any plausible mix."""
    if arithmetic.vat is None and arithmetic.tax_free is None:
        return frozenset()
    parts = [arithmetic.supply, arithmetic.tax_free, arithmetic.service]
    known = [part for part in parts if part]
    base = arithmetic.vat or 0
    sums = {
        base + sum(mix) for count in range(1, len(known) + 1) for mix in combinations(known, count)
    }
    return frozenset(sums)


def is_near(value: Won, sums: frozenset[Won]) -> bool:
    """Whether a sum is one of these, but for what VAT was rounded by."""
    return any(abs(value - total) <= TOLERANCE for total in sums)


def whole_of(arithmetic: Arithmetic) -> Won | None:
    """All printed parts together, tax-free goods included; None where no VAT is printed."""
    if arithmetic.vat is None:
        return None
    parts = (arithmetic.supply, arithmetic.vat, arithmetic.tax_free, arithmetic.service)
    return sum(part or 0 for part in parts)


def with_deposit(page: LabelledPage, sums: frozenset[Won]) -> frozenset[Won]:
    """Sums with and without what was paid for bottles, which is no supply and has no VAT."""
    bottles = {
        found.money.value
        for found in money_on(page, LabelKind.NEVER)
        if found.label.word in roles().deposits
    }
    return sums | {total + deposit for total in sums for deposit in bottles}


# ── VAT ──────────────────────────────────────────────────────────────────────────────────────


def vat_pairs(printed: Counter[Won]) -> dict[Won, Won]:
    """Supply prices whose tenth and whose sum with it are printed too, and that sum.

    Three numbers that fit each other so say what they are, whatever their labels say.
    """
    pairs = {}
    for total in printed:
        supply = round(total / 1.1)
        near = range(supply - TOLERANCE, supply + TOLERANCE + 1)
        fits = [price for price in near if price in printed and total - price in printed]
        if total >= MIN_VAT_TOTAL and fits:
            pairs[fits[0]] = total
    return pairs


def fits_vat(value: Won, supply: Won | None) -> bool:
    """Whether a total is its supply price and a tenth of it."""
    return supply is not None and supply > 0 and abs(value - supply * 11 / 10) <= TOLERANCE


def is_vat_of(value: Won, total: Won) -> bool:
    """Whether a sum is the VAT in a total: an eleventh of it."""
    return total >= MIN_VAT_TOTAL and abs(value - total / 11) <= 1


# ── discounts ────────────────────────────────────────────────────────────────────────────────

_TAKEN_OFF = (LabelKind.CHARGED, LabelKind.PAYMENT, LabelKind.NEVER)
"""Sums that are taken off another one where they have a minus: points used, what was paid back."""


def discounted(page: LabelledPage, arithmetic: Arithmetic) -> dict[Won, Won]:
    """The first total, and every other one whose discounts leave another one, and what they leave.

    The discounts are the largest, which may be the sum of the others, or all of them; what brings
    the goods may be added instead, or first of all beside.
    """
    taken_off = _taken_off(page)
    fees = values_of(page, LabelKind.SERVICE) - {0}
    totals = {
        each.money.value
        for each in money_on(page, LabelKind.DUE, LabelKind.CHARGED)
        if not each.money.negative
    }
    left: dict[Won, Won] = {}
    for changes in (
        {fee - discount for fee in fees for discount in taken_off},
        {*(-discount for discount in taken_off), *fees},
    ):
        left |= {
            total: total + change
            for total in sorted(totals)
            for change in sorted(changes)
            if total + change in totals
        }
        if left:
            break
    if arithmetic.total is not None and arithmetic.discount:
        left.setdefault(arithmetic.total, arithmetic.total - arithmetic.discount)
    return left


def _taken_off(page: LabelledPage) -> set[Won]:
    """The largest discount of the page, and all of them together."""
    discounts = {
        (each.place.row, each.money.value)
        for each in money_on(page, LabelKind.DISCOUNT, *_TAKEN_OFF)
        if each.money.negative or LabelKind.DISCOUNT in each.label.kinds
    }
    values = [value for _, value in discounts]
    return {max(values, default=0), sum(values)} - {0}


def has_discount(page: LabelledPage) -> bool:
    """Whether a discount is printed, read or not: then the first sum isn't what was paid.

    Tills print one of nought where there was none.
    """
    labels = sum(1 for _ in page.labels(LabelKind.DISCOUNT))
    nothing = sum(found.money.value == 0 for found in money_on(page, LabelKind.DISCOUNT))
    return labels > nothing
