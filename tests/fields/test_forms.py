"""What a form's date and its column of days say together."""

from __future__ import annotations

import datetime as dt

from receipt_screen.fields import find_fields
from receipt_screen.geometry import Quad
from receipt_screen.levels import levels
from receipt_screen.records import Page
from tests.pages import less_surely, page_of, read_differently


def _form(date: str, day: str) -> Page:
    return page_of(f"""
작성년월일        금액 합계        비고
{date}            ₩ 120,000
월일     품목      수량   단가       금액
{day}    정액권    1      120,000    120,000
합계                                 120,000원
""")


def test_a_day_that_no_month_has_is_the_one_that_both_places_may_say() -> None:
    page = less_surely(_form("2025년 3월 89일", "3-/0"), "3-/0", "3-/8")
    assert find_fields(page).date.value == dt.date(2025, 3, 8)


def test_a_date_that_takes_other_signs_than_those_read_is_never_sure() -> None:
    page = less_surely(_form("2025. 3. 89", "3/0"), "3/0", "3/8")
    sound = find_fields(_form("25.\\.24", "\\/24")).date
    assert find_fields(page).date.confidence < levels().acceptable < sound.confidence


def test_two_days_that_both_places_may_say_are_no_date() -> None:
    page = read_differently(_form("2025. 3. 89", "3/0"), "3/0", ("3/8", "3/9"))
    assert find_fields(page).date.value is None


def test_the_column_alone_tells_no_date() -> None:
    assert find_fields(_form("-", "3/8")).date.value is None


def test_a_date_that_the_column_contradicts_is_never_sure() -> None:
    agreed, contradicted = (find_fields(_form("2025. 3. 8", day)).date for day in ("3/8", "3/5"))
    assert agreed.value == contradicted.value == dt.date(2025, 3, 8)
    assert contradicted.confidence < levels().acceptable < agreed.confidence


def test_a_speck_between_a_field_and_what_it_is_called_is_passed_over() -> None:
    page = _form("25317", "3/17")
    speck = page_of("작성년월일\n1\n").lines[1]
    down = speck.quad.height * 1.4
    lower = [
        line.model_copy(
            update={"quad": Quad.from_array([(x, y + down) for x, y in line.quad.points])}
        )
        for line in page.lines[3:]
    ]
    page = page.model_copy(update={"lines": (*page.lines[:3], speck, *lower)})
    assert find_fields(page).date.value == dt.date(2025, 3, 17)


def test_a_field_that_is_a_date_is_not_taken_for_another_by_two_signs() -> None:
    page = less_surely(_form("25.1.31", "1/7"), "25.1.31", "25.1.37")
    assert find_fields(page).date.value == dt.date(2025, 1, 31)
    page = less_surely(_form("2025. 3. 3", "3/8"), "2025. 3. 3", "2025. 3. 8")
    assert find_fields(page).date.value == dt.date(2025, 3, 8)
