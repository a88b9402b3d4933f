"""Learning how fields are chosen: the fit, and the command from pictures to files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad

from models.training.fields.__main__ import main
from models.training.fields.cases import LEARNED, Case
from models.training.fields.fit import calibrate, fit_choice, fit_trust, folds, winners
from receipt_screen.fields.ranker import NONE
from tests.fields.test_ranker import candidate

RULES = {NONE: 0.0, "charged": 1.0, "misread": -1.0}


def case(number: int, *, charged: int = 1, printed: bool = True, read: float = 0.99) -> Case:
    """A picture with two sums of which one stands on the right label."""
    sums = (candidate(9000, read=read, charged=charged), candidate(100, misread=1.0))
    right = (printed, False)
    return Case(
        picture=f"p{number}", family=f"family {number % 7}", shop=f"shop {number % 11}",
        candidates=sums, right=right, wanted=right, clear=0.95, printed=printed,
    )  # fmt: skip


CASES = [case(number, charged=number % 3 > 0, printed=number % 3 > 0) for number in range(90)]


def test_no_family_and_no_shop_is_learned_from_and_measured_on() -> None:
    for learn, held in folds(CASES):
        assert not {c.family for c in learn} & {c.family for c in held}
        assert not {c.shop for c in learn} & {c.shop for c in held}


def test_the_wanted_candidate_wins_after_learning_and_none_where_none_is() -> None:
    weights = fit_choice(CASES, RULES)
    assert all(won.right == won.case.printed for won in winners(CASES, weights))


def test_no_weight_changes_its_sign_however_the_pictures_are() -> None:
    upside_down = [case(number, charged=-1) for number in range(60)]
    weights = fit_choice(upside_down, RULES)
    assert weights["charged"] >= 0
    assert weights["misread"] <= 0


def test_what_no_picture_shows_keeps_the_weight_a_person_gave_it() -> None:
    weights = fit_choice(CASES, {**RULES, "in_code": 2.0})
    assert weights["in_code"] == pytest.approx(2.0, abs=1e-4)


def test_the_gradient_of_the_choice_is_that_of_its_loss() -> None:
    from models.training.fields.fit import _Table, _values

    names = list(RULES)
    none = np.array([not any(c.wanted) for c in CASES])
    table = _Table(*_values(CASES, RULES, names), none, names.index(NONE))
    at = np.array([0.3, 0.7, -0.4])
    assert check_grad(lambda w: table.loss(w)[0], lambda w: table.loss(w)[1], at) < 1e-3


def test_badly_read_values_that_are_wrong_are_trusted_less() -> None:
    good = [case(number) for number in range(60)]
    bad = [case(number, printed=False, read=0.5) for number in range(60)]
    weights = {**RULES, "charged": 9.0}
    trust = fit_trust(winners([*good, *bad], weights), weights)
    assert trust["read"] > 0.1


def test_a_calibration_table_rises_and_promises_no_certainty() -> None:
    said = np.linspace(0, 1, 400)
    seen, right = calibrate(said, (np.random.default_rng(1).random(400) < said).astype(float))
    assert list(seen) == sorted(seen)
    assert list(right) == sorted(right)
    assert 0 == right[0] < right[-1] < 1


@pytest.mark.slow
@pytest.mark.usefixtures("fonts")
def test_one_command_goes_from_pictures_to_weights_card_and_curves(tmp_path: Path) -> None:
    main(["--count", "7", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path)])
    learned = tomllib.loads((tmp_path / "receipt_screen/fields/learned.toml").read_text())
    assert set(learned) == set(LEARNED)
    assert "| amount | learned |" in (tmp_path / "models/fields.md").read_text()
    assert (tmp_path / "docs/confidence.png").stat().st_size > 10_000
