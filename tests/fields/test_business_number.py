"""Business numbers and their check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields import find_fields
from receipt_screen.fields.business_number import check_digit, is_business_number, recover_digit
from tests.pages import page_of, read_differently

VALID = ["1108141272", "5058124020", "1208800767", "1248100998", "2128125544", "7525300558"]
NINE = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize("number", VALID)
def test_known_business_numbers_are_valid(number: str) -> None:
    assert is_business_number(number)


def test_a_wrong_check_digit_is_invalid() -> None:
    assert not is_business_number("1234567890")


@given(NINE, st.integers(0, 9), st.integers(1, 9))
def test_every_single_digit_error_is_detected(nine: str, place: int, shift: int) -> None:
    number = nine + str(check_digit(nine))
    wrong = str((int(number[place]) + shift) % 10)
    assert not is_business_number(number[:place] + wrong + number[place + 1 :])


@given(NINE, st.integers(0, 9))
def test_one_unreadable_digit_is_recovered(nine: str, place: int) -> None:
    number = nine + str(check_digit(nine))
    assert recover_digit(number[:place] + "?" + number[place + 1 :]) == number


def test_two_unreadable_digits_are_not_guessed() -> None:
    assert recover_digit("50581?40?0") is None


def test_a_number_of_which_each_reader_saw_a_part_is_pieced_together() -> None:
    line = "사업자번호 505-81-74021"
    page = read_differently(page_of(line), line, (line, "506-81-24020"))
    assert find_fields(page).business_number.value == "5058124020"


def test_a_number_that_can_be_pieced_together_in_two_ways_is_not() -> None:
    line = "사업자번호 505-81-24021"
    page = read_differently(page_of(line), line, (line, "505-81-24320"))
    values = {rival.value for rival in find_fields(page).business_number.rivals}
    assert "5058124020" not in values


def test_a_dash_that_was_read_twice_is_one() -> None:
    found = find_fields(page_of("사업자번호 505-81--24020")).business_number
    assert found.value == "5058124020"


def test_a_number_below_who_handles_the_payment_is_the_shops_unless_it_is_headed_so() -> None:
    shop, handler = "505-81-24020", "110-81-41272"
    layout = f"결제대행사 가온결제 {handler}\n가맹점명 도라지문구\n사업자번호 {shop}\n"
    assert find_fields(page_of(layout)).business_number.value == shop.replace("-", "")
    layout = f"가온결제 매출전표\n결제대행사 정보\n사업자번호 {handler}\n"
    assert find_fields(page_of(layout)).business_number.value is None


def test_a_terminals_number_with_a_sound_check_digit_is_no_business_number() -> None:
    layout = "도라지국밥\n{}   1108141272\n합계  10,000\n"
    assert find_fields(page_of(layout.format("단말기번호"))).business_number.value is None
    assert find_fields(page_of(layout.format("사업자번호"))).business_number.value is not None


def test_the_number_beside_a_payment_companys_name_is_no_shops() -> None:
    layout = "주문상세정보\n도라지카페\n네이버파이낸셜(주) 사업자등록번호 110-81-41272\n"
    assert find_fields(page_of(layout)).business_number.value is None
