"""By what it was paid: the parts of a split payment, points among them, and cash."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.sums import LabelledMoney, money_on, roles, values_of
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Payment, Won

MAX_PARTS = 6
"""A payment is split in at most this many parts."""


def find_payments(page: LabelledPage) -> tuple[Payment, ...]:
    """The parts of a split payment that together make a printed total, or what a discount left.

    They stand on means of payment, on several 승인금액 of their own, or on both: points on one
    label and what the card was charged on the other.
    """
    due = values_of(page, LabelKind.DUE)
    totals = due | values_of(page, LabelKind.CHARGED)
    discounts = values_of(page, LabelKind.DISCOUNT) - {0}
    sums = parts_on(page, LabelKind.CHARGED)
    means = [
        each
        for each in parts_on(page, LabelKind.PAYMENT)
        if not _is_coupon_taken_off(each, sums, due)
    ]
    points = [each for each in parts_on(page, LabelKind.NEVER) if each.label.word in roles().points]
    for parts, wanted in (
        (means, totals),
        (means, frozenset(total - off for total in due for off in discounts)),
        (sums, totals),
        (_of_different_sums(means + sums), totals),
        (_of_different_sums(means + points), due),
        (_of_different_sums(sums + points), due),
    ):
        if mix := _mix_of(parts, wanted):
            return tuple(_payment(page, part) for part in mix)
    return ()


def parts_on(page: LabelledPage, kind: LabelKind) -> list[LabelledMoney]:
    """What may be parts of a payment on labels of a kind: one sum a row, none of them negative."""
    rows: dict[int, LabelledMoney] = {}
    for found in money_on(page, kind):
        if found.money.value > 0 and not found.money.negative:
            rows.setdefault(found.place.row, found)
    return list(rows.values())[:MAX_PARTS]


def _is_coupon_taken_off(
    part: LabelledMoney, sums: list[LabelledMoney], due: frozenset[Won]
) -> bool:
    """Whether 결제금액 is what a coupon left of a total: then it is a discount and no payment."""
    if "쿠폰" not in part.label.word:
        return False
    paid = {each.money.value for each in sums if "결제" in each.label.word}
    return any(total - part.money.value in paid for total in due)


def _mix_of(parts: Sequence[LabelledMoney], totals: frozenset[Won]) -> tuple[LabelledMoney, ...]:
    """As many of the parts as make a total together; none where none do."""
    for count in range(len(parts), 1, -1):
        for mix in combinations(parts, count):
            if sum(part.money.value for part in mix) in totals:
                return mix
    return ()


def _of_different_sums(parts: Sequence[LabelledMoney]) -> list[LabelledMoney]:
    """A slip repeats what the till has above: the same sum is the same payment."""
    return list({part.money.value: part for part in reversed(parts)}.values())[:MAX_PARTS]


def _payment(page: LabelledPage, found: LabelledMoney) -> Payment:
    quad = page.evidence(found.place).quad
    return Payment(label=found.label.word, amount=found.money.value, quad=quad)


# ── cash ─────────────────────────────────────────────────────────────────────────────────────


def cash_total(page: LabelledPage) -> Won | None:
    """Cash handed over less change given back."""
    given, change = _cash_handed_over(page)
    return given - change if given is not None and change is not None else None


def more_than_due(page: LabelledPage) -> frozenset[Won]:
    """Cash of which some was given back."""
    given, change = _cash_handed_over(page)
    return frozenset({given} if given and change else ())


def _cash_handed_over(page: LabelledPage) -> tuple[Won | None, Won | None]:
    """Cash handed over and change given back; 현금 beside change is what was handed over, too."""
    sums = list(money_on(page, LabelKind.NEVER, LabelKind.PAYMENT))
    given, cash, change = (
        _last_on(sums, words) for words in (roles().given, roles().cash, roles().change)
    )
    return (cash if given is None else given), change


def _last_on(sums: Sequence[LabelledMoney], words: frozenset[str]) -> Won | None:
    values = [found.money.value for found in sums if found.label.word in words]
    return values[-1] if values else None
