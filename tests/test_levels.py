"""From which confidence on values are as rarely wrong as asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.fields.card import TEXT
from receipt_screen.campaign import Campaign
from receipt_screen.fields.ranker import models
from receipt_screen.levels import (
    DECIDING,
    Curve,
    Errors,
    asked_errors,
    asked_for,
    curves,
    deciding_levels,
    levels,
)

ROOT = Path(__file__).parents[1]
FALLING = Curve(sure=(0.5, 0.8, 0.95), wrong=(0.1, 0.02, 0.004), far=(0.05, 0.004, 0.001))
FLAT = Curve(sure=(0.5, 0.8, 0.95), wrong=(0.03, 0.01, 0.02), far=(0.03, 0.01, 0.02))
ERROR = st.floats(0.0001, 0.3)


def test_a_level_is_the_lowest_that_keeps_to_the_error() -> None:
    assert FALLING.level(0.05) == 0.8
    assert FALLING.level(0.02) == 0.8
    assert FALLING.far_level(0.05) == 0.5


def test_an_error_that_nothing_keeps_to_gives_the_best_level_there_is() -> None:
    assert FLAT.level(0.001) == 0.8


def test_a_level_holds_for_every_deciding_field() -> None:
    known = {"amount": FALLING, "date": FLAT}
    assert deciding_levels(known, Errors(0.03, 0.03)) == (0.8, 0.8)
    assert deciding_levels(known, Errors(0.005, 0.001)) == (0.95, 0.95)


@given(ERROR, ERROR)
def test_what_may_be_wrong_less_often_has_to_be_surer(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for curve in curves().values():
        if min(curve.wrong) <= low:
            assert curve.level(low) >= curve.level(high)


@given(ERROR, ERROR)
def test_rejecting_never_takes_less_than_accepting(one: float, other: float) -> None:
    acceptable, strong = deciding_levels(curves(), Errors(one, other))
    assert strong >= acceptable


@pytest.mark.parametrize("name", DECIDING)
def test_the_shipped_levels_keep_to_the_errors_asked_for(name: str) -> None:
    errors, curve = asked_errors(asked_for()), curves()[name]
    wrong, far = (dict(zip(curve.sure, line, strict=True)) for line in (curve.wrong, curve.far))
    assert wrong[max(at for at in wrong if at <= levels().acceptable)] <= errors.acceptable
    assert far[max(at for at in far if at <= levels().strong)] <= errors.strong


def test_a_campaign_that_says_nothing_takes_the_shipped_levels() -> None:
    evidence = Campaign.load(ROOT / "samples/campaigns/jeonbuk-2025.toml").evidence
    assert (evidence.acceptable, evidence.strong) == (levels().acceptable, levels().strong)


def test_a_field_is_silent_below_its_level() -> None:
    assert {name: models("learned")[name].silence for name in levels().given} == levels().given


def test_the_docs_name_the_shipped_levels() -> None:
    text = (ROOT / "docs/campaign.md").read_text(encoding="utf-8")
    named = dict(
        re.findall(r"^(acceptable|strong|rival|merchant) = ([\d.]+) +# default", text, re.M)
    )
    shipped = {name: f"{getattr(levels(), name):g}" for name in named}
    assert len(named) == 4
    assert named == shipped


def test_the_card_names_the_levels() -> None:
    assert "{levels.acceptable" in TEXT.read_text(encoding="utf-8")
    card = (ROOT / "models/fields.md").read_text(encoding="utf-8")
    assert f"ELIGIBLE from {levels().acceptable:.2f} on" in card
