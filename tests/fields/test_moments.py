"""Dates and times as receipts print them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields.moments import (
    find_compact_dates,
    find_dates,
    find_mended_dates,
    find_times,
)

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2049, 12, 31))
FORMS = [
    "{d:%Y-%m-%d}",
    "{d:%Y/%m/%d}",
    "{d:%Y.%m.%d}",
    "{d.year}. {d.month}. {d.day}.",
    "{d.year}년 {d.month}월 {d.day}일",
    "{d:%y/%m/%d}",
    "{d:%y.%m.%d}",
    "{d:%y년%m월%d일}",
]


@pytest.mark.parametrize("form", FORMS)
@given(day=DAYS)
def test_any_day_is_read_back_in_every_usual_form(form: str, day: dt.date) -> None:
    assert [moment.date for moment in find_dates(form.format(d=day))] == [day]


@given(day=DAYS, time=st.times())
def test_a_compact_stamp_is_read_back(day: dt.date, time: dt.time) -> None:
    (moment,) = find_compact_dates(f"{day:%Y%m%d}{time:%H%M%S}")
    assert moment.date == day
    assert moment.time == f"{time:%H:%M:%S}"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    find_dates(text)
    find_compact_dates(text)
    find_times(text)


@pytest.mark.parametrize("text", ["2025-02-30", "2025-13-01", "505-81-24020", "063-123-4567"])
def test_what_is_no_calendar_day_is_no_date(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("오전 12:05", "00:05"),
        ("오후 12:28:29", "12:28:29"),
        ("오후 2:36", "14:36"),
        ("PM 11:59", "23:59"),
        ("09:05:01", "09:05:01"),
        ("16시19분", "16:19"),
        ("오후 4시 5분", "16:05"),
        ("12시 30분 05초", "12:30:05"),
        ("12시51", "12:51"),
    ],
)
def test_the_halves_of_the_day(text: str, time: str) -> None:
    assert [clock.time for clock in find_times(text)] == [time]


def test_separators_lost_in_reading_are_bridged_before_a_time() -> None:
    for text in ("2025 01 14 18:41:39", "2025-0114 18:41:39", "202501-1418:41:39"):
        (moment,) = find_dates(text)
        assert moment.date == dt.date(2025, 1, 14)


@pytest.mark.parametrize("weekday", ["111", "1월:", "1금)"])
def test_a_weekday_in_brackets_that_was_misread_hides_no_date(weekday: str) -> None:
    (moment,) = find_dates(f"2025-02-21{weekday} 16:56:54")
    assert (moment.date, moment.time) == (dt.date(2025, 2, 21), "16:56:54")
    assert find_dates("2025-02-21111") == ()


def test_an_hour_in_words_belongs_to_the_date_before_it() -> None:
    (moment,) = find_dates("거래일시 2025년01월31일 10시49분")
    assert (moment.date, moment.time) == (dt.date(2025, 1, 31), "10:49")


@pytest.mark.parametrize("text", ["영업시간 10시~22시", "1시간 30분", "24시간 영업", "2시간30분"])
def test_hours_that_are_no_moment_are_no_time(text: str) -> None:
    assert find_times(text) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2625-02-14", dt.date(2025, 2, 14)),
        ("2825년02월14일", dt.date(2025, 2, 14)),
        ("7025-02-14", dt.date(2025, 2, 14)),
        ("2025-02-84", dt.date(2025, 2, 4)),
        ("24/82/14", dt.date(2024, 2, 14)),
        ("2025/02/79", dt.date(2025, 2, 19)),
        ("025.02.14", dt.date(2025, 2, 14)),
    ],
)
def test_one_impossible_digit_is_taken_for_what_it_looks_like(text: str, day: dt.date) -> None:
    (moment,) = find_mended_dates(text)
    assert (moment.date, moment.mended) == (day, True)


@pytest.mark.parametrize(
    "text",
    [
        "2625-82-14",
        "1588-02-14",
        "2025-52-14",
        "2025-02-14",
        "2025-13-14",
        "505-81-24020",
        "T.025-02-14",
    ],
)
def test_nothing_else_is_mended(text: str) -> None:
    assert find_mended_dates(text) == ()
