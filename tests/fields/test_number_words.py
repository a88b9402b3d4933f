"""Sums written in words."""

from __future__ import annotations

import pytest

from receipt_screen.fields.words import round_sum, sums_in_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("일금 이십만원정", 200_000),
        ("일금일십오만원정 (150,000)", 150_000),
        ("금 삼십만 원", 300_000),
        ("일금  팔만오천   원정", 85_000),
        ("합계 일금 일백오십만원정", 1_500_000),
        ("일금 만이천원정", 12_000),
        ("일금: 이십오만 원을 받음", 250_000),
        ("일금 천이백삼십사만오천육백원정", 12_345_600),
        ("일금 일억이천만원정", 120_000_000),
    ],
)
def test_a_sum_in_words_is_its_value(text: str, value: int) -> None:
    assert [found.value for found in sums_in_words(text)] == [value]


@pytest.mark.parametrize(
    "text",
    ["30만원", "오만원 이상 구매시", "정액권 5 만원", "오만원권 2장", "회원", "천원샵", "구원"],
)
def test_other_words_are_no_sums(text: str) -> None:
    assert not list(sums_in_words(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [(" : 10만원", 100_000), ("5만 5천원", 55_000), (" 30만원정 (선결제)", 300_000)],
)
def test_digits_before_man_are_a_sum(text: str, value: int) -> None:
    found = round_sum(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["5만원 이상 할인", "시 1만원 쿠폰", "5만원권 2장", "10만 개"])
def test_a_condition_or_a_denomination_is_no_sum(text: str) -> None:
    assert round_sum(text) is None
