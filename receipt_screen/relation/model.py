"""The learned weights: features → the probability that two receipts show one purchase."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from math import exp

Weights = Mapping[str, float]

PRINTS, PICTURES = "prints", "pictures"
"""Names of the two sets of weights: without and with the pictures at hand."""


@cache
def weights_of(name: str) -> Weights:
    """The weights of a set by feature, and its `bias`; `models/relation.md` says how they came."""
    source = files("receipt_screen.relation") / "weights.toml"
    sets: dict[str, Weights] = tomllib.loads(source.read_text(encoding="utf-8"))
    return sets[name]


def probability_of(features: Mapping[str, float]) -> float:
    """That two receipts with these features show one purchase, altered or not."""
    weights = weights_of(PICTURES if "pictures laid" in features else PRINTS)
    score = weights["bias"] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + exp(-max(-500.0, min(500.0, score))))
