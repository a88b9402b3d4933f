"""One field: fitted, calibrated, and measured on families and shops it was not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.training.fields.boosting import boosted_winners
from models.training.fields.cases import Case
from models.training.fields.fit import (
    Floats,
    Won,
    calibrate,
    fit_choice,
    fit_trust,
    folds,
    trusted,
    winners,
)
from receipt_screen.fields.ranker import Model, Ranking, Trust, Weights, models
from receipt_screen.levels import Curve, asked_for

STEPS = (*np.linspace(0.3, 0.9, 13), *np.linspace(0.91, 0.99, 9))
"""Confidences at which the curves are measured."""
LEAST = 50
"""Fewer values than this measure nothing."""


@dataclass(frozen=True)
class Measured:
    """How one way of choosing did on held-out pictures."""

    confidence: Floats
    """Of each case; 0 where no value was given."""
    right: Floats
    printed: Floats

    @property
    def given(self) -> Floats:
        """Whether a value was given."""
        return self.confidence > 0

    def shares(self) -> tuple[float, float, float]:
        """Right and silent of those printed, and wrong of all."""
        printed = max(1.0, float(self.printed.sum()))
        right = float((self.given * self.right * self.printed).sum())
        silent = float((~self.given.astype(bool) * self.printed).sum())
        return right / printed, float((self.given * (1 - self.right)).mean()), silent / printed

    def calibration_error(self, bins: int = 10) -> float:
        """Expected calibration error over bins of as many values each."""
        said, right = self.confidence[self.given], self.right[self.given]
        order = np.argsort(said)
        pieces = [piece for piece in np.array_split(order, bins) if len(piece)]
        gaps = [len(p) * abs(float(said[p].mean() - right[p].mean())) for p in pieces]
        return sum(gaps) / max(1, len(said))


@dataclass(frozen=True)
class Learned:
    """A field's model and how it compares."""

    name: str
    model: Model
    curve: Curve
    rules: Measured
    learned: Measured
    boosted: Measured


def learn_field(name: str, cases: Sequence[Case]) -> Learned:
    """Fits a field on all cases; measures on held-out families and shops."""
    rules = models("rules")[name]
    held = [
        each
        for learn, out in folds(cases)
        for each in winners(out, fit_choice(learn, rules.weights))
    ]
    said = _held_out_trust(held, rules.weights)
    trust = _trust(held, said, rules.weights)
    choice = fit_choice(cases, rules.weights)
    calibrated = _held_out_calibration(held, said)
    curve = curve_of(held, calibrated)
    silence = curve.level(asked_for()["error"]["given"][name])
    return Learned(
        name,
        Model(choice, trust, silence),
        curve,
        rules=_ruled(name, cases),
        learned=_measured(held, calibrated, silence),
        boosted=_measured(*boosted_winners(cases, rules.weights), silence),
    )


def curve_of(won: Sequence[Won], confidence: Floats) -> Curve:
    """How many of the values that are at least so sure were wrong; a few more than were counted."""
    chosen = np.array([each.candidate is not None and not each.case.trap for each in won])
    wrong = np.array([not each.right for each in won])
    far = np.array([not each.right and not each.near for each in won])
    points = []
    for at in STEPS:
        sure = chosen & (confidence >= at)
        if sure.sum() >= LEAST or not points:
            shares = (float((those[sure].sum() + 0.5) / (sure.sum() + 1)) for those in (wrong, far))
            points.append((float(at), *shares))
    return Curve(
        *(tuple(round(value, 4) for value in column) for column in zip(*points, strict=True))
    )


def _held_out_trust(held: Sequence[Won], features: Weights) -> Floats:
    """What a curve fitted on the other families says of each winner."""
    by_picture = {each.case.picture: number for number, each in enumerate(held)}
    said = np.zeros(len(held))
    for learn, out in folds([each.case for each in held]):
        known = [held[by_picture[case.picture]] for case in learn]
        asked = [by_picture[case.picture] for case in out]
        plain = Trust(fit_trust(_honest(known), features), (0.0, 1.0), (0.0, 1.0))
        said[asked] = trusted([held[number] for number in asked], plain)
    return said


def _honest(won: Sequence[Won]) -> list[Won]:
    """Without values that were printed wrong on purpose: rendered receipts have too many."""
    return [each for each in won if not each.case.trap]


def _trust(held: Sequence[Won], said: Floats, features: Weights) -> Trust:
    seen, right = calibrate(*_chosen(held, said))
    return Trust(fit_trust(_honest(held), features), seen, right)


def _chosen(held: Sequence[Won], said: Floats) -> tuple[Floats, Floats]:
    chosen = np.array([each.candidate is not None and not each.case.trap for each in held])
    return said[chosen], np.array([float(each.right) for each in held])[chosen]


def _held_out_calibration(held: Sequence[Won], said: Floats) -> Floats:
    """The confidences by tables made without the family that they are used on."""
    position = {each.case.picture: number for number, each in enumerate(held)}
    calibrated = np.zeros(len(held))
    for learn, out in folds([each.case for each in held]):
        known = [position[case.picture] for case in learn]
        seen, right = calibrate(*_chosen([held[n] for n in known], said[known]))
        for number in (position[case.picture] for case in out):
            if held[number].candidate is not None:
                calibrated[number] = np.interp(said[number], seen, right)
    return calibrated


def _measured(won: Sequence[Won], confidence: Floats, silence: float) -> Measured:
    return Measured(
        np.where(confidence >= silence, confidence, 0.0),
        np.array([float(each.right) for each in won]),
        np.array([float(each.case.printed) for each in won]),
    )


def _ruled(name: str, cases: Sequence[Case]) -> Measured:
    rules = models("rules")
    won = winners(cases, rules[name].weights)
    found = [Ranking(rules).rank(case.candidates, name, "").confidence for case in cases]
    chosen = [each.candidate is not None for each in won]
    return _measured(won, np.where(chosen, found, 0.0), rules[name].silence)
