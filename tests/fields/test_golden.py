"""Every trap of Korean receipts that is known to have caught someone."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from pages import page_of, read_twice

from receipt_screen.fields import find_fields
from receipt_screen.levels import levels
from receipt_screen.records import Fields

GOLDEN = Path(__file__).parents[1] / "golden" / "receipts.toml"
RECEIPTS = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["receipt"]


def _value(fields: Fields, name: str) -> Any:
    value = getattr(fields, name)
    value = getattr(value, "value", value)
    return str(value) if name.endswith("date") and value is not None else value


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: receipt["trap"])
def test_trap(receipt: dict[str, Any]) -> None:
    fields = find_fields(page_of(receipt["rows"]))
    found = {name: _value(fields, name) for name in receipt["fields"]}
    assert found == {name: value or None for name, value in receipt["fields"].items()}


@pytest.mark.parametrize("tilt", [-0.35, -0.06, 0.03, 0.06, 0.35])
def test_a_tilted_paper_says_the_same(tilt: float) -> None:
    layout = """
    거래일시                2025-01-14 10:12:33
    공급가액                             90,909
    부가세                                9,091
    합계                                100,000
    승인번호                           30012345
    """
    fields = find_fields(page_of(layout, tilt=tilt))
    assert fields.amount.value == 100000
    assert fields.approval_number.value == "30012345"
    assert fields.arithmetic.supply == 90909


@pytest.mark.parametrize("sag", [-18.0, 18.0])
def test_a_curled_paper_says_the_same(sag: float) -> None:
    layout = """
    거래일시  2025-01-14  10:12:33  계산대 01
    사업자번호               505-81-24020
    과세물품가액                   90,909
    부가세합계                      9,091
    총합계금액                    100,000
    카드번호            1234-56**-****-78
    승인번호                     30012345
    """
    fields = find_fields(page_of(layout, sag=sag))
    assert fields.amount.value == 100000
    assert fields.approval_number.value == "30012345"
    assert fields.arithmetic.supply == 90909


def test_an_empty_page_says_why_each_field_is_empty() -> None:
    fields = find_fields(page_of(""))
    for name in ("amount", "date", "time", "merchant", "business_number", "approval_number"):
        found = getattr(fields, name)
        assert found.value is None
        assert found.why


def test_rivals_keep_what_was_not_chosen() -> None:
    fields = find_fields(
        page_of("공급가액  90,909\n부가세  9,091\n합계  99,000\n결제금액  100,000")
    )
    assert fields.amount.value == 100000
    assert 99000 in {rival.value for rival in fields.amount.rivals}


def test_two_readings_that_agree_are_said_to() -> None:
    page = page_of("결제금액  100,000", confidence=0.99)
    once, twice = find_fields(page), find_fields(read_twice(page))
    assert not once.amount.agreed
    assert twice.amount.agreed
    assert twice.amount.confidence >= once.amount.confidence


def test_two_readings_that_may_have_erred_alike_are_not_said_to_agree() -> None:
    page = page_of("결제금액  100,000", confidence=levels().alike - 0.01)
    assert not find_fields(read_twice(page)).amount.agreed


def test_the_parts_of_a_split_payment_are_reported() -> None:
    fields = find_fields(page_of("합계  150,000\n신용카드  100,000\n현금  50,000"))
    assert [payment.amount for payment in fields.payments] == [100000, 50000]


def test_the_evidence_lies_on_the_value() -> None:
    page = page_of("결제금액      100,000")
    quad = find_fields(page).amount.quad
    assert quad is not None
    value = next(line for line in page.lines if "100,000" in line.text)
    assert quad.box.left >= value.quad.box.left - 1
    assert quad.box.right <= value.quad.box.right + 1
