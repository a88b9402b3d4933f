"""By what it was paid: the parts of a payment."""

from __future__ import annotations

import pytest

from receipt_screen.fields import find_fields
from tests.pages import page_of


@pytest.mark.parametrize(
    ("layout", "parts"),
    [
        ("합계  50,000\n카드  30,000\n현금  20,000\n", {30_000, 20_000}),
        ("총합계  97,500\n포인트사용  62,000\n총결제금액  35,500\n", {62_000, 35_500}),
        ("총합계  110,000\n현금  34,200\n포인트  75,800\n", {34_200, 75_800}),
        (
            "합계  500,000\n카드결제  317,700\n현금  182,300\n카드결제금액  317,700\n",
            {317_700, 182_300},
        ),
    ],
)
def test_parts_of_a_payment_are_summed_with_their_total(layout: str, parts: set[int]) -> None:
    fields = find_fields(page_of(layout))
    assert {part.amount for part in fields.payments} == parts
    assert fields.amount.value == sum(parts)


@pytest.mark.parametrize(
    "layout", ["합계  50,000\n승인금액  50,000\n포인트  1,200\n", "합계  50,000\n카드  50,000\n"]
)
def test_one_payment_and_a_balance_are_no_split(layout: str) -> None:
    assert find_fields(page_of(layout)).payments == ()
