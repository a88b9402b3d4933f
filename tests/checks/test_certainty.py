"""Near misreadings, rivals and strong evidence."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from receipt_screen.campaign import Evidence
from receipt_screen.checks.certainty import (
    comparable_rival,
    is_strong,
    misread_days,
    misreadings,
)
from tests.cases import found

WON = st.integers(0, 9_999_999)


@given(WON, WON)
def test_a_number_is_a_misreading_exactly_when_one_edit_of_its_digits_makes_it(
    number: int, other: int
) -> None:
    edits = Levenshtein.distance(str(number), str(other))
    assert (other in misreadings(number)) == (edits == 1)


@given(WON)
def test_losing_a_digit_is_undone_by_adding_one(number: int) -> None:
    undone = [other for other in misreadings(number) if other >= 10 ** len(str(number))]
    assert undone
    assert all(number in misreadings(other) for other in undone)


def test_98000_is_one_lost_digit_from_198000_and_90909_from_99909() -> None:
    assert 198_000 in misreadings(98_000)
    assert 99_909 in misreadings(90_909)
    assert 10_000 in misreadings(100_000)
    assert 100_000 not in misreadings(98_000)


@given(st.dates())
def test_a_misread_day_differs_in_exactly_one_digit(day: dt.date) -> None:
    printed = day.isoformat()
    for other in misread_days(day):
        differing = [a for a, b in zip(printed, other.isoformat(), strict=True) if a != b]
        assert len(differing) == 1


def test_the_year_is_the_digit_that_flips_eligibility() -> None:
    assert dt.date(2025, 1, 20) in misread_days(dt.date(2023, 1, 20))


def test_a_rival_counts_when_it_is_about_as_likely() -> None:
    evidence = Evidence()
    assert comparable_rival(found(1, 0.6, rivals={2: 0.3}), evidence) is not None
    assert comparable_rival(found(1, 0.95, rivals={2: 0.04}), evidence) is None
    assert comparable_rival(found(1, 0.6, rivals={1: 0.3}), evidence) is None


def test_only_agreement_makes_a_near_value_strong() -> None:
    evidence = Evidence()
    assert is_strong(found(1, 0.99, agreed=True), evidence, near=True)
    assert not is_strong(found(1, 0.999, agreed=False), evidence, near=True)
    assert is_strong(found(1, 0.99, agreed=False), evidence, near=False)


def test_agreement_on_the_digits_does_not_outweigh_a_low_confidence() -> None:
    assert not is_strong(found(1, 0.5, agreed=True), Evidence(), near=False)


def test_a_value_with_a_comparable_rival_is_never_strong() -> None:
    assert not is_strong(found(1, 0.98, rivals={2: 0.5}), Evidence(), near=False)
