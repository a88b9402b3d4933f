"""The minimum, the near-threshold rule, and the receipt's own sums."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.levels import levels
from receipt_screen.records import Arithmetic, CheckOutcome, Payment, Severity
from tests.cases import case, fields, findings, flags, found, missing, result

PLAIN = Arithmetic()


def test_a_hundred_thousand_that_two_readers_agree_on_passes() -> None:
    made = result("minimum_amount", case())
    assert made.outcome is CheckOutcome.PASSED
    assert made.message == "100,000 won ≥ 100,000 won"


def test_the_message_is_korean_by_setting() -> None:
    made = result("minimum_amount", case(amount=found(98_000), language="ko"))
    assert made.message == "98,000원 < 100,000원"


@pytest.mark.parametrize("amount", [100_000, 108_000, 150_000, 110_000])
def test_near_the_minimum_one_reader_is_not_enough(amount: int) -> None:
    made = result("minimum_amount", case(amount=found(amount, 0.999, agreed=False)))
    assert [(flag.code, flag.severity) for flag in made.flags] == [
        ("near_minimum", Severity.REVIEW)
    ]


@pytest.mark.parametrize("amount", [98_000, 90_909, 90_910, 99_999, 10_000])
def test_near_below_the_minimum_is_strong_only_when_two_readers_agree(amount: int) -> None:
    one = case(amount=found(amount, 0.999, agreed=False), arithmetic=PLAIN)
    two = case(amount=found(amount, 0.99, agreed=True), arithmetic=PLAIN)
    assert flags(one)["below_minimum"].severity is Severity.REVIEW
    assert flags(two)["below_minimum"].severity is Severity.STRONG


def test_far_below_the_minimum_a_sure_reading_is_strong() -> None:
    sure = case(amount=found(4_500, 0.99, agreed=False), arithmetic=PLAIN)
    unsure = case(amount=found(4_500, levels().strong - 0.01, agreed=False), arithmetic=PLAIN)
    assert flags(sure)["below_minimum"].severity is Severity.STRONG
    assert flags(unsure)["below_minimum"].severity is Severity.REVIEW


@given(st.integers(0, 10_000_000))
def test_far_from_the_minimum_nothing_is_near(amount: int) -> None:
    codes = flags(case(amount=found(amount, agreed=False), arithmetic=PLAIN)).keys()
    near = amount >= 100_000 and amount < 1_000_000
    assert ("near_minimum" in codes) == near
    assert ("below_minimum" in codes) == (amount < 100_000)


def test_the_supply_price_taken_for_the_amount_is_no_proof_of_too_little() -> None:
    """100,000 prints as 90,909 + 9,091: the sum contradicts 90,909 as what was paid."""
    wrong = case(amount=found(90_909), arithmetic=Arithmetic(supply=90_909, vat=9_091))
    assert flags(wrong)["below_minimum"].severity is Severity.REVIEW
    assert flags(wrong)["supply_vat_sum"].severity is Severity.REVIEW


def test_the_margin_makes_amounts_near_whatever_their_digits() -> None:
    near = case(rules="margin = 2000", amount=found(98_000, 0.99, agreed=False), arithmetic=PLAIN)
    assert flags(near)["below_minimum"].severity is Severity.REVIEW


def test_a_missing_amount_is_not_an_amount_that_broke_no_rule() -> None:
    made = result("minimum_amount", case(amount=missing()))
    assert made.outcome is CheckOutcome.NOT_CHECKED
    assert made.required
    assert made.why_not


def test_a_comparable_rival_or_a_low_confidence_goes_to_review() -> None:
    ambiguous = case(amount=found(100_000, 0.92, rivals={190_000: 0.3}))
    unsure = case(amount=found(100_000, 0.7))
    assert flags(ambiguous)["amount_ambiguous"].severity is Severity.REVIEW
    assert flags(unsure)["amount_uncertain"].severity is Severity.REVIEW


# ── sums ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sums",
    [
        Arithmetic(supply=90_909, vat=9_091),
        Arithmetic(supply=90_910, vat=9_090),
        Arithmetic(supply=90_909, vat=9_090),  # both truncated
        Arithmetic(supply=81_818, vat=8_182, service=10_000),
        Arithmetic(supply=45_455, vat=4_545, tax_free=50_000),
        Arithmetic(total=120_000, discount=20_000),
        Arithmetic(total=120_000, discount=-20_000),
        Arithmetic(total=120_000, discount=20_000, supply=109_091, vat=10_909),
        Arithmetic(items=(40_000, 60_000)),
    ],
)
def test_sums_that_agree_pass(sums: Arithmetic) -> None:
    made = result("arithmetic", case(arithmetic=sums))
    assert made.outcome is CheckOutcome.PASSED, made.message


@pytest.mark.parametrize(
    ("sums", "code", "severity"),
    [
        (Arithmetic(supply=80_909, vat=9_091), "supply_vat_sum", Severity.REVIEW),
        (Arithmetic(vat=5_000), "vat_share", Severity.REVIEW),
        (Arithmetic(supply=95_000, vat=5_000), "vat_share", Severity.INFO),
        (Arithmetic(total=120_000, discount=10_000), "discount_sum", Severity.REVIEW),
        (Arithmetic(total=300_000), "discount_sum", Severity.REVIEW),
        (Arithmetic(items=(40_000, 50_000)), "items_sum", Severity.INFO),
    ],
)
def test_sums_that_differ_are_flagged(sums: Arithmetic, code: str, severity: Severity) -> None:
    assert flags(case(arithmetic=sums))[code].severity is severity


def test_the_sum_stands_in_the_message() -> None:
    made = result("arithmetic", case(arithmetic=Arithmetic(supply=80_909, vat=9_091)))
    assert "supply + VAT: 90,000 won ≠ 100,000 won." in made.message


def test_a_receipt_without_sums_is_not_checked_and_that_is_fine() -> None:
    made = result("arithmetic", case(arithmetic=PLAIN))
    assert (made.outcome, made.required) == (CheckOutcome.NOT_CHECKED, False)


def test_the_parts_of_a_split_payment_give_the_amount_and_are_reported() -> None:
    parts = (Payment(label="카드", amount=70_000), Payment(label="현금", amount=30_000))
    split = findings(fields=fields(payments=parts))
    assert "payments_sum" not in flags(case(split))
    rules = '[treatment]\nsplit_payment = "review"'
    flag = flags(case(split, rules=rules))["split_payment"]
    assert "70,000 + 30,000" in flag.message
    wrong = findings(fields=fields(payments=(parts[0], parts[0])))
    assert flags(case(wrong))["payments_sum"].severity is Severity.REVIEW
