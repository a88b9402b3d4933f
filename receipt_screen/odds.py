"""Probabilities as log-odds, in which what is known for and against something adds up."""

from __future__ import annotations

import math

FARTHEST = 7.0
"""Log-odds are cut off here: beyond it lie a thousand to one."""


def log_odds(probability: float) -> float:
    """The logarithm of the odds, within ±`FARTHEST`."""
    inside = min(max(probability, probability_of(-FARTHEST)), probability_of(FARTHEST))
    return math.log(inside / (1 - inside))


def probability_of(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-odds))
