"""Cases → weights: who wins, and how far the winner is to be trusted.

Both are fitted by maximum likelihood with a Gaussian prior around what a person set (L2), and no
weight may change the sign that the person gave it: what speaks for a value never comes to speak
against it because rendered receipts have it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold

from models.training.fields.cases import Case
from receipt_screen.fields.ranker import (
    NONE,
    Candidate,
    Trust,
    Weights,
    best_of_each_value,
    choose,
    signals,
)

Floats = npt.NDArray[np.float64]

PRIOR_CHOICE = 3.0
PRIOR_TRUST = 0.5
"""How many nats a weight costs per squared nat that it leaves what a person set."""
TRUST: Weights = {
    "1": 0.0, "chance": 1.0, "read": 0.5, "weakest": 0.1, "agreed": 1.0, "differed": -1.0,
    "clear": 0.2,
}  # fmt: skip
"""Where the fit of the trust begins; features begin at nothing, with the sign they have for the
choice."""
ROUNDS = 4
"""Which candidate stands for its value follows from the weights, and they from it."""
FOLDS = 5
KNOTS = 12
NEGLIGIBLE = 1e-3


@dataclass(frozen=True)
class Won:
    """What a choice made of a case: the winner, its signals and whether it is right."""

    case: Case
    candidate: Candidate[Any] | None
    signals: Mapping[str, float]
    right: bool
    near: bool = False
    """Wrong, but by one misread digit."""


# ── folds ────────────────────────────────────────────────────────────────────────────────────


def folds(cases: Sequence[Case]) -> Iterator[tuple[list[Case], list[Case]]]:
    """Training and held-out cases: families are held out whole, and no shop is in both."""
    families = [case.family for case in cases]
    for _, out in GroupKFold(FOLDS).split(families, groups=families):
        held = [cases[index] for index in out]
        away, shops = {case.family for case in held}, {case.shop for case in held}
        yield [c for c in cases if c.family not in away and c.shop not in shops], held


# ── choice ───────────────────────────────────────────────────────────────────────────────────


def fit_choice(cases: Sequence[Case], start: Weights) -> dict[str, float]:
    """Weights under which the wanted candidates win, and none where there is none."""
    names = list(start)
    prior = np.array([start[name] for name in names])
    weights = dict(start)
    for _ in range(ROUNDS):
        rows, owner, wanted = _values(cases, weights, names)
        none = np.array([not any(case.wanted) for case in cases])
        table = _Table(rows, owner, wanted, none, names.index(NONE))
        found = minimise(table.loss, prior, PRIOR_CHOICE)
        weights = dict(zip(names, found.tolist(), strict=True))
    return weights


def _values(
    cases: Sequence[Case], weights: Weights, names: Sequence[str]
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """A row of features for each value of each case, whose it is, and whether it is wanted."""
    rows, owner, wanted = [], [], []
    for number, case in enumerate(cases):
        good = {c.value for c, want in zip(case.candidates, case.wanted, strict=True) if want}
        for candidate in best_of_each_value(case.candidates, weights):
            rows.append([candidate.features.get(name, 0.0) for name in names])
            owner.append(number)
            wanted.append(candidate.value in good)
    return (
        np.array(rows, float).reshape(-1, len(names)),
        np.array(owner, np.intp),
        np.array(wanted, bool),
    )


@dataclass(frozen=True)
class _Table:
    """The values of all cases, one below the other."""

    rows: Floats
    owner: npt.NDArray[np.intp]
    wanted: npt.NDArray[np.bool_]
    none: npt.NDArray[np.bool_]
    """For each case, whether none of its values is wanted."""
    none_at: int

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """The negative log-likelihood of a conditional logit with "none", and its gradient."""
        powers = np.exp(np.clip(self.rows @ weights, -50, 50))
        silent = np.full(len(self.none), np.exp(weights[self.none_at]))
        total = silent + np.bincount(self.owner, powers, len(self.none))
        good = self.none * silent + np.bincount(self.owner, powers * self.wanted, len(self.none))
        gradient = (
            powers / total[self.owner] - powers * self.wanted / good[self.owner]
        ) @ self.rows
        gradient[self.none_at] += float((silent / total - self.none * silent / good).sum())
        return float(np.log(total / good).sum()), gradient


def minimise(
    loss: Callable[[Floats], tuple[float, Floats]], prior: Floats, strength: float
) -> Floats:
    """The weights of least loss, pulled back to the prior (L2), with the prior's signs."""

    def with_prior(weights: Floats) -> tuple[float, Floats]:
        value, gradient = loss(weights)
        off = weights - prior
        return value + strength * float(off @ off) / 2, gradient + strength * off

    bounds = [(0, None) if at > 0 else (None, 0) if at < 0 else (None, None) for at in prior]
    found = minimize(with_prior, prior, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, float)


# ── trust ────────────────────────────────────────────────────────────────────────────────────


def winners(cases: Sequence[Case], weights: Weights) -> list[Won]:
    """What the weights choose in each case."""
    return [_won(case, weights) for case in cases]


def _won(case: Case, weights: Weights) -> Won:
    choice = choose(case.candidates, weights)
    if choice.winner is None:
        return Won(case, None, {}, right=False)
    candidate, chance = choice.ordered[0]
    at = [each is candidate for each in case.candidates].index(True)
    near = bool(case.near) and case.near[at] and not case.right[at]
    return Won(case, candidate, signals(candidate, chance, case.clear), case.right[at], near)


def fit_trust(won: Sequence[Won], features: Weights) -> dict[str, float]:
    """The logistic curve over the signals of chosen values that says how many are right."""
    chosen = [each for each in won if each.candidate is not None]
    start = {**TRUST, **{n: 1e-6 * np.sign(w) for n, w in features.items() if n != NONE}}
    names = list(start)
    rows = np.array([[each.signals.get(name, 0.0) for name in names] for each in chosen])
    right = np.array([each.right for each in chosen], float)
    prior = np.array([start[name] for name in names])
    found = minimise(lambda w: logistic_loss(w, rows, right), prior, PRIOR_TRUST)
    return {
        name: weight
        for name, weight in zip(names, found.tolist(), strict=True)
        if abs(weight) > 1e-4
    }


def logistic_loss(weights: Floats, rows: Floats, right: Floats) -> tuple[float, Floats]:
    """The negative log-likelihood of a logistic curve, and its gradient."""
    odds = rows @ weights
    chance = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    loss = np.logaddexp(0, odds) - right * odds
    return float(loss.sum()), (chance - right) @ rows


def calibrate(said: Floats, right: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A rising table from what the curve says to the share that is right (isotonic)."""
    order = np.argsort(said)
    said, right = said[order], right[order]
    fitted = IsotonicRegression(out_of_bounds="clip").fit_transform(said, right)
    pieces = np.array_split(np.arange(len(said)), min(KNOTS, max(1, len(said) // 25)))
    seen = [float(said[piece].mean()) for piece in pieces]
    # Fifty that were all right are no certainty: half a right and half a wrong one are added.
    share = [float((fitted[p].sum() + 0.5) / (len(p) + 1)) for p in pieces]
    # Below the lowest piece the line goes on to nought, so that doubt stays doubt.
    return (0.0, *seen), (0.0, *np.maximum.accumulate(share).tolist())


def trusted(won: Sequence[Won], trust: Trust) -> Floats:
    """The confidence of each chosen value; 0 where none was chosen."""
    return np.array([trust.of(each.signals) if each.candidate else 0.0 for each in won])
