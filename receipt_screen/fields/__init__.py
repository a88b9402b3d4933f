"""Page → Fields: rows and labels first, then each field's candidates, then the best of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from receipt_screen.fields.address import address_candidates
from receipt_screen.fields.amount import amount_candidates
from receipt_screen.fields.approval_number import approval_candidates
from receipt_screen.fields.arithmetic import find_arithmetic
from receipt_screen.fields.business_number import business_candidates
from receipt_screen.fields.card import card_candidates
from receipt_screen.fields.date import date_candidates, dates_on
from receipt_screen.fields.document import find_document
from receipt_screen.fields.marks import find_marks
from receipt_screen.fields.merchant import merchant_candidates
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.payments import find_payments
from receipt_screen.fields.phone import phone_candidates
from receipt_screen.fields.ranker import Candidate, Kind, Ranking, models
from receipt_screen.fields.time import time_candidates
from receipt_screen.records import DocumentKind, Fields, Found, Page

__all__ = ["FINDERS", "candidates_on", "find_fields", "ranking_for"]

FINDERS: Mapping[str, tuple[Callable[[LabelledPage], Sequence[Candidate[Any]]], str]] = {
    "amount": (amount_candidates, "no labelled amount was read"),
    "date": (date_candidates, "no date was read"),
    "merchant": (merchant_candidates, "no shop name was read"),
    "business_number": (business_candidates, "no business number was read"),
    "approval_number": (approval_candidates, "no approval number was read"),
    "card": (card_candidates, "no card number with its last digits"),
    "phone": (phone_candidates, "no phone number was read"),
    "address": (address_candidates, "no address was read"),
}
"""What proposes each field's values, and what is said where none is believed."""


def find_fields(
    page: Page,
    *,
    screen: bool = False,
    drawn: bool | None = None,
    codes: tuple[str, ...] = (),
    by: Kind = "learned",
) -> Fields:
    """What a page says, each field with its confidence, evidence and rivals.

    `screen`: the paper is a screenshot; `drawn`: a program drew the picture, no camera saw it.
    `codes`: what its bar codes and QR codes hold. `by`: which weights choose. Quads are in the
    frame of the page.
    """
    labelled = LabelledPage.of(page, codes)
    ranking = ranking_for(page, by)
    found: dict[str, Found[Any]] = {
        name: ranking.rank(propose(labelled), name, why) for name, (propose, why) in FINDERS.items()
    }
    date = found["date"].value
    document = find_document(labelled, screen=screen, drawn=drawn, by=by)
    return Fields(
        **found,
        time=ranking.rank(time_candidates(labelled, date), "time", "no time was read"),
        document=document,
        weekday=_weekday(labelled, date),
        original_date=_original_date(labelled),
        arithmetic=find_arithmetic(labelled),
        payments=find_payments(labelled),
        marks=find_marks(labelled, app=document.value is DocumentKind.APP),
    )


def ranking_for(page: Page, by: Kind) -> Ranking:
    """The ranking of a page's candidates: weights and how well the page was read."""
    clear = median(line.confidence for line in page.lines) if page.lines else 0.0
    return Ranking(models(by), clear)


def candidates_on(labelled: LabelledPage, date: dt.date | None) -> dict[str, list[Candidate[Any]]]:
    """Every field's candidates; those for the time depend on the `date` chosen."""
    found = {name: list(propose(labelled)) for name, (propose, _) in FINDERS.items()}
    return {**found, "time": time_candidates(labelled, date)}


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
