"""Candidates → the best one, with a probability, its rivals, or honest silence.

Each field's module proposes candidates with features and decides nothing. Here the features
are weighed (`weights.toml`), the values compete with each other and with "none of them",
and the winner's probability is lowered by how well its characters were read.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

from receipt_screen.fields.rows import Evidence, digits_of
from receipt_screen.records import Found, Rival

T = TypeVar("T")

NONE = "none"
"""The weight of "none of the candidates"."""
SILENCE = 0.25
"""Below this probability of being right a value isn't given: silence beats a guess."""
MAX_RIVALS = 5
AGREED = 0.995
"""How well characters are taken to be read when two independent readers see the same."""


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """A value a field might have, where it stands, and what speaks for it."""

    value: T
    evidence: Evidence
    label: str | None = None
    features: Mapping[str, float] = field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        """Whether two independent readers saw the digits of the value."""
        digits = digits_of(self.evidence.text)
        return bool(digits) and self.evidence.agreed(digits)


Weights = Mapping[str, float]


@cache
def weights_of(name: str) -> Weights:
    """The weights of one field's features, by feature."""
    source = files("receipt_screen.fields") / "weights.toml"
    weights: dict[str, Weights] = tomllib.loads(source.read_text(encoding="utf-8"))
    return weights[name]


def score(features: Mapping[str, float], weights: Weights) -> float:
    """The weighted sum of features, in nats; a feature without a weight is a mistake."""
    return sum(weights[name] * value for name, value in features.items())


def rank(candidates: Sequence[Candidate[T]], name: str, why: str) -> Found[T]:
    """The likeliest value of the field `name`, or none with `why`."""
    weights = weights_of(name)
    best = _best_of_each_value(candidates, weights)
    scores = [score(candidate.features, weights) for candidate in best]
    chances = _softmax([weights[NONE], *scores])
    order = sorted(range(len(best)), key=lambda index: -chances[index + 1])
    rivals = [_rival(best[index], chances[index + 1]) for index in order]
    if not order or chances[order[0] + 1] < chances[0]:
        return Found(confidence=chances[0], why=why, rivals=tuple(rivals[:MAX_RIVALS]))
    winner = best[order[0]]
    confidence = chances[order[0] + 1] * _read_well(winner)
    if confidence < SILENCE:
        return Found(
            confidence=1 - confidence, why=f"{why} surely enough", rivals=tuple(rivals[:MAX_RIVALS])
        )
    return Found(
        value=winner.value,
        text=winner.evidence.text,
        label=winner.label,
        confidence=confidence,
        quad=winner.evidence.quad,
        rivals=tuple(rivals[1 : MAX_RIVALS + 1]),
        agreed=winner.agreed,
    )


def _best_of_each_value(candidates: Sequence[Candidate[T]], weights: Weights) -> list[Candidate[T]]:
    best: dict[T, Candidate[T]] = {}
    for candidate in candidates:
        known = best.get(candidate.value)
        if known is None or _strength(candidate, weights) > _strength(known, weights):
            best[candidate.value] = candidate
    return list(best.values())


def _strength(candidate: Candidate[T], weights: Weights) -> tuple[float, bool, float]:
    return score(candidate.features, weights), candidate.agreed, candidate.evidence.confidence


def _softmax(scores: list[float]) -> list[float]:
    top = max(scores)
    powers = [math.exp(value - top) for value in scores]
    return [power / sum(powers) for power in powers]


def _rival(candidate: Candidate[T], chance: float) -> Rival[T]:
    return Rival(value=candidate.value, label=candidate.label, confidence=chance)


def _read_well(candidate: Candidate[T]) -> float:
    if candidate.agreed:
        return max(AGREED, candidate.evidence.confidence)
    return candidate.evidence.confidence
