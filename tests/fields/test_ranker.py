"""Choosing among candidates, and how far a choice is trusted."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.fields import find_fields
from receipt_screen.fields.document import kind_weights
from receipt_screen.fields.ranker import (
    NONE,
    Candidate,
    Kind,
    Model,
    Ranking,
    Trust,
    choose,
    models,
    signals,
)
from receipt_screen.fields.rows import Evidence
from receipt_screen.geometry import Box, Quad
from tests.pages import page_of

KINDS: tuple[Kind, ...] = ("rules", "learned")
PLACE = Quad.from_box(Box(0, 0, 90, 20))
LEARNED = [name for name, model in models("learned").items() if model.trust is not None]
SPEAKS_FOR = ("chance", "read", "weakest", "agreed", "clear")
"""Signals of which more never makes a value less trusted."""


def candidate(value: int, *, read: float = 0.99, **features: float) -> Candidate[int]:
    evidence = Evidence(
        f"{value:,}", PLACE, confidence=read, weakest=read, readings=(f"{value:,}",)
    )
    return Candidate(value, evidence, None, features)


def test_the_fields_that_decide_are_learned() -> None:
    assert {"amount", "date", "merchant", "business_number", "approval_number"} <= set(LEARNED)


@pytest.mark.parametrize("name", LEARNED)
def test_learning_knows_the_features_a_person_named_and_keeps_their_signs(name: str) -> None:
    ruled, learned = (models(kind)[name].weights for kind in KINDS)
    assert set(ruled) == set(learned)
    assert all(ruled[feature] * weight >= 0 for feature, weight in learned.items())


@pytest.mark.parametrize("name", LEARNED)
def test_what_was_read_better_is_never_trusted_less(name: str) -> None:
    trust = models("learned")[name].trust
    assert trust is not None
    assert all(trust.weights.get(signal, 0.0) >= 0 for signal in SPEAKS_FOR)
    assert trust.weights.get("differed", 0.0) <= 0
    for table in (trust.seen, trust.right):
        assert all(low <= high for low, high in itertools.pairwise(table))
    assert 0 <= trust.right[0] <= trust.right[-1] < 1


@pytest.mark.parametrize("kind", KINDS)
def test_either_ranking_reads_a_plain_receipt(kind: Kind) -> None:
    page = page_of(
        "전주콩나물국밥\n거래일시  2025-01-20 12:10\n승인금액  100,000원\n승인번호  00652378\n"
    )
    fields = find_fields(page, by=kind)
    assert (fields.amount.value, fields.approval_number.value) == (100_000, "00652378")


def test_one_reader_alone_is_neither_agreement_nor_contradiction() -> None:
    alone = candidate(9000)
    said = Evidence("9,000", PLACE, confidence=0.99, weakest=0.99, readings=("9,000", "9,008"))
    assert not alone.agreed
    assert not alone.differed
    assert Candidate(9000, said, None, {}).differed


def test_without_candidates_there_is_no_value_and_a_reason() -> None:
    found = Ranking({"amount": Model({NONE: 0.5})}).rank([], "amount", "nothing was read")
    assert (found.value, found.why, found.rivals) == (None, "nothing was read", ())


def test_a_value_likelier_wrong_than_right_is_left_to_the_rivals() -> None:
    trust = Trust({"1": -2.0}, (0.0, 1.0), (0.0, 1.0))
    model = Model({NONE: 0.0, "charged": 4.0}, trust, silence=0.4)
    found = Ranking({"amount": model}).rank([candidate(9000, charged=1.0)], "amount", "unsure")
    assert found.value is None
    assert [rival.value for rival in found.rivals] == [9000]


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(-9, 9)), max_size=12))
def test_the_chances_of_all_values_and_none_are_one(drawn: list[tuple[int, float]]) -> None:
    weights = {NONE: 0.5, "charged": 1.0}
    choice = choose([candidate(value, charged=weight) for value, weight in drawn], weights)
    assert sum(chance for _, chance in choice.ordered) + choice.none == pytest.approx(1)
    assert len({each.value for each, _ in choice.ordered}) == len(choice.ordered)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_reading_never_lowers_the_confidence(one: float, other: float) -> None:
    trust = models("learned")["amount"].trust
    assert trust is not None
    low, high = sorted((one, other))
    worse, better = (
        trust.of(signals(candidate(9000, read=read, charged=1.0), 0.9, 0.9)) for read in (low, high)
    )
    assert worse <= better


def test_a_word_speaks_for_no_kind_that_a_person_did_not_name() -> None:
    ruled, learned = (kind_weights(kind) for kind in KINDS)
    for kind, words in learned.items():
        assert all(weight <= 0 or ruled.get(kind, {}).get(w, 0) > 0 for w, weight in words.items())


@pytest.mark.parametrize(("worse", "better"), [(0.7, 0.99), (0.99, 0.7)])
def test_of_places_that_tell_as_much_the_one_read_better_counts(
    worse: float, better: float
) -> None:
    places = [candidate(100, read=worse, a=1.0, b=1.0), candidate(100, read=better, a=1.0)]
    choice = choose(places, {NONE: 0.0, "a": 3.9, "b": 0.1})
    assert choice.winner is not None
    assert choice.winner.evidence.confidence == max(worse, better)
