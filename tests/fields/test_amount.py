"""Money as receipts print it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields import find_fields
from receipt_screen.fields.amount import amount_candidates
from receipt_screen.fields.arithmetic import adds_up_to
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Candidate
from receipt_screen.levels import levels
from receipt_screen.records import Arithmetic
from tests.pages import page_of, read_differently

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


@given(st.integers(0, 99_999_999))
def test_any_amount_is_read_back_in_every_usual_form(value: int) -> None:
    for text in (f"{value:,}", f"{value:,}원", f"₩{value:,}", f"{value:,}".replace(",", ".")):
        assert _values(text) == [value]


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    for money in find_money(text):
        assert 0 <= money.value <= 100_000_000
        assert text[money.start : money.end].strip()


@given(st.integers(1, 10_000_000), st.integers(0, 1_000_000))
def test_supply_and_vat_add_up_to_their_total(supply: int, vat: int) -> None:
    assert supply + vat in adds_up_to(Arithmetic(supply=supply, vat=vat))


def candidates(layout: str, *codes: str) -> dict[int, Candidate[int]]:
    """The candidates of a page by their value; of those that print one value the last."""
    page = LabelledPage.of(page_of(layout), codes)
    return {each.value: each for each in amount_candidates(page)}


@pytest.mark.parametrize("misread", ["100,00", "100,0090"])
def test_a_total_that_lost_or_gained_a_digit_is_mended_by_arithmetic(misread: str) -> None:
    layout = f"과세금액  90,909\n부가세  9,091\n합계금액  {misread}\n"
    assert find_fields(page_of(layout)).amount.value == 100_000


def test_a_sound_total_that_its_parts_contradict_is_not_sure() -> None:
    amount = find_fields(page_of("과세금액  90,909\n부가세  9,091\n합계금액  10,000\n")).amount
    assert amount.value == 100_000 or amount.confidence < levels().acceptable
    assert 100_000 in {amount.value, *(rival.value for rival in amount.rivals)}


def test_a_broken_total_is_mended_by_the_same_sum_elsewhere() -> None:
    layout = "이용권\n100,000X1  100,000\n합계금액  100,0090\n받은금액  150,000\n"
    assert "mended" in candidates(layout)[100_000].features


def test_a_sound_total_is_not_mended_by_a_similar_number() -> None:
    layout = "이용권\n10,000X1  10,000\n합계금액  100,000\n"
    assert all("mended" not in each.features for each in candidates(layout).values())


def test_a_broken_total_that_nothing_explains_stays_unread() -> None:
    assert candidates("합계금액  100,00\n") == {}


def test_a_total_is_mended_by_its_vat_alone() -> None:
    layout = "TOTAL  30,00원\n(부가세 2,727원 포함)\n"
    assert 30_000 in candidates(layout)


def test_the_digits_below_a_bar_code_speak_for_a_sum() -> None:
    layout = "결제액  38,000\n0005202209130643002000038000\n"
    assert candidates(layout)[38_000].features["below_code"] == 1.0


def test_a_headline_without_a_won_sign_is_a_candidate() -> None:
    layout = "< 주문 상세\n늘봄꽃집\n700,000\n결제 완료\n결제일시  20250113 11:42\n카드  현대\n"
    assert candidates(layout)[700_000].features["headline"] == 1.0


def test_a_total_beside_another_label_counts_where_supply_and_vat_make_it() -> None:
    layout = "과세매출\n부 가 세  136,364\n결제금액  13,636\n승인NO 264020025  150,000\n"
    assert candidates(layout)[150_000].features["adds_up"] == 1.0


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


def test_a_total_that_one_reader_saw_whole_is_taken_where_supply_and_vat_say_so() -> None:
    layout = "금액  250,909\n부가세  25,091\n합계  l6,000"
    page = read_differently(page_of(layout), "l6,000", ("l6,00", "276,000"))
    assert find_fields(page).amount.value == 276_000
    # Without supply and VAT nothing says which reader is right.
    alone = read_differently(page_of("합계  16,000"), "16,000", ("16,000", "276,000"))
    assert find_fields(alone).amount.value == 16_000
