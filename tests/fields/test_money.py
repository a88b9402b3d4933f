"""Money as receipts print it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields.money import find_money

SHAPES = [
    "100_000",
    "100 000",
    "100 000워",
    "100.000",
    "100, 000",
    "1OO,000",
    "₩100,000",
    "100,000원",
    "KRW 100,000",
    "100,000원이",
    "-100,000",
    "(100,000)",
]
NO_MONEY = ["100,00", "613-82-10355", "12:04:48", "2025-01-14", "9441-17**-****", "10%", "7일 이내"]


def _values(text: str) -> list[int]:
    return [money.value for money in find_money(text)]


@pytest.mark.parametrize("shape", [*SHAPES, "100000"])
def test_every_shape_of_100000_is_100000(shape: str) -> None:
    assert _values(shape) == [100_000]


@pytest.mark.parametrize("text", NO_MONEY)
def test_dates_times_masks_and_broken_numbers_are_no_money(text: str) -> None:
    assert _values(text) == []


def test_quantity_price_and_sum_stay_apart() -> None:
    assert _values("3,980 1  3,980") == [3980, 1, 3980]
    assert _values("1 506  1,506") == [1, 506, 1506]


def test_a_minus_belongs_to_its_number() -> None:
    (first, second) = find_money("1,700 -500")
    assert not first.negative
    assert second.negative


@pytest.mark.parametrize(
    "text", ["일금 십만원정 (₩100,000)", "일금 십만원정 (100,000)", "합계 (100,000원)"]
)
def test_a_bracket_that_explains_is_no_minus(text: str) -> None:
    assert [money.negative for money in find_money(text)] == [False]


def test_a_bracket_around_bare_digits_is_a_minus() -> None:
    assert [money.negative for money in find_money("합계 (100,000)")] == [True]


@given(st.integers(0, 99_999_999))
def test_any_amount_is_read_back_in_every_usual_form(value: int) -> None:
    for text in (f"{value:,}", f"{value:,}원", f"₩{value:,}", f"{value:,}".replace(",", ".")):
        assert _values(text) == [value]


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for money in find_money(text):
        assert 0 <= money.value <= 100_000_000
        assert text[money.start : money.end].strip()
