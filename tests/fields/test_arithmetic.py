"""What the printed sums make together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields.arithmetic import adds_up_to
from receipt_screen.records import Arithmetic


@given(st.integers(1, 10_000_000), st.integers(0, 1_000_000))
def test_supply_and_vat_add_up_to_their_total(supply: int, vat: int) -> None:
    assert supply + vat in adds_up_to(Arithmetic(supply=supply, vat=vat))
