"""Which date is the day of payment, and how sure that is."""

from __future__ import annotations

import datetime as dt

from receipt_screen.fields import find_fields
from receipt_screen.fields.date import date_candidates
from receipt_screen.fields.page import LabelledPage
from receipt_screen.levels import levels
from tests.pages import page_of, read_differently


def test_a_date_that_only_one_reader_saw_is_proposed() -> None:
    line = "2026년7 79일 17:17"
    page = read_differently(page_of(f"판매  {line}"), line, (line, "20250119 17:17"))
    fields = find_fields(page)
    assert fields.date.value == dt.date(2025, 1, 19)
    assert fields.time.value == "17:17"


def test_no_reader_is_asked_where_the_merged_text_has_a_date() -> None:
    line = "2025-01-14 10:12"
    page = read_differently(page_of(line), line, (line, "2025-01-19 10:12"))
    assert [entry.value for entry in date_candidates(LabelledPage.of(page))] == [
        dt.date(2025, 1, 14)
    ]


def test_a_mended_date_is_never_sure() -> None:
    sound, mended = (
        find_fields(page_of(f"거래일시: {year}-02-14 10:12")).date for year in ("2025", "2625")
    )
    assert mended.value == sound.value
    assert mended.confidence < levels().acceptable < sound.confidence


def test_a_mended_date_needs_a_label_or_a_time() -> None:
    assert find_fields(page_of("새봄분식\n2625-02-14")).date.value is None
