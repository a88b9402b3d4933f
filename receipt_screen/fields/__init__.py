"""Page → Fields: rows and labels first, then each field's candidates, then the best of them."""

from __future__ import annotations

import datetime as dt

from receipt_screen.fields.amount import amount_candidates, find_arithmetic, find_payments
from receipt_screen.fields.date import date_candidates, dates_on, time_candidates
from receipt_screen.fields.document import find_document, find_marks
from receipt_screen.fields.merchant import address_candidates, merchant_candidates
from receipt_screen.fields.numbers import (
    approval_candidates,
    business_candidates,
    card_candidates,
    phone_candidates,
)
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import rank
from receipt_screen.records import Fields, Page

__all__ = ["find_fields"]


def find_fields(page: Page, *, screen: bool = False, codes: tuple[str, ...] = ()) -> Fields:
    """What a page says, each field with its confidence, evidence and rivals.

    `screen`: the paper is a screenshot. `codes`: what its bar codes and QR codes hold.
    Quads are in the page's frame.
    """
    labelled = LabelledPage.of(page, codes)
    date = rank(date_candidates(labelled), "date", "no date was read")
    return Fields(
        amount=rank(amount_candidates(labelled), "amount", "no labelled amount was read"),
        date=date,
        time=rank(time_candidates(labelled, date.value), "time", "no time was read"),
        merchant=rank(merchant_candidates(labelled), "merchant", "no shop name was read"),
        business_number=rank(
            business_candidates(labelled), "business_number", "no business number was read"
        ),
        approval_number=rank(
            approval_candidates(labelled), "approval_number", "no approval number was read"
        ),
        card=rank(card_candidates(labelled), "card", "no card number with its last digits"),
        phone=rank(phone_candidates(labelled), "phone", "no phone number was read"),
        address=rank(address_candidates(labelled), "address", "no address was read"),
        document=find_document(labelled, screen=screen),
        weekday=_weekday(labelled, date.value),
        original_date=_original_date(labelled),
        arithmetic=find_arithmetic(labelled),
        payments=find_payments(labelled),
        marks=find_marks(labelled),
    )


def _weekday(page: LabelledPage, date: dt.date | None) -> int | None:
    """The weekday printed beside the chosen date."""
    weekdays = [
        entry.moment.weekday
        for entry in dates_on(page)
        if entry.moment.date == date and entry.moment.weekday is not None
    ]
    return weekdays[0] if weekdays else None


def _original_date(page: LabelledPage) -> dt.date | None:
    """The day of the sale that a cancellation takes back."""
    for entry in dates_on(page):
        if entry.label is not None and entry.label.word.startswith("원"):
            return entry.moment.date
    return None
