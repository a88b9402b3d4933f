"""Two pages beside each other: a number misread is no other one."""

from __future__ import annotations

from typing import Any

import pytest

from receipt_screen.compare.comparison import View
from receipt_screen.compare.numbers import Numbers, compare_numbers
from receipt_screen.compare.papers import Papers
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Findings, Line, TextPrint
from tests.cases import fields, findings, found, page
from tests.registry.makers import prints

PAD = ("No. 5159", "한들식당", "2025. 1. 30", "합계 100,000")


def read(*rows: str, unsure: dict[int, float] | None = None, **of_lines: Any) -> Findings:
    """A page of these lines; `unsure` gives rows another confidence."""
    lines = tuple(
        Line(
            text=text,
            quad=Quad.from_box(Box(0, 40 * row, 20 * len(text), 40 * row + 30)),
            confidence=(unsure or {}).get(row, 0.99),
            **of_lines.get(f"row{row}", {}),
        )
        for row, text in enumerate(rows)
    )
    numbers = TextPrint(numbers=("100000", "5159", "5160"))
    return findings(
        page=page().model_copy(update={"lines": lines}), prints=prints("", text=numbers)
    )


def test_a_number_surely_read_otherwise_is_another_one() -> None:
    told = compare_numbers(read(*PAD), read("No. 5160", *PAD[1:]))

    assert (told.otherwise, told.own) == (1, False)


@pytest.mark.parametrize(("number", "single"), [("No. 5158", 1), ("No. 5150", 1), ("No. 6160", 0)])
def test_a_number_that_is_another_by_one_digit_is_counted_as_such(number: str, single: int) -> None:
    told = compare_numbers(read(*PAD), read(number, *PAD[1:]))

    assert (told.otherwise, told.by_a_digit) == (1, single)


@pytest.mark.parametrize("single", [0, 1])
def test_on_one_paper_a_misread_number_is_no_other_one_but_by_one_digit_it_may_be(
    single: int,
) -> None:
    numbers = Numbers(otherwise=1, by_a_digit=single, alike=0, own=False)
    papers = Papers(inliers=20, fit=0.95, doubtful=0, contradicting=0)

    seen = View(papers=papers, numbers=numbers).seen

    assert seen is not None
    assert seen.otherwise == single


def test_a_papers_number_that_is_surely_read_on_both_is_its_own() -> None:
    told = compare_numbers(read(*PAD), read(*PAD))

    assert (told.otherwise, told.alike, told.own) == (0, 2, True)


def test_a_number_that_one_side_doubts_is_neither() -> None:
    assert compare_numbers(read(*PAD), read("No. 5160", *PAD[1:], unsure={0: 0.8})).otherwise == 0
    assert not compare_numbers(read(*PAD), read(*PAD, unsure={0: 0.8})).own


def test_a_digit_that_was_nearly_read_as_the_other_one_makes_no_other_number() -> None:
    runners_up = tuple("" if at != 7 else "9" for at in range(8))
    doubtful = read("No. 5158", *PAD[1:], row0={"runners_up": runners_up})

    assert compare_numbers(read(*PAD), doubtful).otherwise == 0


@pytest.mark.parametrize(("doubt", "otherwise"), [(0.95, 1), (0.4, 0)])
def test_beside_a_doubtful_digit_the_others_may_have_slipped(doubt: float, otherwise: int) -> None:
    slipped = {"characters": (0.99, 0.99, 0.99, 0.99, 0.99, 0.99, 0.99, doubt)}
    told = compare_numbers(read(*PAD), read("No. 5519", *PAD[1:], row0=slipped))

    assert told.otherwise == otherwise


def test_lines_that_changed_places_say_the_same() -> None:
    one = read("공급가 14,900", "부가세 11,900", *PAD)
    other = read("공급가 11,900", "부가세 14,900", *PAD)

    assert compare_numbers(one, other).otherwise == 0


def test_a_digit_more_or_less_is_a_matter_of_reading() -> None:
    assert compare_numbers(read(*PAD), read("No. 51590", *PAD[1:])).otherwise == 0


@pytest.mark.parametrize("shared", ["합계 30000", "2025 01 30", "20250130", "1,234", "No. 12"])
def test_neither_a_sum_nor_a_day_nor_a_price_is_a_papers_own(shared: str) -> None:
    assert not compare_numbers(read(shared, *PAD[1:]), read(shared, *PAD[1:])).own


def test_a_shops_number_misread_makes_no_other_purchase() -> None:
    one, other = (
        read(f"사업자 {number}", *PAD).model_copy(
            update={"fields": fields(business_number=found(number.replace("-", "")))}
        )
        for number in ("496-80-28820", "496-00-28820")
    )

    assert compare_numbers(one, other).otherwise == 0


def test_a_page_without_lines_says_nothing() -> None:
    told = compare_numbers(read(*PAD), read())

    assert (told.otherwise, told.alike, told.own) == (0, 0, False)
