"""Shares and thresholds say what statistics books say."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.proportions import Share, found, percent, threshold_at

scores = st.lists(st.integers(0, 20), min_size=1, max_size=200).map(
    lambda values: np.array(values, dtype=float)
)


# From R: binom.test(x, n)$conf.int
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (8, 10, 0.4439, 0.9748),
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (0, 10_000, 0.0, 0.000369),
    ],
)
def test_intervals_are_those_of_clopper_and_pearson(
    hits: int, of: int, low: float, high: float
) -> None:
    assert Share(hits, of).interval() == pytest.approx((low, high), abs=1e-4)


def test_of_nothing_there_is_no_share() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert percent(Share(0, 0)) == "–"


def test_a_share_of_thousands_is_shown_to_a_hundredth() -> None:
    assert percent(Share(8, 10)) == "80% (44–97)"
    assert percent(Share(1, 10_000)) == "0.01% (0.00–0.06)"


@given(scores, st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]))
def test_no_more_false_alarms_than_allowed(negatives: np.ndarray, rate: float) -> None:
    alarms = found(negatives, threshold_at(negatives, rate))
    assert alarms.hits <= rate * len(negatives) + 1e-9


@given(scores, st.sampled_from([0.0, 0.01, 0.1, 0.5]))
def test_no_lower_score_would_do_as_a_threshold(negatives: np.ndarray, rate: float) -> None:
    threshold = threshold_at(negatives, rate)
    lower = negatives[negatives < threshold]
    if lower.size:
        assert found(negatives, float(lower.max())).hits > rate * len(negatives)


def test_where_every_false_alarm_is_allowed_everything_is_found() -> None:
    negatives = np.array([1.0, 2.0])
    assert threshold_at(negatives, 1.0) == -inf
    assert found(np.array([0.0]), -inf).value == 1.0
