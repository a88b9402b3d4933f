"""Earlier pictures that share little with a new one are looked at where they read as it does."""

from __future__ import annotations

import numpy as np
import pytest

from receipt_screen.compare import Lookalikes, VisualWords
from receipt_screen.compare.words import FEW_INLIERS, LEAST_INLIERS
from tests.compare.test_compare import NEIGHBOUR, SLIP, side
from tests.compare.test_words import scattered

SHARED = (FEW_INLIERS + LEAST_INLIERS) // 2


def sharing(words: VisualWords, count: int, chance: np.random.Generator) -> VisualWords:
    """Another picture with so many of the words, a little aside."""
    other = scattered(chance)
    other.words[:count] = words.words[:count]
    other.points[:count] = words.points[:count] + 20
    return other


@pytest.mark.parametrize(("earlier", "alike"), [(SLIP, ["a"]), (NEIGHBOUR, [])])
def test_a_few_words_in_common_are_enough_for_what_reads_nearly_the_same(
    earlier: tuple[str, ...], alike: list[str]
) -> None:
    chance, lookalikes = np.random.default_rng(3), Lookalikes()
    words = scattered(chance)
    lookalikes.add("a", sharing(words, SHARED, chance), side(earlier).findings)

    assert lookalikes.of(words, side(SLIP).findings, 5) == alike


def test_many_words_in_common_are_enough_whatever_was_read() -> None:
    chance, lookalikes = np.random.default_rng(3), Lookalikes()
    words = scattered(chance)
    lookalikes.add("a", sharing(words, 3 * LEAST_INLIERS, chance), side(NEIGHBOUR).findings)

    assert lookalikes.of(words, side(SLIP).findings, 5) == ["a"]
