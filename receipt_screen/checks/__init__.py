"""The campaign's rules as a list of pure functions, each from a `Case` to a `CheckResult`.

A check reads neither the clock nor the registry, gives the same answer twice and never raises.
`CHECKS` is in the order in which a reviewer reads the results.
"""

from __future__ import annotations

from collections.abc import Callable

from receipt_screen.checks.amount import amount_certain, minimum_amount, split_payment
from receipt_screen.checks.arithmetic import arithmetic
from receipt_screen.checks.business_number import business_number
from receipt_screen.checks.case import Case
from receipt_screen.checks.date import date_certain, date_possible
from receipt_screen.checks.document import document_kind
from receipt_screen.checks.duplicates import duplicates
from receipt_screen.checks.exclusions import business_card, exclusions
from receipt_screen.checks.marks import (
    cancellation,
    cash,
    expense_proof,
    gift_certificate,
    part_payment,
    prepayment_words,
    reprint,
    unpaid,
)
from receipt_screen.checks.needed import needed_fields
from receipt_screen.checks.period import period, round_of_entry, upload_window
from receipt_screen.checks.provenance import provenance
from receipt_screen.checks.reading import other_pages, photo_quality, reading
from receipt_screen.checks.region import region
from receipt_screen.checks.velocity import velocity
from receipt_screen.records import CheckResult

Check = Callable[[Case], CheckResult]

CHECKS: tuple[Check, ...] = (
    reading,
    photo_quality,
    other_pages,
    duplicates,
    velocity,
    minimum_amount,
    amount_certain,
    period,
    round_of_entry,
    date_certain,
    date_possible,
    upload_window,
    cancellation,
    unpaid,
    reprint,
    part_payment,
    prepayment_words,
    expense_proof,
    gift_certificate,
    cash,
    split_payment,
    business_card,
    document_kind,
    exclusions,
    region,
    business_number,
    needed_fields,
    arithmetic,
    provenance,
)

__all__ = ["CHECKS", "Case", "Check"]
