"""Which date is the day of payment, and how sure that is."""

from __future__ import annotations

import datetime as dt

from receipt_screen.fields import find_fields
from receipt_screen.fields.date import date_candidates, dates_on
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import GUESS
from receipt_screen.levels import levels
from tests.pages import less_surely, page_of, read_differently


def test_a_date_that_only_one_reader_saw_is_proposed() -> None:
    line = "2026년7 79일 17:17"
    page = read_differently(page_of(f"판매  {line}"), line, (line, "20250119 17:17"))
    fields = find_fields(page)
    assert fields.date.value == dt.date(2025, 1, 19)
    assert fields.time.value == "17:17"


def test_no_reader_is_asked_where_the_merged_text_has_a_date() -> None:
    line = "2025-01-14 10:12"
    page = read_differently(page_of(line), line, (line, "2025-01-19 10:12"))
    assert [entry.value for entry in date_candidates(LabelledPage.of(page))] == [
        dt.date(2025, 1, 14)
    ]


def test_a_mended_date_is_never_sure() -> None:
    sound, mended = (
        find_fields(page_of(f"거래일시: {year}-02-14 10:12")).date for year in ("2025", "2625")
    )
    assert mended.value == sound.value
    assert mended.confidence < levels().acceptable < sound.confidence


def test_a_mended_date_needs_a_label_or_a_time() -> None:
    assert find_fields(page_of("새봄분식\n2625-02-14")).date.value is None


def test_of_two_readings_the_one_counts_that_stands_elsewhere() -> None:
    line = "승인일자  2025-02-20 12:42"
    page = read_differently(
        page_of(f"영업일  2025-02-28 12:42\n{line}"),
        "2025-02-20 12:42",
        ("2025-02-20 12:42", "2025-62-28 12:42"),
    )
    assert find_fields(page).date.value == dt.date(2025, 2, 28)


def test_a_number_that_begins_with_the_day_tells_which_reading_of_it_is_right() -> None:
    line = "거래일자: 2025.01.29"
    page = read_differently(page_of(f"No. 20250123-46\n{line}"), line, (line, "2025.01.23"))
    assert find_fields(page).date.value == dt.date(2025, 1, 23)


def test_a_sign_that_was_read_as_a_digit_before_a_date_hides_it_from_nobody() -> None:
    line = "/일72025-02-25"
    page = read_differently(page_of(f"선결제 확인서\n{line}"), line, (line, ":2025-02-25"))
    assert find_fields(page).date.value == dt.date(2025, 2, 25)


def test_of_two_readings_of_a_time_the_one_counts_that_stands_elsewhere() -> None:
    line = "승인일시: 2025-01-29 15:12"
    page = read_differently(
        page_of(f"{line}\n인쇄일시: 2025-01-29 16:12"), line, (line, "2025-01-29 16:12")
    )
    assert find_fields(page).time.value == "16:12"


def test_an_order_s_time_says_nothing_of_the_payment_s() -> None:
    line = "승인일시: 2025-01-29 16:12"
    page = read_differently(
        page_of(f"주문일시: 2025-01-29 16:11\n{line}"), line, (line, "2025-01-29 16:11")
    )
    assert find_fields(page).time.value == "16:12"


def test_the_dates_of_a_page_are_looked_for_once_however_many_fields_ask() -> None:
    pages = [LabelledPage.of(page_of("거래일시  2025-01-20 12:10")) for _ in range(2)]
    assert dates_on(pages[0]) is dates_on(pages[0])
    assert dates_on(pages[0]) is not dates_on(pages[1])


def test_a_doubtful_digit_is_the_one_that_makes_the_day_of_another_row() -> None:
    paid, meant = "승인일자:2025.02.14 19:29", "승인일자:2025.03.14 19:29"
    page = page_of(f"주문일시 : 2025.03.14 19:14\n{paid}")
    doubted, sure = (
        find_fields(less_surely(page, paid, meant, confidence)) for confidence in (0.9, 0.99)
    )
    assert (doubted.date.value, doubted.time.value) == (dt.date(2025, 3, 14), "19:29")
    assert sure.date.value == dt.date(2025, 2, 14)


def test_a_day_that_no_other_row_has_is_not_read_into_a_doubtful_digit() -> None:
    paid = "승인일자:2025.02.14 19:29"
    page = less_surely(page_of(paid), paid, "승인일자:2025.03.14 19:29", 0.6)
    assert find_fields(page).date.value == dt.date(2025, 2, 14)


def test_what_stands_behind_a_date_on_its_label_is_no_other_date() -> None:
    found = date_candidates(LabelledPage.of(page_of("[매출] 2025-02-21 (월 3 14.5 10,000")))
    assert {entry.value for entry in found} == {dt.date(2025, 2, 21)}


def test_a_time_that_only_one_reader_saw_behind_a_date_is_proposed() -> None:
    line = "영업일 25-02-23 1 3.59"
    page = read_differently(page_of(line), line, (line, "영업일 25-02-23 13.59"))
    assert find_fields(page_of(line)).time.value is None
    assert find_fields(page).time.value == "13:59"


def test_of_two_days_without_a_label_either_is_a_guess() -> None:
    layout = "도라지국밥\n{}\n합계  10,000\n2025-01-19 12:14:36\n"
    one = find_fields(page_of(layout.format(""))).date
    two = find_fields(page_of(layout.format("2025-01-22 09:30:02"))).date
    assert one.confidence > 0.9
    assert two.confidence <= GUESS


def test_the_day_on_which_a_receipt_was_printed_again_is_a_guess() -> None:
    layout = "도라지국밥\n{}일시 2025-01-22 09:30:02\n합계  10,000\n"
    assert find_fields(page_of(layout.format("거래"))).date.confidence > 0.9
    assert find_fields(page_of(layout.format("재출력"))).date.confidence <= GUESS


def test_a_label_with_a_number_of_its_own_tells_nothing_of_the_day_below() -> None:
    layout = "도라지글램핑\n예약번호 G250206-019\n이용일 2025-03-22(토) ~ 2025-03-23(일)\n"
    assert find_fields(page_of(layout)).date.value is None


def test_of_two_times_without_a_label_either_is_a_guess() -> None:
    layout = "도라지국밥\n{}\n2025-01-19 12:31\n"
    assert find_fields(page_of(layout.format(""))).time.confidence > 0.9
    assert find_fields(page_of(layout.format("2025-01-19 13:13"))).time.confidence <= GUESS
