"""Period, round, upload and weekday: the traps of the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.campaign import Campaign
from receipt_screen.records import CheckOutcome, Severity
from tests.cases import CAMPAIGNS, JEONBUK, KOREA, RECEIVED, case, flags, found, missing, result

LATE = dt.datetime(2025, 7, 1, 12, tzinfo=KOREA)
JEONBUK_RULES = Campaign.load(JEONBUK)
UPLOAD_RULES = Campaign.load(CAMPAIGNS / "round-by-upload-30000.toml")


def paid(day: dt.date, confidence: float = 0.99, *, agreed: bool = True, **changes: object):
    sound = {"received": LATE, "rules": JEONBUK_RULES, "weekday": None}
    return case(date=found(day, confidence, agreed=agreed), **{**sound, **changes})


def test_the_last_day_is_in_the_campaign_and_in_no_round() -> None:
    last = paid(dt.date(2025, 2, 28))
    assert result("period", last).outcome is CheckOutcome.PASSED
    assert flags(last)["no_round"].severity is Severity.REVIEW


def test_a_day_without_a_round_rejects_only_on_a_date_that_nothing_speaks_against() -> None:
    rules = """[treatment]
no_round = "reject"
[[rounds]]
name = "1"
first = 2025-01-13
last = 2025-02-27"""
    last = dt.date(2025, 2, 28)
    assert flags(paid(last, rules=rules))["no_round"].severity is Severity.STRONG
    assert flags(paid(last, rules=rules, weekday=0))["no_round"].severity is Severity.REVIEW
    one = paid(last, 0.99, agreed=False, rules=rules)
    assert flags(one)["no_round"].severity is Severity.REVIEW


def test_outside_the_campaign_nobody_asks_for_the_round() -> None:
    made = result("round", paid(dt.date(2025, 1, 12)))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, False)


def test_what_happens_outside_the_rounds_is_the_organisers_choice() -> None:
    extended = Campaign.load(CAMPAIGNS / "jeonbuk-2025-extended.toml")
    made = result("round", paid(dt.date(2025, 5, 5), rules=extended))
    assert made.outcome is CheckOutcome.PASSED


def test_the_extension_lets_in_what_the_first_file_refused() -> None:
    extended = Campaign.load(CAMPAIGNS / "jeonbuk-2025-extended.toml")
    day = dt.date(2025, 6, 30)
    assert result("period", paid(day, rules=extended)).outcome is CheckOutcome.PASSED
    assert "outside_campaign" in flags(paid(day))


def test_before_the_campaign_is_out() -> None:
    flag = flags(paid(dt.date(2025, 1, 12)))["before_campaign"]
    assert flag.severity is Severity.STRONG
    assert "2025-01-12" in flag.message


@pytest.mark.parametrize("day", [dt.date(2023, 1, 20), dt.date(2025, 1, 12), dt.date(2025, 7, 1)])
def test_one_misread_digit_outside_is_strong_only_when_two_readers_agree(day: dt.date) -> None:
    (one,) = (
        flag for code, flag in flags(paid(day, 0.999, agreed=False)).items() if "camp" in code
    )
    (two,) = (flag for code, flag in flags(paid(day, 0.99)).items() if "camp" in code)
    assert one.severity is Severity.REVIEW
    assert two.severity is Severity.STRONG


def test_a_sure_date_far_outside_is_strong_without_a_second_reader() -> None:
    far = paid(dt.date(2019, 11, 30), 0.99, agreed=False)
    assert flags(far)["before_campaign"].severity is Severity.STRONG


def test_a_date_that_something_speaks_against_rejects_nobody() -> None:
    after_upload = paid(dt.date(2025, 8, 1))
    other_weekday = paid(dt.date(2025, 1, 12), weekday=0)
    assert flags(after_upload)["outside_campaign"].severity is Severity.REVIEW
    assert flags(other_weekday)["before_campaign"].severity is Severity.REVIEW


def test_a_payment_after_its_upload_is_impossible() -> None:
    made = result("date_possible", paid(dt.date(2025, 1, 22), received=RECEIVED))
    assert [(flag.code, flag.severity) for flag in made.flags] == [
        ("date_after_upload", Severity.REVIEW)
    ]
    assert "2025-01-22 > uploaded 2025-01-21" in made.message


def test_the_day_of_the_upload_is_that_of_korea() -> None:
    """16:00 in London is past midnight in Seoul."""
    received = dt.datetime(2025, 1, 20, 16, tzinfo=dt.UTC)
    same_day = paid(dt.date(2025, 1, 21), received=received)
    assert result("date_possible", same_day).outcome is CheckOutcome.PASSED


def test_a_printed_weekday_is_a_check_digit() -> None:
    monday = dt.date(2025, 1, 20)
    assert result("date_possible", paid(monday, weekday=0)).outcome is CheckOutcome.PASSED
    flag = flags(paid(monday, weekday=2))["weekday_differs"]
    assert flag.severity is Severity.REVIEW
    assert "Monday" in flag.message
    assert "Wednesday" in flag.message


def test_two_likely_dates_are_ambiguous() -> None:
    twice = case(date=found(dt.date(2025, 1, 20), 0.9, rivals={dt.date(2025, 1, 25): 0.4}))
    assert flags(twice)["date_ambiguous"].severity is Severity.REVIEW


def test_an_uncertain_date_goes_to_review() -> None:
    assert flags(paid(dt.date(2025, 1, 20), 0.6))["date_uncertain"].severity is Severity.REVIEW


@pytest.mark.parametrize("check", ["period", "round", "date_certain", "date_possible"])
def test_an_unread_date_is_never_replaced(check: str) -> None:
    made = result(check, case(date=missing(), rules=JEONBUK_RULES))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, True)


def test_the_upload_picks_the_round_where_the_organiser_says_so() -> None:
    received = dt.datetime(2025, 6, 2, 9, tzinfo=KOREA)
    made = result("round", paid(dt.date(2025, 5, 3), rules=UPLOAD_RULES, received=received))
    assert "하반기" in made.message


def test_an_upload_outside_its_window_is_treated_as_the_campaign_says() -> None:
    received = dt.datetime(2025, 6, 8, 0, 0, tzinfo=KOREA)
    late = paid(dt.date(2025, 5, 3), rules=UPLOAD_RULES, received=received)
    assert flags(late)["late_upload"].severity is Severity.STRONG


@given(st.dates(dt.date(2025, 1, 1), dt.date(2025, 6, 30)))
def test_every_day_is_either_in_the_campaign_or_flagged_as_outside(day: dt.date) -> None:
    outside = {"before_campaign", "outside_campaign"} & flags(paid(day)).keys()
    assert bool(outside) != JEONBUK_RULES.covers(day)
