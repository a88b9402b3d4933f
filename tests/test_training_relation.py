"""Learning how much likenesses say: what is learned tells apart, and is read back as it was."""

from __future__ import annotations

import tomllib
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from models.training.relation.learn import learn, weights_toml
from models.training.relation.measure import recall_at
from models.training.relation.pairs import Pair
from receipt_screen.records import KeyKind
from receipt_screen.relation import Comparison, RelationSettings, Seen, Traits
from receipt_screen.relation.features import features
from receipt_screen.relation.model import PICTURES, PRINTS, weights_of


def pair(number: int) -> Pair:
    """Every other one is of one purchase."""
    made = SimpleNamespace(
        earlier=SimpleNamespace(shop=f"shop {number % 10}"), same=number % 2 == 0,
        hard=number % 2 == 1,
    )  # fmt: skip
    return cast("Pair", made)


CHANCE = np.random.default_rng(1)
PAIRS = [pair(number) for number in range(100)]
FEATURES: list[dict[str, float]] = [
    {"shared": each.same + CHANCE.normal(0, 0.2), "noise": CHANCE.normal()} for each in PAIRS
]


def test_what_is_learned_tells_pairs_apart_also_of_shops_left_out() -> None:
    learned = learn("prints", PAIRS, FEATURES)

    assert learned.weights["shared"] > abs(learned.weights["noise"])
    for chances in (learned.folded, learned.boosted, learned.chances(FEATURES)):
        found, _ = recall_at(chances, PAIRS, 0.1)
        assert found.hits >= 45


def test_weights_are_read_back_as_they_were_written() -> None:
    learned = learn("prints", PAIRS, FEATURES)

    assert tomllib.loads(weights_toml([learned]))["prints"] == learned.weights


@pytest.mark.parametrize(("name", "seen"), [(PRINTS, None), (PICTURES, Seen())])
def test_the_weights_in_use_are_of_the_features_there_are(name: str, seen: Seen | None) -> None:
    nothing: Any = Traits(1, "file", "pixels")
    facts = Comparison(nothing, nothing, RelationSettings())

    assert set(weights_of(name)) == {"bias", *features(facts, seen)}
    assert KeyKind.BARCODE in {feature.partition(" ")[0] for feature in weights_of(name)}
