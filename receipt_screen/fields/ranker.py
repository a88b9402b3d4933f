"""Candidates → the best one, with a probability, its rivals, or honest silence.

Each field's module proposes candidates with features and decides nothing. Here the features
are weighed, and the values compete with each other and with "none of them". How likely the
winner is to be right follows from what is known of it: how clearly it won, how well its characters
and the page were read, and what else on the receipt speaks for it.

Weights are plain numbers. Those that a person set stand in `weights.toml` and are the reference;
those learned from receipts that the reader read stand in `learned.toml` (models/fields.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, Literal, TypeVar

from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.rows import Evidence
from receipt_screen.fields.tables import read_table
from receipt_screen.levels import levels
from receipt_screen.odds import log_odds, probability_of
from receipt_screen.records import Found, Rival

T = TypeVar("T")

NONE = "none"
"""The weight of "none of the candidates"."""
SILENCE = 0.25
"""Below this probability of being right a value isn't given, where no level is known."""
MAX_RIVALS = 5
AS_TELLING = 0.5
"""Places of one value that differ by less, in nats, tell as much: the one that was read better
counts.
"""
AGREED = 0.995
"""How well characters are taken to be read when two independent readers see the same."""
EVEN, GUESS = 0.5, 0.85
"""A value read no better than a guess, a mended one say, that stands nowhere else is at most so
sure: whatever was learned of its kind, it carries no verdict."""


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """A value a field might have, where it stands, and what speaks for it."""

    value: T
    evidence: Evidence
    label: str | None = None
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def alike(self) -> bool:
        """Whether two independent readers saw the digits of the value."""
        digits = digits_of(self.evidence.text)
        return bool(digits) and self.evidence.alike(digits)

    @property
    def agreed(self) -> bool:
        """Whether two readers saw the digits, and nothing speaks for their having erred alike."""
        return self.alike and self.evidence.confidence >= levels().alike

    @property
    def differed(self) -> bool:
        """Whether a second reader was asked and saw other digits."""
        asked = len(self.evidence.readings) > 1 and bool(digits_of(self.evidence.text))
        return asked and not self.alike


Weights = Mapping[str, float]
Kind = Literal["rules", "learned"]


@dataclass(frozen=True)
class Trust:
    """How likely a chosen value is right: a logistic curve over signals, then a table."""

    weights: Weights
    """By signal; `1` is the constant."""
    seen: tuple[float, ...]
    """What the curve said …"""
    right: tuple[float, ...]
    """… and the share that was right; between two entries it is interpolated."""

    def of(self, signals: Mapping[str, float]) -> float:
        """The probability of being right; a signal without a weight doesn't count."""
        odds = sum(weight * signals.get(name, 0.0) for name, weight in self.weights.items())
        return _interpolated(probability_of(odds), self.seen, self.right)


@dataclass(frozen=True)
class Model:
    """How one field is chosen and trusted."""

    weights: Weights
    """By feature, in nats (log-odds)."""
    trust: Trust | None = None
    """None: the chance among the candidates, lowered by how well the characters were read."""
    silence: float = SILENCE


@dataclass(frozen=True)
class Ranking:
    """Chooses among candidates of every field."""

    models: Mapping[str, Model]
    clear: float = 1.0
    """How well the page's lines were read: their median confidence."""

    def rank(self, candidates: Sequence[Candidate[T]], name: str, why: str) -> Found[T]:
        """The likeliest value of the field `name`, or none with `why`."""
        model = self.models[name]
        choice = choose(candidates, model.weights)
        rivals = tuple(_rival(*each) for each in choice.ordered)
        if choice.winner is None:
            return Found(confidence=choice.none, why=why, rivals=rivals[:MAX_RIVALS])
        winner, chance = choice.ordered[0]
        confidence = self._confidence(winner, chance, model.trust)
        if confidence < model.silence:
            rivals = rivals[:MAX_RIVALS]
            return Found(confidence=1 - confidence, why=f"{why} surely enough", rivals=rivals)
        return Found(
            value=winner.value,
            text=winner.evidence.text,
            label=winner.label,
            confidence=confidence,
            quad=winner.evidence.quad,
            rivals=rivals[1 : MAX_RIVALS + 1],
            agreed=winner.agreed,
        )

    def _confidence(self, winner: Candidate[T], chance: float, trust: Trust | None) -> float:
        if trust is None:
            return chance * _read_well(winner)
        learned = trust.of(signals(winner, chance, self.clear))
        guessed = winner.evidence.confidence <= EVEN and not winner.features.get("repeats")
        return min(learned, GUESS) if guessed else learned


@cache
def models(kind: Kind) -> Mapping[str, Model]:
    """The models of all fields: set by hand, or learned where a field was learned."""
    rules = {name: Model(weights) for name, weights in read_table("weights.toml").items()}
    if kind == "rules":
        return rules
    table, given = read_table("learned.toml"), levels().given
    return rules | {
        name: _learned(entry, rules[name], given.get(name, SILENCE))
        for name, entry in table.items()
    }


def _learned(entry: Mapping[str, Any], rules: Model, silence: float) -> Model:
    trust = Trust(entry["trust"], tuple(entry["seen"]), tuple(entry["right"]))
    # A feature newer than the learning keeps the weight that a person gave it.
    return Model({**rules.weights, **entry["choice"]}, trust, silence)


# ── choosing ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Choice(Generic[T]):
    """The best candidate of each value with its chance, likeliest first."""

    ordered: tuple[tuple[Candidate[T], float], ...]
    none: float
    """The chance that none of them is right."""

    @property
    def winner(self) -> Candidate[T] | None:
        """The candidate that is likelier than all others and than none."""
        if not self.ordered or self.ordered[0][1] < self.none:
            return None
        return self.ordered[0][0]


def choose(candidates: Sequence[Candidate[T]], weights: Weights) -> Choice[T]:
    """The chances of all values and of "none of them"."""
    best = best_of_each_value(candidates, weights)
    scores = [score(candidate.features, weights) for candidate in best]
    none, *chances = _softmax([weights[NONE], *scores])
    ordered = sorted(zip(best, chances, strict=True), key=lambda each: -each[1])
    return Choice(tuple(ordered), none)


def score(features: Mapping[str, float], weights: Weights) -> float:
    """The weighted sum of features, in nats; a feature without a weight is a mistake."""
    return sum(weights[name] * value for name, value in features.items())


def best_of_each_value(candidates: Sequence[Candidate[T]], weights: Weights) -> list[Candidate[T]]:
    """Of the places that print one value, the one that most speaks for."""
    best: dict[T, Candidate[T]] = {}
    for candidate in candidates:
        known = best.get(candidate.value)
        if known is None or _strength(candidate, weights) > _strength(known, weights):
            best[candidate.value] = candidate
    return list(best.values())


def _strength(candidate: Candidate[T], weights: Weights) -> tuple[float, bool, float]:
    told = round(score(candidate.features, weights) / AS_TELLING)
    return told, candidate.agreed, candidate.evidence.confidence


def _softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    return [power / sum(powers) for power in powers]


def _rival(candidate: Candidate[T], chance: float) -> Rival[T]:
    return Rival(value=candidate.value, label=candidate.label, confidence=chance)


# ── trusting ─────────────────────────────────────────────────────────────────────────────────


def signals(winner: Candidate[T], chance: float, clear: float) -> dict[str, float]:
    """What is known of a chosen value, its features included."""
    return {
        **winner.features,
        "1": 1.0,
        "chance": log_odds(chance),
        "read": log_odds(winner.evidence.confidence),
        "weakest": log_odds(winner.evidence.weakest),
        "agreed": float(winner.agreed),
        "differed": float(winner.differed),
        "clear": log_odds(clear),
    }


def _interpolated(value: float, seen: Sequence[float], right: Sequence[float]) -> float:
    """A point on the line through the table's entries; flat beyond its ends."""
    if value <= seen[0]:
        return right[0]
    for index in range(1, len(seen)):
        if value <= seen[index]:
            share = (value - seen[index - 1]) / (seen[index] - seen[index - 1])
            return right[index - 1] + share * (right[index] - right[index - 1])
    return right[-1]


def _read_well(candidate: Candidate[T]) -> float:
    if candidate.agreed:
        return max(AGREED, candidate.evidence.confidence)
    return candidate.evidence.confidence
