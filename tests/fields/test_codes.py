"""What a bar code holds is a check on what was read."""

from __future__ import annotations

import datetime as dt

import pytest

from receipt_screen.fields import find_fields
from tests.pages import page_of

TWO_DAYS = "전주콩나물국밥\n2025-01-20 12:10\n2025-01-26 12:10\n합계  12,000\n"


@pytest.mark.parametrize("day", [dt.date(2025, 1, 20), dt.date(2025, 1, 26)])
def test_of_two_days_the_one_in_the_bar_code_is_chosen(day: dt.date) -> None:
    fields = find_fields(page_of(TWO_DAYS), codes=(f"0{day:%Y%m%d}230270002510086",))
    assert fields.date.value == day


def test_a_day_in_the_bar_code_is_surer_than_one_without() -> None:
    page = page_of("전주콩나물국밥\n2025-01-20 12:10\n합계  12,000\n", confidence=0.7)
    without, coded = find_fields(page), find_fields(page, codes=("92025012026100",))
    assert coded.date.confidence > without.date.confidence


@pytest.mark.parametrize("code", ["513251018514020500012000", "https://r.invalid/?a=12000&s=9"])
def test_an_amount_in_the_bar_code_is_surer_than_one_without(code: str) -> None:
    page = page_of("전주콩나물국밥\n합계  12,000\n봉투  20\n")
    without, coded = find_fields(page), find_fields(page, codes=(code,))
    assert coded.amount.value == 12_000
    assert coded.amount.confidence > without.amount.confidence


def test_the_code_of_another_receipt_changes_nothing() -> None:
    page = page_of(TWO_DAYS)
    assert find_fields(page, codes=("020240301230270002510086",)) == find_fields(page)


@pytest.mark.parametrize(
    ("read", "value"), [("30012346", "30012345"), ("31112945", "31112945"), ("300123", "300123")]
)
def test_a_number_in_the_code_is_the_one_that_up_to_two_digits_were_misread_of(
    read: str, value: str
) -> None:
    code = "https://r.invalid/?a=30012345"
    fields = find_fields(page_of(f"합계  12,000\n승인번호  {read}\n"), codes=(code,))
    assert fields.approval_number.value == value
