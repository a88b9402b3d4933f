"""How much was paid: what is proposed, and what speaks for it."""

from __future__ import annotations

import pytest

from receipt_screen.fields import find_fields
from receipt_screen.fields.amount import amount_candidates
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Candidate
from receipt_screen.levels import levels
from tests.pages import page_of, read_differently


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


@pytest.mark.parametrize(("sure", "mended"), [(0.99, False), (0.9, True)])
def test_a_sound_total_that_was_read_surely_is_what_is_printed(sure: float, mended: bool) -> None:
    layout = "과세금액  90,909\n부가세  9,091\n합계금액  200,000\n"
    page = LabelledPage.of(page_of(layout, confidence=sure))
    assert any("mended" in each.features for each in amount_candidates(page)) == mended


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


def test_a_total_that_one_reader_saw_whole_is_taken_where_supply_and_vat_say_so() -> None:
    layout = "금액  250,909\n부가세  25,091\n합계  l6,000"
    page = read_differently(page_of(layout), "l6,000", ("l6,00", "276,000"))
    assert find_fields(page).amount.value == 276_000
    # Without supply and VAT nothing says which reader is right.
    alone = read_differently(page_of("합계  16,000"), "16,000", ("16,000", "276,000"))
    assert find_fields(alone).amount.value == 16_000
