"""Shares with their intervals, and recall at a rate of false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Share:
    """So many of so many, with the Clopper–Pearson interval."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.hits / self.of if self.of else None

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """The exact interval of a binomial share (Clopper and Pearson, 1934)."""
        tail = (1 - confidence) / 2
        low = beta.ppf(tail, self.hits, self.of - self.hits + 1) if self.hits else 0.0
        high = beta.ppf(1 - tail, self.hits + 1, self.of - self.hits) if self.hits < self.of else 1
        return float(low), float(high)

    def as_json(self) -> dict[str, float | int | list[float]]:
        """`hits`, `of` and the 95 % interval."""
        return {
            "hits": self.hits,
            "of": self.of,
            "interval": [round(x, 5) for x in self.interval()],
        }


def threshold_at(negatives: Scores, rate: float) -> float:
    """The lowest score above which at most this share of the negatives lies.

    A pair counts as found where its score is greater than the threshold. -inf where every
    negative may be found.
    """
    allowed = int(rate * len(negatives) + 1e-9)
    if allowed >= len(negatives):
        return -inf
    return float(np.sort(negatives)[::-1][allowed])


def found(scores: Scores, threshold: float) -> Share:
    """How many scores lie above a threshold."""
    return Share(int(np.count_nonzero(scores > threshold)), len(scores))


def percent(share: Share) -> str:
    """`87% (77–94)`, of thousands to a hundredth, or a dash of nothing."""
    if share.value is None:
        return "–"
    low, high = share.interval()
    digits = 2 if share.of >= 1000 else 0
    return f"{share.value:.{digits}%} ({100 * low:.{digits}f}–{100 * high:.{digits}f})"


def median(values: Sequence[float]) -> float:
    """The median; not-a-number of nothing."""
    return float(np.median(values)) if len(values) else float("nan")
