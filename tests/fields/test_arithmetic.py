"""What the printed sums make together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields import find_fields
from receipt_screen.fields.arithmetic import adds_up_to
from receipt_screen.records import Arithmetic
from tests.pages import page_of


@given(st.integers(1, 10_000_000), st.integers(0, 1_000_000))
def test_supply_and_vat_add_up_to_their_total(supply: int, vat: int) -> None:
    assert supply + vat in adds_up_to(Arithmetic(supply=supply, vat=vat))


def test_a_total_by_its_label_that_makes_the_total_with_its_vat_is_the_supply_price() -> None:
    layout = "판매금액  200,000\n부가세  20,000\n봉사료  22,000\n합계  242,000"
    fields = find_fields(page_of(layout, confidence=0.95))
    assert fields.amount.value == 242_000
    assert (fields.arithmetic.supply, fields.arithmetic.total) == (200_000, 242_000)


def test_a_total_that_only_holds_its_vat_is_no_supply_price() -> None:
    fields = find_fields(page_of("합계  110,000\n부가세  10,000\n결제금액  110,000"))
    assert (fields.arithmetic.supply, fields.arithmetic.total) == (None, 110_000)


def test_a_ware_that_looks_like_a_tax_is_none() -> None:
    fields = find_fields(page_of("소금  1  3,000\n간장  1  2,500\n부가세  500\n합계  5,500"))
    assert fields.arithmetic.vat == 500
