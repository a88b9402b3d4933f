"""Pairs are what the labels say, and shares are counted at the thresholds that are named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.reuse import OPERATING, RELATIONS, Scored, figures, plot, tables
from benchmarks.reuse_images import Collection, Pair, collected, committed, unrelated
from samples.render.labels import SampleRelation
from samples.render.sheet import read_labels

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collection() -> Collection:
    return collected(read_labels(ROOT / "samples"), ROOT / "samples" / "images", [])


def test_copies_show_one_receipt_and_look_alikes_two(collection: Collection) -> None:
    for pair in collection.pairs:
        one, other = collection.images[pair.one], collection.images[pair.other]
        assert (one.receipt == other.receipt) == pair.is_duplicate
        assert (one.shop == other.shop) or pair.relation == "other_shop"


def test_every_relation_has_pairs(collection: Collection) -> None:
    relations = {pair.relation for pair in (*collection.pairs, *unrelated(collection, 50))}
    assert relations == set(RELATIONS)


def test_every_labelled_relation_is_a_pair(collection: Collection) -> None:
    labels = read_labels(ROOT / "samples")
    named = sum(len(label.relations) for label in labels)
    assert named == sum(pair.how != "one_shop" for pair in collection.pairs)
    assert {related.relation for label in labels for related in label.relations} == set(
        SampleRelation
    )


def test_unrelated_pairs_are_of_two_shops_and_always_the_same(collection: Collection) -> None:
    pairs = unrelated(collection, 300)
    assert len(set(pairs)) == 300
    assert all(
        collection.images[pair.one].shop != collection.images[pair.other].shop for pair in pairs
    )
    assert pairs == unrelated(collection, 300)


def test_a_first_look_takes_whole_pairs_of_the_test_split() -> None:
    some = committed(12)
    assert 6 <= len(some.images) <= 12
    assert len(some.pairs) >= 6


def _pairs(relation: str, count: int) -> list[Pair]:
    return [Pair(0, 1, relation, relation) for _ in range(count)]


@pytest.fixture
def measured() -> dict[str, object]:
    """Ten copies scored 5 to 14, a hundred unrelated 0 to 9, four of one shop 12."""
    pairs = [*_pairs("same_image", 10), *_pairs("unrelated", 100), *_pairs("same_shop", 4)]
    scores = np.array([*range(5, 15), *np.repeat(range(10), 10), *([12] * 4)], float)
    return figures(Scored(scores, 0.01, 1e-6), pairs, published=10)


def test_the_published_threshold_itself_counts_as_alike(measured) -> None:
    at = measured["at"]["published"]
    assert at["relations"]["same_image"]["hits"] == 5  # 10 to 14
    assert at["relations"]["same_shop"]["hits"] == 4


def test_recall_is_taken_where_false_alarms_are_as_rare_as_asked(measured) -> None:
    at = measured["at"]["0.01"]
    assert at["relations"]["unrelated"]["hits"] <= 1
    assert at["relations"]["same_image"]["hits"] == 5  # above 9
    assert measured["at"]["one_shop"]["relations"]["same_image"]["hits"] == 2  # above 12


def test_recall_comes_with_its_interval(measured) -> None:
    share = measured["at"]["0.01"]["relations"]["same_image"]
    assert share["of"] == 10
    assert share["interval"] == pytest.approx([0.18709, 0.81291], abs=1e-4)


def test_figures_become_tables_and_a_plot(measured, tmp_path: Path) -> None:
    data = json.loads(json.dumps({"methods": {"ours": measured, "phash": measured}}))
    made = tables(data)
    assert [table.title for table in made][: len(OPERATING)] == list(OPERATING.values())
    assert "50% (19–81)" in made[0].rows[0]
    plot(data, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000
