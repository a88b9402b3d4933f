"""Receipts are data first: sums agree to the won, numbers have the digits they should have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.render import __main__ as command
from samples.render import fonts
from samples.render.chance import Chance
from samples.render.labels import Label
from samples.render.own import draw_receipt
from samples.render.plan import plan
from samples.render.purchases import Purchase, Wanted, draw_purchase
from samples.render.shops import check_digit, shop, unissued_business_number
from samples.render.tables import table

TRADES = sorted(table("wares").keys() - {"prepayment"})
wants = st.builds(
    Wanted,
    method=st.sampled_from(["card", "cash", "easy", "zeropay", "gift", None]),
    part=st.booleans(),
    discount=st.booleans(),
    split=st.booleans(),
)


@st.composite
def purchases(draw: st.DrawFn) -> Purchase:
    trade, number = draw(st.sampled_from(TRADES)), draw(st.integers(0, 500))
    chance = Chance("test", draw(st.integers(0, 10**6)))
    return draw_purchase(chance, shop("train", trade, number), draw(wants))


@given(purchases())
def test_what_was_charged_is_the_total_less_the_discount(purchase: Purchase) -> None:
    sums = purchase.sums
    assert sums.total == sum(item.amount for item in purchase.items)
    assert sums.charged == sums.total - sums.discount > 0


@given(purchases())
def test_supply_vat_tax_free_and_service_make_what_was_charged(purchase: Purchase) -> None:
    sums = purchase.sums
    assert sums.supply + sums.vat + sums.tax_free + sums.service == sums.charged
    assert min(sums.supply, sums.vat, sums.tax_free, sums.service) >= 0


@given(purchases())
def test_vat_is_a_eleventh_within_two_won(purchase: Purchase) -> None:
    sums = purchase.sums
    assert abs(sums.vat - (sums.supply + sums.vat) / 11) <= 2


@given(purchases())
def test_the_parts_of_a_payment_make_the_whole(purchase: Purchase) -> None:
    assert sum(payment.amount for payment in purchase.payments) == purchase.charged
    assert purchase.received > purchase.charged


@pytest.mark.parametrize("split", ["all", "train", "test"])
def test_whatever_is_planned_can_be_drawn(split: str) -> None:
    plans = [each for each in (plan(1, i, split) for i in range(480)) if each.base is None]
    assert all(draw_receipt(each).purchase.charged > 0 for each in plans)


@pytest.mark.parametrize("number", ["1108141272", "5058124020", "1208800767", "2128125544"])
def test_check_digits_are_those_of_known_numbers(number: str) -> None:
    assert check_digit(number[:9]) == number[9]


@given(st.integers(0, 10**6))
def test_no_drawn_business_number_can_belong_to_a_shop(seed: int) -> None:
    number = unissued_business_number(Chance("test", seed))
    assert check_digit(number[:9]) == number[9]
    assert number[3:5] == "00" or int(number[:3]) <= 100


def test_no_shop_of_one_split_has_a_name_of_the_other() -> None:
    stems = table("shops")["stems"]
    assert not set(stems["train"]) & set(stems["test"])


def test_just_prepayments_of_the_minimum_are_common(labels: list[Label]) -> None:
    amounts = [label.fields["amount"].value for label in labels]
    assert amounts.count(100_000) > len(amounts) / 6
    assert any(90_000 <= int(amount or 0) < 100_000 for amount in amounts)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    assert command.main(["--count", "1", "--out", str(tmp_path / "out")]) == 4
    assert "receipt-screen[samples]" in capsys.readouterr().err


@pytest.fixture
def _no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: name)
    monkeypatch.setattr(fonts, "font_path", lambda name: tmp_path / name)


@pytest.mark.usefixtures("_no_fonts")
def test_missing_fonts_are_named_with_the_packages_that_bring_them(tmp_path, capsys) -> None:
    status = command.main(["--count", "1", "--out", str(tmp_path / "out")])
    assert status == 4
    assert "apt-get install fonts-nanum" in capsys.readouterr().err
