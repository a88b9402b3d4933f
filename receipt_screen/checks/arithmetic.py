"""The sums that a receipt prints of itself: a free check on what was read, and on what is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from receipt_screen.checks.case import Case, flagged, not_checked, passed
from receipt_screen.messages import Values
from receipt_screen.records import CheckResult, Fields, Flag, Severity, Won

ROUNDING: Won = 2
"""Shops round or truncate the tax: 100,000 prints as 90,909 + 9,091 or 90,910 + 9,090."""


@dataclass(frozen=True)
class Sum:
    """An equation between printed numbers."""

    code: str
    computed: Won
    printed: Won
    severity: Severity = Severity.REVIEW
    tolerance: Won = 0

    @property
    def holds(self) -> bool:
        """Whether the two sides are equal up to rounding."""
        return abs(self.computed - self.printed) <= self.tolerance


def arithmetic(case: Case) -> CheckResult:
    """The receipt's own sums agree with its amount."""
    sums = list(sums_of(case.fields))
    if not sums:
        return not_checked("arithmetic", case.say("checks.no_sums"), required=False)
    said = [(entry, _equation(case, entry)) for entry in sums]
    flags = [
        Flag(code=entry.code, severity=entry.severity, message=message)
        for entry, message in said
        if not entry.holds
    ]
    if flags:
        return flagged("arithmetic", flags)
    return passed("arithmetic", " ".join(message for _, message in said))


def contradicted(fields: Fields) -> bool:
    """Whether a sum that should give the amount gives another number."""
    return any(not entry.holds and entry.severity is Severity.REVIEW for entry in sums_of(fields))


def sums_of(fields: Fields) -> Iterator[Sum]:
    """Every equation whose numbers were all read."""
    amount = fields.amount.value
    if amount is None:
        return
    yield from _tax_sums(fields, amount)
    yield from _total_sums(fields, amount)
    payments = [part.amount for part in fields.payments]
    if len(payments) > 1:
        yield Sum("payments_sum", sum(payments), amount)


def _tax_sums(fields: Fields, amount: Won) -> Iterator[Sum]:
    printed = fields.arithmetic
    if printed.vat is None:
        return
    parts = (printed.supply, printed.vat, printed.service, printed.tax_free)
    if printed.supply is not None:
        computed = sum(part for part in parts if part is not None)
        # Tax may be reckoned before or after a discount: whichever side it meets is right.
        yield Sum(
            "supply_vat_sum", computed, _nearest(computed, fields, amount), tolerance=ROUNDING
        )
    if printed.vat and not printed.tax_free and not printed.service:
        # Beside a supply price that adds up, another share only means goods free of tax.
        severity = Severity.REVIEW if printed.supply is None else Severity.INFO
        computed = round(_nearest(printed.vat * 11, fields, amount) / 11)
        yield Sum("vat_share", computed, printed.vat, severity, ROUNDING)


def _total_sums(fields: Fields, amount: Won) -> Iterator[Sum]:
    printed = fields.arithmetic
    if printed.total is not None and printed.total != amount:
        yield Sum("discount_sum", printed.total - abs(printed.discount or 0), amount)
    if len(printed.items) > 0:
        # Items are many and small: one lost line breaks the sum of a sound receipt.
        computed = sum(printed.items)
        yield Sum("items_sum", computed, _nearest(computed, fields, amount), Severity.INFO)


def _nearest(computed: Won, fields: Fields, amount: Won) -> Won:
    sides = [amount] if fields.arithmetic.total is None else [amount, fields.arithmetic.total]
    return min(sides, key=lambda side: abs(side - computed))


def _equation(case: Case, entry: Sum) -> str:
    names = {
        "supply_vat_sum": case.say("checks.sum_supply_vat"),
        "vat_share": case.say("checks.sum_vat_share"),
        "items_sum": case.say("checks.sum_items"),
        "payments_sum": case.say("checks.sum_payments"),
        "discount_sum": case.say("checks.sum_discount"),
    }
    values: Values = {
        "name": names[entry.code],
        "computed": entry.computed,
        "printed": entry.printed,
    }
    key = "checks.sum_holds" if entry.holds else "checks.sum_differs"
    return case.say(key, values)
